package io.waybill.event;

import io.waybill.event.BadRow.Code;
import io.waybill.event.BadRow.Error;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with the line at hand, in words. Nothing here runs for a good line. */
final class LineErrors {

    static final int NO_ENTITY = -1;

    private static final int COLUMNS = Field.COUNT;

    /** Events of old pipelines had this many columns or fewer. */
    private static final int OLD_COLUMNS = 108;

    private static final int WITHOUT_JSON_COLUMNS = COLUMNS - 3;

    private List<Error> errors = new ArrayList<>();
    private int valueCodePoints = BadRow.VALUE_CODE_POINTS;

    /** Begins a line, of whose values that many code points are shown. */
    void begin(int mostCodePoints) {
        valueCodePoints = mostCodePoints;
    }

    boolean isEmpty() {
        return errors.isEmpty();
    }

    /** Adds the error of a column that holds no JSON and could not be written as the kind it has in a {@link Layout}. */
    void addScalar(Field<?> field, byte kind, byte[] line, int from, int to) {
        Code code = switch (kind) {
            case Layout.INTEGER -> Code.NOT_AN_INTEGER;
            case Layout.NUMBER, Layout.NUMBER_AS_TEXT -> Code.NOT_A_NUMBER;
            case Layout.BOOLEAN -> Code.NOT_A_BOOLEAN;
            case Layout.TIMESTAMP, Layout.INSTANT -> Code.NOT_A_TIMESTAMP;
            case Layout.UUID -> Code.NOT_A_UUID;
            default -> Code.INVALID_UTF8;
        };
        String wanted = switch (code) {
            case NOT_AN_INTEGER -> "an integer from -2147483648 to 2147483647";
            case NOT_A_NUMBER -> "a decimal number such as -12.50 or 1e3";
            case NOT_A_BOOLEAN -> "1 or 0";
            case NOT_A_TIMESTAMP -> "a date and time that exists, such as 2024-02-29 23:59:59.999";
            case NOT_A_UUID -> "a UUID of 36 characters, such as c6ef3124-b53a-4b13-a233-0088f79dcbcb";
            default -> "well-formed UTF-8";
        };
        addUnlessMalformed(field, code, "want " + wanted, line, from, to);
    }

    /** Adds the error of a column that is empty and must not be. */
    void addMissing(Field<?> field) {
        String message = field.column() + ": is empty, want a value in every event";
        errors.add(new Error(field.index(), field.column(), Code.MISSING_REQUIRED, null, message, null));
    }

    /** Adds the error of a well-formed text that has more code points than its column may have. */
    void addTooLong(Field<?> field, int codePoints, int limit, byte[] line, int from, int to) {
        String message = "%s: has %d characters, want at most %d".formatted(field.column(), codePoints, limit);
        add(field, Code.TOO_LONG, message, line, from, to);
    }

    /** Adds the error of an envelope whose schema is another one than that of the column, or no text (null). */
    void addOuterSchema(Field<?> field, byte[] wanted, @Nullable String schema, byte[] line, int from, int to) {
        String problem = schema == null ? "has no \"schema\" that is text" : "has another schema";
        String message = "%s: the envelope %s, want %s*-*"
                .formatted(field.column(), problem, new String(wanted, StandardCharsets.US_ASCII));
        if (schema == null) {
            add(field, Code.UNEXPECTED_SCHEMA, message, line, from, to);
        } else {
            addEntity(field, Code.UNEXPECTED_SCHEMA, NO_ENTITY, message, schema);
        }
    }

    /** Adds the error of a column whose JSON could not be read. */
    void addJson(Field<?> field, Code code, JsonCompactor json, int maxDepth, byte[] line, int from, int to) {
        int at = json.problemAt();
        String where = "at byte " + (at - from);
        String what;
        if (code == Code.NESTING_TOO_DEEP) {
            what = "%s one bracket more is open than the limit of %d allows".formatted(where, maxDepth);
        } else {
            String found = at == to ? "the end" : "'" + Utf8.clip(line, at, to, 1) + "'";
            what = "%s is %s, want %s".formatted(where, found, json.wanted());
        }
        addUnlessMalformed(field, code, what, line, from, to);
    }

    /** The encoding comes first: where it is wrong, what the text says is anybody's guess. */
    private void addUnlessMalformed(Field<?> field, Code code, String what, byte[] line, int from, int to) {
        int malformed = Utf8.malformedAt(line, from, to);
        if (malformed < 0) {
            add(field, code, "%s: %s".formatted(field.column(), what), line, from, to);
        } else {
            String message = "%s: byte %d is 0x%02X, which is not well-formed UTF-8 there"
                    .formatted(field.column(), malformed - from, line[malformed] & 0xFF);
            add(field, Code.INVALID_UTF8, message, line, from, to);
        }
    }

    /** Adds an error of a whole column. */
    void add(Field<?> field, Code code, String message, byte[] line, int from, int to) {
        addEntity(field, code, NO_ENTITY, message, line, from, to);
    }

    /** Adds an error of one entity of a column, whose value is in these bytes. */
    void addEntity(Field<?> field, Code code, int entity, String message, byte[] bytes, int from, int to) {
        addClipped(field, code, entity, message, Utf8.clip(bytes, from, to, valueCodePoints));
    }

    /** Adds an error of one entity of a column, whose value is this text. */
    void addEntity(Field<?> field, Code code, int entity, String message, String value) {
        addClipped(field, code, entity, message, Utf8.clip(value, valueCodePoints));
    }

    private void addClipped(Field<?> field, Code code, int entity, String message, String value) {
        Integer place = entity == NO_ENTITY ? null : entity;
        errors.add(new Error(field.index(), field.column(), code, place, message, value));
    }

    /** All errors in the order of the columns, as contexts are read before their turn. */
    BadRow toBadRow(long line) {
        errors.sort(Comparator.comparing(Error::index, Comparator.nullsFirst(Comparator.naturalOrder())));
        return new BadRow(line, COLUMNS, errors);
    }

    void clear() {
        if (!errors.isEmpty()) {
            errors = new ArrayList<>();
        }
    }

    /** The bad row for a line with another number of columns. */
    BadRow fieldCount(long number, int columns, byte[] line, int from, int to) {
        String message = "the line has %d %s, want %d: %s"
                .formatted(columns, columns == 1 ? "column" : "columns", COLUMNS, likelyCause(columns, line, from, to));
        return ofLine(number, columns, Code.FIELD_COUNT, message, Utf8.clip(line, from, to, valueCodePoints));
    }

    private static String likelyCause(int columns, byte[] line, int from, int to) {
        if (from == to) {
            return "it is empty";
        }
        if (to - from > 1 && line[from] == 0x1f && line[from + 1] == (byte) 0x8b) {
            return "it starts as gzip does, want the inflated text";
        }
        if (columns == 1) {
            return "without a tab it is no enriched event";
        }
        if (columns == WITHOUT_JSON_COLUMNS) {
            return "an extract of the warehouse table has no JSON columns and cannot be transformed";
        }
        if (columns <= OLD_COLUMNS) {
            return "pipelines of old versions wrote fewer columns";
        }
        if (columns < COLUMNS) {
            return "it was cut off, or a value holds a line end";
        }
        if ((columns - 1) % (COLUMNS - 1) == 0) {
            return "%d events are glued by a missing line end".formatted((columns - 1) / (COLUMNS - 1));
        }
        return "a value holds a tab";
    }

    /** The bad row for a line over the limit, of which only the start is at hand. */
    static BadRow tooLong(long number, long columns, long length, int limit, byte[] line, int from, int to) {
        String message = "the line has %d bytes, the limit is %d".formatted(length, limit);
        int counted = (int) Math.min(columns, Integer.MAX_VALUE);
        String value = Utf8.clip(line, from, to, BadRow.VALUE_CODE_POINTS);
        return ofLine(number, counted, Code.LINE_TOO_LONG, message, value);
    }

    private static BadRow ofLine(long number, int columns, Code code, String message, String value) {
        return new BadRow(number, columns, List.of(new Error(null, null, code, null, message, value)));
    }
}
