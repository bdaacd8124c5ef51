package io.waybill.cli;

/** A number of things, in words for people. */
final class Count {

    private Count() {}

    /** {@code 1 run}, {@code 1,024 runs}. */
    static String of(long number, String thing) {
        return "%,d %s%s".formatted(number, thing, number == 1 ? "" : "s");
    }
}
