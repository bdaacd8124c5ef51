package io.waybill.event;

/** What strict mode asks of single columns. */
final class StrictRules {

    /** The most characters of each column, 0 for those that are no text, ten to a row; a test holds them to the format. */
    private static final int[] MAX_LENGTHS = {
        255, 255, 0, 0, 0, 128, 0, 0, 128, 100,
        100, 100, 255, 128, 128, 128, 0, 128, 2, 3,
        75, 15, 0, 0, 100, 100, 128, 128, 100, 10000,
        2000, 10000, 16, 255, 0, 3000, 6000, 3000, 16, 255,
        0, 6000, 6000, 3000, 25, 50, 255, 255, 255, 255,
        500, 255, 0, 1000, 1000, 4096, 1000, 0, 0, 255,
        255, 0, 0, 0, 255, 255, 255, 255, 255, 255,
        255, 0, 0, 0, 0, 0, 0, 1000, 50, 50,
        50, 50, 50, 255, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 12, 0, 0, 50, 50, 50,
        255, 50, 0, 0, 0, 128, 0, 0, 3, 0,
        0, 0, 3, 0, 3, 64, 1000, 64, 500, 0,
        128, 0, 0, 128, 0, 1000, 1000, 128, 128, 128,
        0
    };

    private StrictRules() {}

    /** The most code points a text may have; a UUID is measured by its form. */
    static int maxLength(Field field) {
        int length = MAX_LENGTHS[field.index()];
        return length == 0 ? Integer.MAX_VALUE : length;
    }

    /** Whether an event must have the column. */
    static boolean isRequired(Field field) {
        return field == Field.COLLECTOR_TSTAMP
                || field == Field.EVENT_ID
                || field == Field.V_COLLECTOR
                || field == Field.V_ETL;
    }
}
