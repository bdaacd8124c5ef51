package io.waybill.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns lines into JSON, one after the other, with buffers it uses again: the hot class. For one thread.
 *
 * <p>A line is split by its tabs, then each column is checked while it is copied. Whatever is wrong is collected; at the
 * end of a bad line its output is taken back.
 */
final class LineTransformer {

    private static final Field<?>[] FIELDS = Field.all().toArray(new Field<?>[0]);
    private static final byte[][] KEYS =
            Arrays.stream(FIELDS).map(LineTransformer::key).toArray(byte[][]::new);
    private static final byte[] GEO_LOCATION_KEY = Ascii.bytes(",\"geo_location\":\"");

    private final Output out;
    private final LineErrors errors = new LineErrors();
    private final Entities entities = new Entities(errors);

    /** Column c is from {@code starts[c]} to before {@code starts[c + 1] - 1}, where its tab or the line's end is. */
    private final int[] starts = new int[FIELDS.length + 1];

    /** Appends to this output, which the caller empties. */
    LineTransformer(Output out) {
        this.out = out;
    }

    /** What comes before a value: a comma, the key, and the quote of a text. */
    private static byte[] key(Field<?> field) {
        return Ascii.bytes(",\"" + field.column() + (field.kind().isQuoted() ? "\":\"" : "\":"));
    }

    /** The number of columns: tabs and one. */
    static int columns(byte[] line, int from, int to) {
        int columns = 1;
        for (int i = from; i < to; i++) {
            if (line[i] == '\t') {
                columns++;
            }
        }
        return columns;
    }

    /** Appends the event of a line without its line end; or nothing, and answers why. */
    @Nullable
    BadRow transform(byte[] line, int from, int to, long number, int maxDepth) {
        int columns = split(line, from, to);
        if (columns != FIELDS.length) {
            return LineErrors.fieldCount(number, columns, line, from, to);
        }
        return transformColumns(line, number, maxDepth);
    }

    /** Appends the event of a line whose columns are found already, or nothing, and answers why. */
    @Nullable
    BadRow transform(byte[] line, int[] columnStarts, long number, int maxDepth) {
        System.arraycopy(columnStarts, 0, starts, 0, starts.length);
        return transformColumns(line, number, maxDepth);
    }

    private @Nullable BadRow transformColumns(byte[] line, long number, int maxDepth) {
        int mark = out.length;
        try {
            write(line, maxDepth);
            if (errors.isEmpty()) {
                close(mark);
                return null;
            }
            out.length = mark;
            return errors.toBadRow(number);
        } finally {
            entities.clear();
            errors.clear();
        }
    }

    private int split(byte[] line, int from, int to) {
        starts[0] = from;
        int columns = 1;
        for (int i = from; i < to; i++) {
            if (line[i] == '\t') {
                if (columns == FIELDS.length) {
                    return columns + columns(line, i, to) - 1;
                }
                starts[columns++] = i + 1;
            }
        }
        starts[columns] = to + 1;
        return columns;
    }

    private int start(Field<?> field) {
        return starts[field.index()];
    }

    private int end(Field<?> field) {
        return starts[field.index() + 1] - 1;
    }

    private boolean isPresent(Field<?> field) {
        return start(field) < end(field);
    }

    private void write(byte[] line, int maxDepth) {
        addContexts(Field.CONTEXTS, line, maxDepth);
        int custom = entities.groups();
        addContexts(Field.DERIVED_CONTEXTS, line, maxDepth);
        for (Field<?> field : FIELDS) {
            if (isPresent(field)) {
                if (field == Field.CONTEXTS) {
                    entities.writeContexts(0, custom, out);
                } else if (field == Field.DERIVED_CONTEXTS) {
                    entities.writeContexts(custom, entities.groups(), out);
                } else if (field == Field.UNSTRUCT_EVENT) {
                    entities.writeUnstruct(field, line, start(field), end(field), maxDepth, out);
                } else {
                    writeScalar(field, line, start(field), end(field));
                }
            }
        }
        writeGeoLocation(line);
    }

    /** Both columns are read before either is written: a key has its place and its array where its first entity is. */
    private void addContexts(Field<?> field, byte[] line, int maxDepth) {
        if (isPresent(field)) {
            entities.addContexts(field, line, start(field), end(field), maxDepth);
        }
    }

    private void writeScalar(Field<?> field, byte[] line, int from, int to) {
        out.append(KEYS[field.index()]);
        boolean good = switch (field.kind()) {
            case INT -> Scalars.integer(line, from, to, out);
            case DECIMAL, DOUBLE -> Scalars.number(line, from, to, out);
            case BOOLEAN -> Scalars.bool(line, from, to, out);
            case TIMESTAMP -> Scalars.timestamp(line, from, to, out);
            default -> out.appendText(line, from, to);
        };
        if (!good) {
            errors.addScalar(field, line, from, to);
        } else if (field.kind().isQuoted()) {
            out.append('"');
        }
    }

    /** The raw texts: they are numbers by now, or the line is a bad one. */
    private void writeGeoLocation(byte[] line) {
        if (isPresent(Field.GEO_LATITUDE) && isPresent(Field.GEO_LONGITUDE)) {
            out.append(GEO_LOCATION_KEY);
            out.append(line, start(Field.GEO_LATITUDE), end(Field.GEO_LATITUDE));
            out.append(',');
            out.append(line, start(Field.GEO_LONGITUDE), end(Field.GEO_LONGITUDE));
            out.append('"');
        }
    }

    /** Every key was written with a comma before it; the first comma becomes the bracket that opens the object. */
    private void close(int mark) {
        if (out.length == mark) {
            out.append(',');
        }
        out.bytes[mark] = '{';
        out.append('}');
    }
}
