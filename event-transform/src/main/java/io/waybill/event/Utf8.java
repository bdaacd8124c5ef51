package io.waybill.event;

import java.nio.charset.StandardCharsets;

/** Well-formed UTF-8 (Unicode, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {

    private static final int LONGEST_SEQUENCE = 4;

    private Utf8() {}

    /** The length of the well-formed sequence that starts at a byte above 0x7F, or 0 where there is none. */
    static int sequence(byte[] source, int at, int to) {
        int lead = source[at] & 0xFF;
        if (lead < 0xC2 || lead > 0xF4) {
            return 0;
        }
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (to - at < length) {
            return 0;
        }
        int second = source[at + 1] & 0xFF;
        int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int i = at + 2; i < at + length; i++) {
            if (source[i] >= (byte) 0xC0) {
                return 0;
            }
        }
        return length;
    }

    /** Where the first malformed sequence starts, or -1. */
    static int malformedAt(byte[] source, int from, int to) {
        int at = from;
        while (at < to) {
            int sequence = source[at] >= 0 ? 1 : sequence(source, at, to);
            if (sequence == 0) {
                return at;
            }
            at += sequence;
        }
        return -1;
    }

    /** The number of code points of well-formed bytes. */
    static int codePoints(byte[] source, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            // all but the continuation bytes
            count += source[i] >= (byte) 0xC0 ? 1 : 0;
        }
        return count;
    }

    /** At most that many code points from the start of the bytes, malformed ones as U+FFFD. */
    static String clip(byte[] source, int from, int to, int codePoints) {
        int bytes = (int) Math.min(to - from, (long) codePoints * LONGEST_SEQUENCE);
        return clip(new String(source, from, bytes, StandardCharsets.UTF_8), codePoints);
    }

    /** At most that many code points from the start of the text. */
    static String clip(String text, int codePoints) {
        return text.length() <= codePoints || text.codePointCount(0, text.length()) <= codePoints
                ? text
                : text.substring(0, text.offsetByCodePoints(0, codePoints));
    }

    /**
     * The text in UTF-8. An unpaired surrogate becomes three bytes that are not well-formed, so that it is found as the
     * error it is; {@link String#getBytes(java.nio.charset.Charset)} would make a question mark of it.
     */
    static byte[] encode(String text) {
        return hasUnpairedSurrogate(text) ? encodeSurrogates(text) : text.getBytes(StandardCharsets.UTF_8);
    }

    /** The text with U+FFFD for every unpaired surrogate. */
    static String replaceUnpaired(String text) {
        if (!hasUnpairedSurrogate(text)) {
            return text;
        }
        StringBuilder replaced = new StringBuilder(text.length());
        text.codePoints().map(c -> isSurrogate(c) ? 0xFFFD : c).forEach(replaced::appendCodePoint);
        return replaced.toString();
    }

    private static boolean hasUnpairedSurrogate(String text) {
        int at = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            if (isSurrogate(codePoint)) {
                return true;
            }
            at += Character.charCount(codePoint);
        }
        return false;
    }

    private static byte[] encodeSurrogates(String text) {
        Output out = new Output(text.length() + LONGEST_SEQUENCE);
        text.codePoints().forEach(codePoint -> {
            if (isSurrogate(codePoint)) {
                out.append((char) (0xE0 | (codePoint >> 12)));
                out.append((char) (0x80 | ((codePoint >> 6) & 0x3F)));
                out.append((char) (0x80 | (codePoint & 0x3F)));
            } else {
                out.append(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
            }
        });
        return out.toByteArray();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
