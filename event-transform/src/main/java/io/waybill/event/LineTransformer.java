package io.waybill.event;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Turns lines into JSON, one after the other, with buffers it uses again. For one thread.
 *
 * <p>{@link FastPath} takes the lines it can. What is here is complete and exact: a line is split by its tabs, then each
 * column is checked while it is copied. Whatever is wrong is collected; at the end of a bad line its output is taken back.
 */
final class LineTransformer {

    private static final Field<?>[] FIELDS = Field.all().toArray(new Field<?>[0]);
    static final byte[] GEO_LOCATION_KEY = Ascii.bytes(",\"geo_location\":\"");

    private final Output out;
    private final LineErrors errors = new LineErrors();
    private final Entities entities = new Entities(errors);
    private final FastPath fast;

    /** A single line with what the fast path wants to follow it. */
    private byte[] padded = {};

    /** What became of the line that was taken last; null where it is an event. */
    @Nullable
    BadRow badRow;

    /** Column c is from {@code starts[c]} to before {@code starts[c + 1] - 1}, where its tab or the line's end is. */
    private final int[] starts = new int[FIELDS.length + 1];

    /** Room for a single line of common length. */
    private static final int PADDED = 1 << 13;

    /** Appends to this output, which the caller empties. */
    LineTransformer(Output out) {
        this.out = out;
        this.fast = new FastPath(out);
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

    /** Appends the event of a line whose line end is not counted; or nothing, and answers why. */
    @Nullable
    BadRow transform(byte[] line, int length, Layout layout) {
        if (!layout.isCommon) {
            return exact(line, 0, length, 1, layout);
        }
        int needed = length + 1 + FastPath.SLACK;
        if (padded.length < needed) {
            padded = new byte[Math.max(2 * needed, PADDED)];
        }
        System.arraycopy(line, 0, padded, 0, length);
        padded[length] = '\n';
        try {
            // a carriage return before the line end is data here, as the line end is cut off already
            boolean plain = length > 0 && padded[length - 1] != '\r';
            int mark = out.length;
            if (plain && fast.transform(padded, 0, length + 1, layout) == length) {
                return null;
            }
            out.length = mark;
            return exact(padded, 0, length, 1, layout);
        } finally {
            if (padded.length > Output.KEPT) {
                padded = new byte[0];
            }
        }
    }

    private @Nullable BadRow exact(byte[] line, int from, int to, long number, Layout layout) {
        errors.begin(layout.valueCodePoints);
        int columns = split(line, from, to);
        if (columns != FIELDS.length) {
            return errors.fieldCount(number, columns, line, from, to);
        }
        return transformColumns(line, number, layout);
    }

    /** Appends the event of a line whose columns are found already; or nothing, and answers why. */
    @Nullable
    BadRow transform(byte[] line, int[] columnStarts, long number, Layout layout) {
        errors.begin(layout.valueCodePoints);
        System.arraycopy(columnStarts, 0, starts, 0, starts.length);
        return transformColumns(line, number, layout);
    }

    private @Nullable BadRow transformColumns(byte[] line, long number, Layout layout) {
        int mark = out.length;
        try {
            write(line, layout);
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

    /**
     * Takes the next line of a reader, and appends its event; or nothing, and {@link #badRow} says why.
     *
     * @return false at the end, where there is no line
     */
    boolean next(LineReader reader, Layout layout) throws IOException {
        badRow = null;
        if (layout.isCommon && reader.fill()) {
            int mark = out.length;
            int feed = fast.transform(reader.buffer, reader.start(), reader.complete(), layout);
            if (feed != FastPath.ODD && reader.take(feed)) {
                return true;
            }
            out.length = mark;
        }
        if (!reader.next()) {
            return false;
        }
        badRow = reader.tooLong != null
                ? reader.tooLong
                : exact(reader.buffer, reader.from, reader.to, reader.number, layout);
        return true;
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

    private void write(byte[] line, Layout layout) {
        int custom = 0;
        if (layout.flattened) {
            addContexts(Field.CONTEXTS, line, layout);
            custom = entities.groups();
            addContexts(Field.DERIVED_CONTEXTS, line, layout);
        }
        if (layout.geoLocationFirst) {
            writeGeoLocation(line, layout);
        }
        for (int column = 0; column < FIELDS.length; column++) {
            int from = starts[column];
            int to = starts[column + 1] - 1;
            if (from == to) {
                writeEmpty(column, layout);
                continue;
            }
            Field<?> field = FIELDS[column];
            switch (layout.kinds[column]) {
                case Layout.CUSTOM_CONTEXTS -> entities.writeContexts(0, custom, layout, out);
                case Layout.DERIVED_CONTEXTS -> entities.writeContexts(custom, entities.groups(), layout, out);
                case Layout.UNSTRUCT_EVENT -> entities.writeUnstruct(field, line, from, to, layout, out);
                case Layout.SELF_DESCRIBING -> {
                    out.append(layout.keys[column]);
                    entities.writeColumn(field, line, from, to, layout, out);
                }
                default -> writeScalar(field, line, from, to, layout);
            }
        }
        if (layout.geoLocationLast && errors.isEmpty()) {
            writeGeoLocation(line, layout);
        }
    }

    /** Both columns are read before either is written: a key has its place and its array where its first entity is. */
    private void addContexts(Field<?> field, byte[] line, Layout layout) {
        if (isPresent(field)) {
            entities.addContexts(field, line, start(field), end(field), layout);
        }
    }

    private void writeEmpty(int column, Layout layout) {
        out.append(layout.empty, layout.emptyStarts[column], layout.emptyStarts[column + 1]);
        if (layout.required[column]) {
            errors.addMissing(FIELDS[column]);
        }
    }

    private void writeScalar(Field<?> field, byte[] line, int from, int to, Layout layout) {
        byte kind = layout.kinds[field.index()];
        out.append(layout.keys[field.index()]);
        if (writeValue(kind, line, from, to, out)) {
            checkLength(field, line, from, to, layout.maxLengths[field.index()]);
        } else {
            errors.addScalar(field, kind, line, from, to);
        }
    }

    /** Writes the value of a column that holds no JSON, and the quote after it; false, where it is none. */
    static boolean writeValue(byte kind, byte[] line, int from, int to, Output out) {
        boolean good = switch (kind) {
            case Layout.INTEGER -> Scalars.integer(line, from, to, out);
            case Layout.NUMBER -> Scalars.number(line, from, to, out);
            case Layout.NUMBER_AS_TEXT -> Scalars.numberAsText(line, from, to, out);
            case Layout.BOOLEAN -> Scalars.bool(line, from, to, out);
            case Layout.TIMESTAMP -> Scalars.timestamp(line, from, to, out);
            case Layout.INSTANT -> Scalars.instant(line, from, to, out);
            case Layout.UUID -> Scalars.uuid(line, from, to, out);
            default -> out.appendText(line, from, to);
        };
        if (good && Layout.isQuoted(kind)) {
            out.append('"');
        }
        return good;
    }

    private void checkLength(Field<?> field, byte[] line, int from, int to, int limit) {
        if (to - from > limit) {
            int codePoints = Utf8.codePoints(line, from, to);
            if (codePoints > limit) {
                errors.addTooLong(field, codePoints, limit, line, from, to);
            }
        }
    }

    /** Where both coordinates are there. What is written before they were found to be numbers may be taken back. */
    private void writeGeoLocation(byte[] line, Layout layout) {
        if (isPresent(Field.GEO_LATITUDE) && isPresent(Field.GEO_LONGITUDE)) {
            out.append(GEO_LOCATION_KEY);
            writeCoordinate(line, start(Field.GEO_LATITUDE), end(Field.GEO_LATITUDE), layout, out);
            out.append(',');
            writeCoordinate(line, start(Field.GEO_LONGITUDE), end(Field.GEO_LONGITUDE), layout, out);
            out.append('"');
        }
    }

    private static void writeCoordinate(byte[] line, int from, int to, Layout layout, Output out) {
        if (layout.geoLocationOfDoubles) {
            Scalars.reprintedDouble(line, from, to, out);
        } else {
            out.append(line, from, to);
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
