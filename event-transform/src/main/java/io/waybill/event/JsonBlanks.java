package io.waybill.event;

/** Takes the blanks between the tokens of a JSON text away, in one pass and without a look at what else is wrong with it. */
final class JsonBlanks {

    private static final int ODD = JsonScanner.ODD;

    private JsonBlanks() {}

    /**
     * Writes the text that starts here to the start of an array, without its blanks and up to the tab after it.
     *
     * <p>What is written is valid JSON only if the text is: blanks that keep two numbers or literals apart are not taken
     * away, but {@link JsonScanner#ODD} is the answer, and so it is where the line ends first.
     *
     * @param compact with room for the text and for eight bytes more
     * @return the place of the tab in the line
     */
    static int strip(byte[] line, int from, byte[] compact) {
        int at = from;
        int to = 0;
        while (true) {
            byte b = line[at];
            if (b == '"') {
                int end = string(line, at, compact, to);
                if (end == ODD) {
                    return ODD;
                }
                to += end - at;
                at = end;
            } else if (b > ' ') {
                compact[to++] = b;
                at++;
            } else if (b == ' ' || b == '\r') {
                at = afterBlanks(line, at);
                if (to > 0 && isOfLiteral(compact[to - 1]) && isOfLiteral(line[at])) {
                    return ODD;
                }
            } else {
                compact[to] = '\t';
                return b == '\t' ? at : ODD;
            }
        }
    }

    private static int afterBlanks(byte[] line, int from) {
        int at = from;
        while (line[at] == ' ' || line[at] == '\r') {
            at++;
        }
        return at;
    }

    private static boolean isOfLiteral(byte b) {
        int letter = b | 0x20;
        return Ascii.isDigit(b) || (letter >= 'a' && letter <= 'z') || b == '.' || b == '-' || b == '+';
    }

    /** Copies a string with its quotes, and answers its end in the line. */
    private static int string(byte[] line, int from, byte[] compact, int target) {
        compact[target] = '"';
        int at = from + 1;
        int to = target + 1;
        while (true) {
            long word = Swar.load(line, at);
            Swar.store(compact, to, word);
            long special = Swar.special(word) & ~word;
            if (special == 0) {
                at += Long.BYTES;
                to += Long.BYTES;
                continue;
            }
            int plain = Swar.first(special);
            at += plain;
            to += plain;
            byte b = line[at];
            if (b == '"') {
                return at + 1;
            }
            // what stands after a backslash is part of the string, or the line's end
            if (b != '\\' || line[at + 1] < ' ') {
                return ODD;
            }
            compact[to + 1] = line[at + 1];
            at += 2;
            to += 2;
        }
    }
}
