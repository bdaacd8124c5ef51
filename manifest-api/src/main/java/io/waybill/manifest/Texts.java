package io.waybill.manifest;

/** Order and clipping of text by code points. */
final class Texts {

    private Texts() {}

    /** Compares as the UTF-8 bytes would: UTF-16 puts U+E000-U+FFFF behind the surrogate pairs, UTF-8 before them. */
    static int compareUtf8(String a, String b) {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return Integer.compare(rank(x), rank(y));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + 0x10000 : c;
    }

    /** At most {@code max} code points of the text, with an ellipsis where some were left out. */
    static String clip(String text, int max) {
        if (text.codePointCount(0, text.length()) <= max) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, max - 1)) + "…";
    }

    /** The text on one line and well formed: what a record's details may hold and a terminal may show. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                line.append(' ');
            } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                line.append('\uFFFD');
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }
}
