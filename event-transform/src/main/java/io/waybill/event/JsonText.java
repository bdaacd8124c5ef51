package io.waybill.event;

import java.nio.charset.StandardCharsets;

/** Finding one's way in JSON that {@link JsonCompactor} has written: valid, and without blanks between tokens. */
final class JsonText {

    private JsonText() {}

    /** Where the quote is that closes the string which opens here. */
    static int closingQuote(byte[] json, int openingQuote) {
        int at = openingQuote + 1;
        while (json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return at;
    }

    /** The end of a value inside an object or array, whose bracket or comma follows it. */
    static int endOfValue(byte[] json, int from) {
        return switch (json[from]) {
            case '"' -> closingQuote(json, from) + 1;
            case '{', '[' -> endOfBrackets(json, from);
            default -> endOfLiteral(json, from);
        };
    }

    private static int endOfBrackets(byte[] json, int from) {
        int at = from;
        int depth = 0;
        do {
            switch (json[at]) {
                case '"' -> at = closingQuote(json, at);
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
            at++;
        } while (depth > 0);
        return at;
    }

    private static int endOfLiteral(byte[] json, int from) {
        int at = from;
        while (json[at] != ',' && json[at] != '}' && json[at] != ']') {
            at++;
        }
        return at;
    }

    /** Whether the object that starts here has a member of this ASCII name. */
    static boolean hasMember(byte[] name, byte[] json, int object) {
        int at = object;
        if (json[at + 1] == '}') {
            return false;
        }
        do {
            int quote = closingQuote(json, at + 1);
            if (decodesTo(name, json, at + 2, quote)) {
                return true;
            }
            at = endOfValue(json, quote + 2);
        } while (json[at] == ',');
        return false;
    }

    /** Whether the inside of a string is, once decoded, this ASCII text. */
    static boolean decodesTo(byte[] ascii, byte[] json, int from, int to) {
        int at = from;
        for (byte wanted : ascii) {
            if (at >= to) {
                return false;
            }
            int c = json[at++];
            if (c == '\\') {
                c = unescape(json, at);
                at += json[at] == 'u' ? 5 : 1;
            }
            if (c != wanted) {
                return false;
            }
        }
        return at == to;
    }

    /** The inside of a string, decoded. */
    static String decode(byte[] json, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        int copied = from;
        int at = from;
        while (at < to) {
            if (json[at] == '\\') {
                text.append(new String(json, copied, at - copied, StandardCharsets.UTF_8))
                        .append(unescape(json, at + 1));
                at += json[at + 1] == 'u' ? 6 : 2;
                copied = at;
            } else {
                at++;
            }
        }
        return text.append(new String(json, copied, to - copied, StandardCharsets.UTF_8))
                .toString();
    }

    /** Appends the inside of a string, decoded; false, with some of it appended, where there is more in it than ASCII. */
    static boolean unescape(byte[] json, int from, int to, Output out) {
        int at = from;
        while (at < to) {
            int c = json[at++];
            if (c == '\\') {
                c = unescape(json, at);
                at += json[at] == 'u' ? 5 : 1;
            }
            if (c < 0 || c > 0x7F) {
                return false;
            }
            out.append((char) c);
        }
        return true;
    }

    /** Whether there is a backslash in the inside of a string. */
    static boolean hasEscapes(byte[] json, int from, int to) {
        for (int at = from; at < to; at++) {
            if (json[at] == '\\') {
                return true;
            }
        }
        return false;
    }

    /** The character of the escape whose backslash stands before. */
    private static char unescape(byte[] json, int at) {
        return switch (json[at]) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' ->
                (char) (Ascii.hex(json[at + 1]) << 12
                        | Ascii.hex(json[at + 2]) << 8
                        | Ascii.hex(json[at + 3]) << 4
                        | Ascii.hex(json[at + 4]));
            default -> (char) json[at];
        };
    }
}
