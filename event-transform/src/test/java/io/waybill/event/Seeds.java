package io.waybill.event;

import java.util.Random;

/** Where random tests begin. */
final class Seeds {

    private Seeds() {}

    /** A new seed each time, or that of {@code -Dwaybill.seed=…}, to see a failure again. */
    static long next() {
        return Long.getLong("waybill.seed", new Random().nextLong());
    }
}
