package io.waybill.benchmarks;

import java.time.YearMonth;

/** The check of a timestamp, for peers that do not want to make objects of it. */
final class Timestamps {

    private static final int SECONDS_END = 19;
    private static final int[] MONTHS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private Timestamps() {}

    /** Refuses what is no real date and time of the form {@code yyyy-MM-dd HH:mm:ss[.fraction]}, also with a T. */
    static void check(byte[] text, int length) {
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        boolean separated = text[4] == '-'
                && text[7] == '-'
                && (text[10] == ' ' || text[10] == 'T')
                && text[13] == ':'
                && text[16] == ':';
        boolean real = year <= 9999
                && month >= 1
                && month <= 12
                && day >= 1
                && (day <= MONTHS[month - 1]
                        || (month == 2 && day == 29 && YearMonth.of(year, 2).isLeapYear()))
                && digits(text, 11, 13) < 24
                && digits(text, 14, 16) < 60
                && digits(text, 17, SECONDS_END) < 60;
        if (!separated || !real || !isFraction(text, length)) {
            throw new IllegalArgumentException("timestamp is none that exists");
        }
    }

    private static boolean isFraction(byte[] text, int length) {
        if (length == SECONDS_END) {
            return true;
        }
        boolean good = text[SECONDS_END] == '.' && length > SECONDS_END + 1 && length <= SECONDS_END + 10;
        for (int i = SECONDS_END + 1; good && i < length; i++) {
            good = text[i] >= '0' && text[i] <= '9';
        }
        return good;
    }

    /** The value of the digits; a number that is too large for any part of a date where one is none. */
    private static int digits(byte[] text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return Integer.MAX_VALUE;
            }
            value = 10 * value + digit;
        }
        return value;
    }
}
