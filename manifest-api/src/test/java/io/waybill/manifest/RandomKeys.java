package io.waybill.manifest;

import java.util.Random;
import java.util.stream.Collectors;

/** Random texts of few different characters, chosen where the orders of UTF-8, UTF-16 and code points could part. */
final class RandomKeys {

    private static final int[] CHARACTERS = {
        ' ', '/', '0', 'A', 'a', 'b', '~', 0xA0, 0xDF, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFF5E, 0xFFFF, 0x10000, 0x1F69A,
        0x10FFFF
    };

    private final Random random;

    RandomKeys(long seed) {
        this.random = new Random(seed);
    }

    /** A text of at most so many characters, also none. */
    String next(int most) {
        return random.ints(random.nextInt(most + 1), 0, CHARACTERS.length)
                .mapToObj(i -> Character.toString(CHARACTERS[i]))
                .collect(Collectors.joining());
    }

    /** A text that can be a run's id. */
    RunId nextId(int most) {
        return new RunId("a" + next(most));
    }

    boolean toss() {
        return random.nextBoolean();
    }
}
