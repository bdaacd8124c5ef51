package io.waybill.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** RFC 8259 written down as directly as can be: a recursive parser over a text, for small texts. */
final class ReferenceJson {

    private static final Pattern STRING =
            Pattern.compile("\"(?:[^\"\\\\\\x00-\\x1F]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9A-Fa-f]{4})*+\"");
    private static final Pattern SCALAR =
            Pattern.compile(STRING + "|-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null");

    private final String text;
    private int at;

    private ReferenceJson(String text) {
        this.text = text;
    }

    static boolean isValid(String text) {
        ReferenceJson json = new ReferenceJson(text);
        return json.value() && json.at == text.length();
    }

    private boolean value() {
        blanks();
        boolean valid = take('[') ? list(']', false) : take('{') ? list('}', true) : match(SCALAR);
        blanks();
        return valid;
    }

    private boolean list(char close, boolean named) {
        blanks();
        if (take(close)) {
            return true;
        }
        do {
            blanks();
            if (named && !(match(STRING) && colon())) {
                return false;
            }
            if (!value()) {
                return false;
            }
        } while (take(','));
        return take(close);
    }

    private boolean colon() {
        blanks();
        return take(':');
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean take(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private boolean match(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        boolean there = matcher.lookingAt();
        at = there ? matcher.end() : at;
        return there;
    }
}
