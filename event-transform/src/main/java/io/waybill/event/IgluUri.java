package io.waybill.event;

import org.jspecify.annotations.Nullable;

/** An Iglu URI taken apart: {@code iglu:vendor/name/format/model-revision-addition}. */
final class IgluUri {

    private static final String PREFIX = "iglu:";
    private static final int NONE = -1;

    private final String text;

    // where the parts after the vendor start; the character before each is the mark between them
    private final int name;
    private final int format;
    private final int version;
    private final int revision;

    private IgluUri(String text, int name, int format, int version, int revision) {
        this.text = text;
        this.name = name;
        this.format = format;
        this.version = version;
        this.revision = revision;
    }

    /** The parts of a text; null where it is no Iglu URI. */
    static @Nullable IgluUri parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return null;
        }
        int name = after('/', text, endOfWord(text, PREFIX.length(), true));
        int format = after('/', text, endOfWord(text, name, false));
        int version = after('/', text, endOfWord(text, format, false));
        int revision = after('-', text, endOfNumber(text, version));
        int addition = after('-', text, endOfNumber(text, revision));
        boolean whole = endOfNumber(text, addition) == text.length();
        return whole && text.charAt(version) != '0' ? new IgluUri(text, name, format, version, revision) : null;
    }

    /** Where the part after this mark starts, if the mark is what stands there. */
    private static int after(char mark, String text, int at) {
        return at != NONE && at < text.length() && text.charAt(at) == mark ? at + 1 : NONE;
    }

    /** The end of one or more letters, digits and marks, if there are some. */
    private static int endOfWord(String text, int from, boolean dots) {
        int at = from;
        while (at != NONE && at < text.length() && isOfWord(text.charAt(at), dots)) {
            at++;
        }
        return at > from ? at : NONE;
    }

    private static boolean isOfWord(char c, boolean dots) {
        return (c >= 'a' && c <= 'z') || isUpper(c) || isDigit(c) || c == '_' || c == '-' || (dots && c == '.');
    }

    /** The end of a number of any size without leading zeros, if there is one. */
    private static int endOfNumber(String text, int from) {
        int at = from;
        while (at != NONE && at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        boolean number = at > from && (text.charAt(from) != '0' || at == from + 1);
        return number ? at : NONE;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    /** Where the version starts in the text: it is the rest of it. */
    int versionStart() {
        return version;
    }

    /** Vendor, name and model as they are written in keys: {@code com_acme_page_view_1}. */
    String keyName() {
        StringBuilder key = new StringBuilder(text.length());
        for (int i = PREFIX.length(); i < name - 1; i++) {
            char c = text.charAt(i);
            key.append(c == '.' || c == '-' ? '_' : lower(c));
        }
        key.append('_');
        char before = '_';
        for (int i = name; i < format - 1; i++) {
            char c = text.charAt(i) == '-' ? '_' : text.charAt(i);
            if (isUpper(c) && !isUpper(before) && before != '_') {
                key.append('_');
            }
            key.append(lower(c));
            before = c;
        }
        return key.append('_').append(text, version, revision - 1).toString();
    }

    private static char lower(char c) {
        return isUpper(c) ? (char) (c + ('a' - 'A')) : c;
    }
}
