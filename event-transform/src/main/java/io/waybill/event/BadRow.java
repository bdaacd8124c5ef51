package io.waybill.event;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer for a line that is no event: everything that is wrong with it.
 *
 * @param line the line's number in its file, from 1
 * @param columns the number of columns the line has: its tabs and one
 * @param errors all errors of the line, in the order of the columns; at least one
 */
public record BadRow(long line, int columns, List<Error> errors) implements TransformResult {

    /** The most code points of a value that an error shows. */
    static final int VALUE_CODE_POINTS = 64;

    /** Checks the numbers and copies the list. */
    public BadRow {
        if (line < 1 || columns < 1) {
            throw new IllegalArgumentException(
                    "line is %d and columns is %d, want both from 1".formatted(line, columns));
        }
        errors = List.copyOf(errors);
        if (errors.isEmpty()) {
            throw new IllegalArgumentException("line %d has no error, so it is no bad row".formatted(line));
        }
    }

    /**
     * This row as one JSON object in UTF-8, without a line end. Values are cut off after 64 code points. Members that
     * are absent are left out; later versions may add members.
     *
     * @param file the name of the file the line is from
     * @return a new array
     */
    public byte[] toJson(String file) {
        Output out = new Output(256);
        out.append('{');
        text(out, "file", file);
        number(out, "line", line);
        number(out, "columns", columns);
        key(out, "errors");
        char separator = '[';
        for (Error error : errors) {
            out.append(separator);
            error.writeTo(out);
            separator = ',';
        }
        out.append(']');
        out.append('}');
        return out.toByteArray();
    }

    private static void key(Output out, String name) {
        if (out.bytes[out.length - 1] != '{') {
            out.append(',');
        }
        out.append('"');
        out.append(Ascii.bytes(name));
        out.append('"');
        out.append(':');
    }

    private static void number(Output out, String name, @Nullable Number value) {
        if (value != null) {
            key(out, name);
            out.append(Ascii.bytes(value.toString()));
        }
    }

    private static void text(Output out, String name, @Nullable String value) {
        if (value != null) {
            key(out, name);
            out.append('"');
            byte[] utf8 = Utf8.replaceUnpaired(value).getBytes(StandardCharsets.UTF_8);
            out.appendText(utf8, 0, utf8.length);
            out.append('"');
        }
    }

    /**
     * One thing that is wrong with a line.
     *
     * @param index the place of the column on the line, from 0; null where the error is one of the whole line
     * @param column the name of the column; null where the error is one of the whole line
     * @param code the reason, the same in every version
     * @param entity the place of the bad entity in its array, from 0; null where the error is not one of an entity in
     *     {@code contexts} or {@code derived_contexts}
     * @param message what is wrong and what would be right, for people; it does not repeat the value
     * @param value what was there, with U+FFFD for what is not UTF-8, cut off after 64 code points unless {@link
     *     EventTransformer.Builder#wholeValues} was asked for; null where nothing was there; it may hold personal data
     */
    @SuppressWarnings("JavaLangClash") // nobody throws a BadRow.Error
    public record Error(
            @Nullable Integer index,
            @Nullable String column,
            Code code,
            @Nullable Integer entity,
            String message,
            @Nullable String value) {

        /** Checks that index and column come together. */
        public Error {
            if ((index == null) != (column == null)) {
                throw new IllegalArgumentException(
                        "index is %s and column is %s, want both or none".formatted(index, column));
            }
            if (entity != null && column == null) {
                throw new IllegalArgumentException("entity %d has no column".formatted(entity));
            }
        }

        private void writeTo(Output out) {
            out.append('{');
            number(out, "index", index);
            text(out, "column", column);
            text(out, "code", code.name());
            number(out, "entity", entity);
            text(out, "message", message);
            text(out, "value", value == null ? null : Utf8.clip(value, VALUE_CODE_POINTS));
            out.append('}');
        }
    }

    /** Why a line is no event. Stable names: stored bad rows are queried by them. */
    public enum Code {
        /** The line has more or fewer than 131 columns; then nothing else was looked at. */
        FIELD_COUNT,
        /** The column is not well-formed UTF-8; then nothing else was looked at in it. */
        INVALID_UTF8,
        /** The column holds integers of 32 bits, and this is none. */
        NOT_AN_INTEGER,
        /** The column holds numbers, and this is none. */
        NOT_A_NUMBER,
        /** The column holds {@code 1} or {@code 0}, and this is neither. */
        NOT_A_BOOLEAN,
        /** The column holds a date and time, and this is none that exists. */
        NOT_A_TIMESTAMP,
        /** The column is not JSON by the letter of RFC 8259. */
        INVALID_JSON,
        /** The column's JSON has more brackets open at once than the limit allows. */
        NESTING_TOO_DEEP,
        /** An envelope or an entity is not an object with a schema and data of the kind that belongs there. */
        NOT_SELF_DESCRIBING,
        /** The schema of an entity is not an Iglu URI. */
        INVALID_IGLU_URI,
        /** The line is longer than the limit; only its columns were counted. */
        LINE_TOO_LONG,
        /** Strict mode: the column is empty, and every event has a value there. */
        MISSING_REQUIRED,
        /** Strict mode: the column is not a UUID of 36 characters, such as c6ef3124-b53a-4b13-a233-0088f79dcbcb. */
        NOT_A_UUID,
        /** Strict mode: the text has more code points than the column may have. */
        TOO_LONG,
        /** Strict mode: the envelope does not name the schema that belongs to its column. */
        UNEXPECTED_SCHEMA
    }
}
