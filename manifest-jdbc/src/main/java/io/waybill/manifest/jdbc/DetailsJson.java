package io.waybill.manifest.jdbc;

import java.util.Map;
import java.util.TreeMap;

/** A map of text as one JSON object of strings, the form of the column {@code details}. */
final class DetailsJson {

    private final String json;
    private int at;

    private DetailsJson(String json) {
        this.json = json;
    }

    static String write(Map<String, String> details) {
        StringBuilder json = new StringBuilder("{");
        details.forEach((key, value) -> {
            json.append(json.length() > 1 ? "," : "");
            quote(key, json);
            quote(value, json.append(':'));
        });
        return json.append('}').toString();
    }

    /**
     * Reads what {@link #write} wrote, also with blanks or other escapes in it.
     *
     * @throws IllegalArgumentException if it is no object of strings; says at which character
     */
    static Map<String, String> read(String json) {
        return new DetailsJson(json).object();
    }

    private static void quote(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    private Map<String, String> object() {
        Map<String, String> details = new TreeMap<>();
        expect('{');
        if (peek() != '}') {
            do {
                String key = string();
                expect(':');
                details.put(key, string());
            } while (accept(','));
        }
        expect('}');
        if (peek() != 0) {
            throw unexpected("the end");
        }
        return details;
    }

    private String string() {
        expect('"');
        StringBuilder text = new StringBuilder();
        while (at < json.length() && json.charAt(at) != '"') {
            char c = json.charAt(at++);
            if (c < ' ') {
                throw unexpected("no control character");
            }
            text.append(c == '\\' ? escaped() : c);
        }
        if (at++ >= json.length()) {
            throw unexpected("a closing quote");
        }
        return text.toString();
    }

    private char escaped() {
        char c = at < json.length() ? json.charAt(at++) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw unexpected("an escape");
        };
    }

    private char unicode() {
        int end = at + 4;
        if (end > json.length() || !json.substring(at, end).matches("[0-9A-Fa-f]{4}")) {
            throw unexpected("four hexadecimal digits");
        }
        char c = (char) Integer.parseInt(json, at, end, 16);
        at = end;
        return c;
    }

    /** The next character that is no blank, or 0 at the end. */
    private char peek() {
        while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
            at++;
        }
        return at < json.length() ? json.charAt(at) : 0;
    }

    private boolean accept(char c) {
        boolean there = peek() == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw unexpected("'" + c + "'");
        }
    }

    private IllegalArgumentException unexpected(String wanted) {
        return new IllegalArgumentException("details are no JSON object of strings: want %s at character %d of '%s'"
                .formatted(wanted, at, json.length() > 64 ? json.substring(0, 64) + "…" : json));
    }
}
