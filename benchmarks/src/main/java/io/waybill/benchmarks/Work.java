package io.waybill.benchmarks;

import java.io.IOException;

/** What one candidate does with its data. For one thread; buffers may be kept from call to call. */
@FunctionalInterface
interface Work {

    /**
     * Goes over all lines.
     *
     * @param sink takes all output
     * @return how often it went over them
     */
    int run(Sink sink) throws IOException;
}
