package io.waybill.event;

import io.waybill.event.BadRow.Code;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Checks one JSON text in full (RFC 8259, no leniency) and copies it without the blanks between its tokens.
 *
 * <p>One pass with an explicit stack of one bit per level, so no input can overflow the thread's stack.
 */
final class JsonCompactor {

    // what may come next; the order is that of WANTED
    private static final int VALUE = 0;
    private static final int VALUE_OR_CLOSE = 1;
    private static final int NAME = 2;
    private static final int NAME_OR_CLOSE = 3;
    private static final int COLON = 4;
    private static final int COMMA_OR_CLOSE = 5;
    private static final int END = 6;

    private static final String[] WANTED = {
        "a value",
        "a value or ']'",
        "a name in double quotes",
        "a name in double quotes or '}'",
        "':'",
        "',' or the closing bracket",
        "the end of the text"
    };

    private static final byte[] TRUE = Ascii.bytes("true");
    private static final byte[] FALSE = Ascii.bytes("false");
    private static final byte[] NULL = Ascii.bytes("null");

    /** Bit d says whether the bracket open at depth d is that of an object. */
    private long[] objects = new long[8];

    private int problemAt;
    private String wanted = "";

    /** Where in the source the text stops being right; only after a failure. */
    int problemAt() {
        return problemAt;
    }

    /** What should have stood there; only after a failure. */
    String wanted() {
        return wanted;
    }

    /** Appends the text of a column without its blanks, or answers why it cannot: not JSON, or nested too deep. */
    @Nullable
    Code compact(byte[] source, int from, int to, int maxDepth, Output out) {
        out.ensure(to - from);
        int copied = from;
        int at = from;
        int depth = 0;
        int next = VALUE;
        while (true) {
            int blanks = at;
            while (at < to && isBlank(source[at])) {
                at++;
            }
            if (at > blanks) {
                out.append(source, copied, blanks);
                copied = at;
            }
            if (at == to) {
                out.append(source, copied, to);
                return next == END ? null : fail(at, WANTED[next]);
            }
            byte b = source[at];
            switch (next) {
                case NAME, NAME_OR_CLOSE -> {
                    if (b == '"') {
                        at = string(source, at + 1, to);
                        next = COLON;
                    } else if (b == '}' && next == NAME_OR_CLOSE) {
                        at++;
                        next = --depth == 0 ? END : COMMA_OR_CLOSE;
                    } else {
                        return fail(at, WANTED[next]);
                    }
                }
                case COLON -> {
                    if (b != ':') {
                        return fail(at, WANTED[next]);
                    }
                    at++;
                    next = VALUE;
                }
                case COMMA_OR_CLOSE -> {
                    boolean object = isObject(depth);
                    if (b == ',') {
                        next = object ? NAME : VALUE;
                    } else if (b == (object ? '}' : ']')) {
                        next = --depth == 0 ? END : COMMA_OR_CLOSE;
                    } else {
                        return fail(at, object ? "',' or '}'" : "',' or ']'");
                    }
                    at++;
                }
                case VALUE, VALUE_OR_CLOSE -> {
                    if (b == '{' || b == '[') {
                        if (depth == maxDepth) {
                            problemAt = at;
                            return Code.NESTING_TOO_DEEP;
                        }
                        open(++depth, b == '{');
                        next = b == '{' ? NAME_OR_CLOSE : VALUE_OR_CLOSE;
                        at++;
                    } else if (b == ']' && next == VALUE_OR_CLOSE) {
                        at++;
                        next = --depth == 0 ? END : COMMA_OR_CLOSE;
                    } else {
                        at = scalar(source, at, to, next);
                        next = depth == 0 ? END : COMMA_OR_CLOSE;
                    }
                }
                default -> {
                    return fail(at, WANTED[next]);
                }
            }
            if (at < 0) {
                return Code.INVALID_JSON;
            }
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private boolean isObject(int depth) {
        return (objects[depth >> 6] & 1L << depth) != 0;
    }

    private void open(int depth, boolean object) {
        int word = depth >> 6;
        if (word == objects.length) {
            objects = Arrays.copyOf(objects, 2 * word);
        }
        if (object) {
            objects[word] |= 1L << depth;
        } else {
            objects[word] &= ~(1L << depth);
        }
    }

    /** The end of a string, number or literal, or -1 after a failure. */
    private int scalar(byte[] source, int at, int to, int next) {
        return switch (source[at]) {
            case '"' -> string(source, at + 1, to);
            case 't' -> literal(source, at, to, TRUE);
            case 'f' -> literal(source, at, to, FALSE);
            case 'n' -> literal(source, at, to, NULL);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(source, at, to);
            default -> stop(at, WANTED[next]);
        };
    }

    /** The end of a string whose opening quote is behind, or -1 after a failure. */
    private int string(byte[] source, int from, int to) {
        if (to + JsonScanner.SLACK <= source.length) {
            int end = JsonScanner.string(source, from);
            if (end != JsonScanner.ODD && end <= to) {
                return end;
            }
        }
        int at = from;
        while (at < to) {
            byte b = source[at];
            if (b == '"') {
                return at + 1;
            } else if (b == '\\') {
                at = escape(source, at + 1, to);
                if (at < 0) {
                    return at;
                }
            } else if (b >= ' ') {
                at++;
            } else {
                int sequence = b < 0 ? Utf8.sequence(source, at, to) : 0;
                if (sequence == 0) {
                    return stop(at, b < 0 ? "well-formed UTF-8" : "control characters to be escaped");
                }
                at += sequence;
            }
        }
        return stop(to, "'\"', the end of a string");
    }

    private int escape(byte[] source, int at, int to) {
        if (at == to) {
            return stop(at, "an escaped character");
        }
        return switch (source[at]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 1;
            case 'u' -> fourHexDigits(source, at + 1, to);
            default -> stop(at, "one of \" \\ / b f n r t u after a backslash");
        };
    }

    private int fourHexDigits(byte[] source, int from, int to) {
        for (int i = from; i < from + 4; i++) {
            if (i >= to || Ascii.hex(source[i]) < 0) {
                return stop(Math.min(i, to), "four hexadecimal digits after \\u");
            }
        }
        return from + 4;
    }

    private int literal(byte[] source, int at, int to, byte[] literal) {
        int end = at + literal.length;
        return end <= to && Arrays.equals(source, at, end, literal, 0, literal.length)
                ? end
                : stop(at, "true, false, null or another value");
    }

    private int number(byte[] source, int from, int to) {
        int at = source[from] == '-' ? from + 1 : from;
        at = at < to && source[at] == '0' ? at + 1 : digits(source, at, to);
        if (at >= 0 && at < to && source[at] == '.') {
            at = digits(source, at + 1, to);
        }
        if (at >= 0 && at < to && (source[at] == 'e' || source[at] == 'E')) {
            at++;
            if (at < to && (source[at] == '-' || source[at] == '+')) {
                at++;
            }
            at = digits(source, at, to);
        }
        return at;
    }

    private int digits(byte[] source, int from, int to) {
        int at = from;
        while (at < to && Ascii.isDigit(source[at])) {
            at++;
        }
        return at > from ? at : stop(at, "a digit");
    }

    private Code fail(int at, String what) {
        problemAt = at;
        wanted = what;
        return Code.INVALID_JSON;
    }

    private int stop(int at, String what) {
        fail(at, what);
        return -1;
    }
}
