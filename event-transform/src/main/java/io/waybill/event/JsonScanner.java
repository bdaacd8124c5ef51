package io.waybill.event;

/**
 * Finds the end of a JSON value and checks it on the way, in full, where it is of a common form: without blanks between
 * tokens and not nested too deep.
 *
 * <p>The text must be followed by a byte that is not part of it (a tab or a line feed) and by at least
 * {@link #SLACK} bytes of whatever. What is valid but uncommon is answered with {@link #ODD} too: a scanner never says that
 * a text is wrong.
 */
final class JsonScanner {

    static final int ODD = -1;

    /** How far beyond the text the loads may reach. */
    static final int SLACK = 64;

    /** The deepest nesting that a word of bits can follow. */
    static final int DEEPEST = 60;

    private static final int TRUE = (int) Swar.word("true");
    private static final int ALSE = (int) Swar.word("alse");
    private static final int NULL = (int) Swar.word("null");

    private final NameMemory memory;

    JsonScanner(NameMemory memory) {
        this.memory = memory;
    }

    /**
     * The end of the value that starts here.
     *
     * @param deepest the most brackets that may be open at once in it
     * @param root where the memory of names in values of this kind starts, or {@link NameMemory#UNKNOWN}
     */
    int value(byte[] json, int from, int deepest, int root) {
        int at = from;
        int depth = 0;
        int name = root;
        // bit 0: whether the innermost open bracket is that of an object
        long objects = 0;
        while (true) {
            if ((objects & 1) != 0) {
                int next = memory.next(json, at, name);
                if (next != NameMemory.UNKNOWN) {
                    name = next;
                    at += memory.length(next);
                } else {
                    at = name(json, at, name);
                    if (at == ODD) {
                        return ODD;
                    }
                    name = memory.last;
                }
            }
            byte b = json[at];
            if (b == '"') {
                at = string(json, at + 1);
            } else if (b == '{' || b == '[') {
                if (depth >= deepest) {
                    return ODD;
                }
                // in ASCII, two characters lie between the brackets of a pair
                if (json[at + 1] != b + 2) {
                    depth++;
                    objects = (objects << 1) | (b == '{' ? 1 : 0);
                    at++;
                    continue;
                }
                at += 2;
            } else {
                at = literal(json, at);
            }
            if (at == ODD) {
                return ODD;
            }
            while (depth > 0) {
                b = json[at++];
                if (b == ',') {
                    break;
                }
                if (b != ((objects & 1) != 0 ? '}' : ']')) {
                    return ODD;
                }
                objects >>>= 1;
                depth--;
            }
            if (depth == 0) {
                return at;
            }
        }
    }

    /** The start of the value after a name and its colon. */
    private int name(byte[] json, int from, int before) {
        int quote = json[from] == '"' ? string(json, from + 1) : ODD;
        if (quote == ODD || json[quote] != ':') {
            return ODD;
        }
        memory.learn(json, from, quote + 1, before);
        return quote + 1;
    }

    /** The end of the string whose opening quote is behind. */
    static int string(byte[] json, int from) {
        int at = from;
        while (true) {
            long special = Swar.special(Swar.load(json, at));
            if (special == 0) {
                at += Long.BYTES;
                continue;
            }
            at += Swar.first(special);
            byte b = json[at];
            if (b == '"') {
                return at + 1;
            }
            at = unusual(json, at, b);
            if (at == ODD) {
                return ODD;
            }
        }
    }

    /** The end of the escape or the characters beyond ASCII that start here. */
    private static int unusual(byte[] json, int from, byte b) {
        if (b == '\\') {
            return escape(json, from + 1);
        }
        int at = from;
        do {
            int length = Utf8.sequence(json, at, json.length);
            if (length == 0) {
                return ODD;
            }
            at += length;
        } while (json[at] < 0);
        return at;
    }

    private static int escape(byte[] json, int at) {
        return switch (json[at]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 1;
            case 'u' -> isHex(json, at + 1) ? at + 5 : ODD;
            default -> ODD;
        };
    }

    private static boolean isHex(byte[] json, int at) {
        return (Ascii.hex(json[at]) | Ascii.hex(json[at + 1]) | Ascii.hex(json[at + 2]) | Ascii.hex(json[at + 3])) >= 0;
    }

    /** The end of a number, {@code true}, {@code false} or {@code null}. */
    private static int literal(byte[] json, int from) {
        int word = Swar.loadInt(json, from);
        if (word == NULL || word == TRUE) {
            return from + 4;
        }
        byte b = json[from];
        if (b == 'f') {
            return Swar.loadInt(json, from + 1) == ALSE ? from + 5 : ODD;
        }
        int at = b == '-' ? from + 1 : from;
        int end = digits(json, at);
        if (end == at || (json[at] == '0' && end > at + 1)) {
            return ODD;
        }
        b = json[end];
        if (b == '.') {
            at = end + 1;
            end = digits(json, at);
            if (end == at) {
                return ODD;
            }
            b = json[end];
        }
        return (b | 0x20) == 'e' ? exponent(json, end + 1) : end;
    }

    private static int exponent(byte[] json, int from) {
        int at = json[from] == '-' || json[from] == '+' ? from + 1 : from;
        int end = digits(json, at);
        return end == at ? ODD : end;
    }

    private static int digits(byte[] json, int from) {
        int at = from;
        while (true) {
            long others = Swar.nonDigits(Swar.load(json, at));
            if (others != 0) {
                return at + Swar.first(others);
            }
            at += Long.BYTES;
        }
    }
}
