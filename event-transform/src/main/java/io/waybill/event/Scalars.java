package io.waybill.event;

import java.nio.charset.StandardCharsets;

/**
 * Integers, numbers, booleans, timestamps and UUIDs: checked, and written as JSON has them.
 *
 * <p>Each method answers false where the text is not what the column holds; some of it may then have been written.
 */
final class Scalars {

    private static final byte[] TRUE = Ascii.bytes("true");
    private static final byte[] FALSE = Ascii.bytes("false");

    /** {@code yyyy-MM-dd HH:mm:ss} */
    private static final int SECONDS_END = 19;

    private static final int MOST_FRACTION_DIGITS = 9;
    private static final int MOST_INT_DIGITS = 10;
    private static final int UUID_LENGTH = 36;

    private Scalars() {}

    /** Writes a 32-bit integer without plus sign and leading zeros, and minus zero as 0. */
    static boolean integer(byte[] line, int from, int to, Output out) {
        boolean negative = line[from] == '-';
        int digits = negative || line[from] == '+' ? from + 1 : from;
        if (digits == to) {
            return false;
        }
        int first = skipZeros(line, digits, to);
        if (to - first > MOST_INT_DIGITS) {
            return false;
        }
        long value = 0;
        for (int i = first; i < to; i++) {
            if (!Ascii.isDigit(line[i])) {
                return false;
            }
            value = value * 10 + (line[i] - '0');
        }
        if (value > (negative ? 1L + Integer.MAX_VALUE : Integer.MAX_VALUE)) {
            return false;
        }
        if (negative && value != 0) {
            out.append('-');
        }
        out.append(line, first, to);
        return true;
    }

    /** The first digit that counts: the last zero, should all be zeros. */
    private static int skipZeros(byte[] line, int from, int to) {
        int at = from;
        while (at < to - 1 && line[at] == '0') {
            at++;
        }
        return at;
    }

    /** Writes a number with its digits as they are; only what JSON forbids is dropped or added. */
    static boolean number(byte[] line, int from, int to, Output out) {
        int whole = line[from] == '-' || line[from] == '+' ? from + 1 : from;
        int wholeEnd = skipDigits(line, whole, to);
        boolean pointed = wholeEnd < to && line[wholeEnd] == '.';
        int fraction = pointed ? wholeEnd + 1 : wholeEnd;
        int fractionEnd = pointed ? skipDigits(line, fraction, to) : wholeEnd;
        boolean digits = whole < wholeEnd || fraction < fractionEnd;
        if (!digits || !isExponent(line, fractionEnd, to)) {
            return false;
        }
        if (line[from] == '-') {
            out.append('-');
        }
        if (whole == wholeEnd) {
            out.append('0');
        } else {
            out.append(line, skipZeros(line, whole, wholeEnd), wholeEnd);
        }
        if (fraction < fractionEnd) {
            out.append(line, wholeEnd, fractionEnd);
        }
        out.append(line, fractionEnd, to);
        return true;
    }

    /** Writes the text of a number as it is. */
    static boolean numberAsText(byte[] line, int from, int to, Output out) {
        int mark = out.length;
        boolean good = number(line, from, to, out);
        out.length = mark;
        if (good) {
            out.append(line, from, to);
        }
        return good;
    }

    /** Writes what {@link #number} takes for a number as the double that is nearest to it is printed. */
    static void reprintedDouble(byte[] line, int from, int to, Output out) {
        double value = Double.parseDouble(new String(line, from, to - from, StandardCharsets.US_ASCII));
        out.append(Ascii.bytes(Double.toString(value)));
    }

    private static int skipDigits(byte[] line, int from, int to) {
        int at = from;
        while (at < to && Ascii.isDigit(line[at])) {
            at++;
        }
        return at;
    }

    /** Whether the rest is nothing, or an exponent with digits. */
    private static boolean isExponent(byte[] line, int from, int to) {
        if (from == to) {
            return true;
        }
        if (line[from] != 'e' && line[from] != 'E') {
            return false;
        }
        int digits = from + 1;
        if (digits < to && (line[digits] == '-' || line[digits] == '+')) {
            digits++;
        }
        return digits < to && skipDigits(line, digits, to) == to;
    }

    /** Writes a UUID of 36 characters as it is. */
    static boolean uuid(byte[] line, int from, int to, Output out) {
        if (to - from != UUID_LENGTH) {
            return false;
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            byte b = line[from + i];
            boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
            if (hyphen ? b != '-' : Ascii.hex(b) < 0) {
                return false;
            }
        }
        out.append(line, from, to);
        return true;
    }

    /** Writes {@code 1} as true and {@code 0} as false. */
    static boolean bool(byte[] line, int from, int to, Output out) {
        if (to - from != 1 || (line[from] != '0' && line[from] != '1')) {
            return false;
        }
        out.append(line[from] == '1' ? TRUE : FALSE);
        return true;
    }

    /** Writes a date and time in UTC with {@code T} and {@code Z}, and the fraction of the second as it is. */
    static boolean timestamp(byte[] line, int from, int to, Output out) {
        int end = withoutZone(line, to);
        if (!isTimestamp(line, from, end)) {
            return false;
        }
        appendSeconds(line, from, out);
        out.append(line, from + SECONDS_END, end);
        out.append('Z');
        return true;
    }

    /** Writes the same with the digits that {@link java.time.Instant#toString()} has: none, three, six or nine. */
    static boolean instant(byte[] line, int from, int to, Output out) {
        int end = withoutZone(line, to);
        if (!isTimestamp(line, from, end)) {
            return false;
        }
        appendSeconds(line, from, out);
        int point = from + SECONDS_END;
        int digits = end - point - 1;
        while (digits > 0 && line[point + digits] == '0') {
            digits--;
        }
        if (digits > 0) {
            out.append(line, point, point + 1 + digits);
            for (int i = digits; i % 3 != 0; i++) {
                out.append('0');
            }
        }
        out.append('Z');
        return true;
    }

    private static int withoutZone(byte[] line, int to) {
        return line[to - 1] == 'Z' ? to - 1 : to;
    }

    private static boolean isTimestamp(byte[] line, int from, int end) {
        return end >= from + SECONDS_END
                && isDate(line, from)
                && (line[from + 10] == ' ' || line[from + 10] == 'T')
                && isTime(line, from + 11)
                && isFraction(line, from + SECONDS_END, end);
    }

    private static void appendSeconds(byte[] line, int from, Output out) {
        out.append(line, from, from + 10);
        out.append('T');
        out.append(line, from + 11, from + SECONDS_END);
    }

    /** Whether a date that exists starts here, as {@code yyyy-MM-dd}. */
    static boolean isDate(byte[] line, int at) {
        int year = digits(line, at, 4);
        int month = digits(line, at + 5, 2);
        int day = digits(line, at + 8, 2);
        return line[at + 4] == '-'
                && line[at + 7] == '-'
                && year >= 0
                && month >= 1
                && month <= 12
                && day >= 1
                && day <= lengthOfMonth(year, month);
    }

    private static int lengthOfMonth(int year, int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    private static boolean isTime(byte[] line, int at) {
        int hour = digits(line, at, 2);
        int minute = digits(line, at + 3, 2);
        int second = digits(line, at + 6, 2);
        return line[at + 2] == ':'
                && line[at + 5] == ':'
                && hour >= 0
                && hour < 24
                && minute >= 0
                && minute < 60
                && second >= 0
                && second < 60;
    }

    /** Whether the rest is nothing, or a point and one to nine digits. */
    private static boolean isFraction(byte[] line, int from, int to) {
        if (from == to) {
            return true;
        }
        int digits = to - from - 1;
        return line[from] == '.'
                && digits >= 1
                && digits <= MOST_FRACTION_DIGITS
                && skipDigits(line, from + 1, to) == to;
    }

    /** The value of that many digits, or -1 where one of them is none. */
    static int digits(byte[] line, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            if (!Ascii.isDigit(line[i])) {
                return -1;
            }
            value = value * 10 + (line[i] - '0');
        }
        return value;
    }
}
