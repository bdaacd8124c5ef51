package io.waybill.event;

import java.util.Arrays;

/** The columns of an event that is being put together. */
final class Columns {

    private static final byte[] NOTHING = {};

    private final byte[][] values;

    private Columns(byte[][] values) {
        this.values = values;
    }

    /** No column has a value. */
    static Columns empty() {
        byte[][] values = new byte[Field.COUNT][];
        Arrays.fill(values, NOTHING);
        return new Columns(values);
    }

    /** Sets the value, which is not copied. */
    void set(Field<?> field, byte[] value) {
        values[field.index()] = value;
    }

    void clear(Field<?> field) {
        set(field, NOTHING);
    }

    boolean isEmpty(Field<?> field) {
        return values[field.index()].length == 0;
    }

    /** The event that has these columns now. */
    EnrichedEvent toEvent() {
        Output line = new Output(1 << 10);
        int[] starts = new int[Field.COUNT + 1];
        for (int i = 0; i < Field.COUNT; i++) {
            line.append(values[i]);
            line.append('\t');
            starts[i + 1] = line.length;
        }
        line.length--;
        return new EnrichedEvent(line.toByteArray(), starts);
    }
}
