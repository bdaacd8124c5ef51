package io.waybill.event;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A line of 131 columns, all empty but those that are set. */
final class Line {

    private final String[] columns = new String[131];

    private Line() {
        Arrays.fill(columns, "");
    }

    static Line empty() {
        return new Line();
    }

    static Line of(String column, String text) {
        return new Line().with(column, text);
    }

    Line with(String column, String text) {
        columns[Field.of(column).index()] = text;
        return this;
    }

    byte[] bytes() {
        return bytes(StandardCharsets.UTF_8);
    }

    byte[] bytes(Charset charset) {
        return toString().getBytes(charset);
    }

    @Override
    public String toString() {
        return String.join("\t", columns);
    }
}
