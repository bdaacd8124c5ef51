package io.waybill.event;

import io.waybill.event.EventTransformer.Form;
import io.waybill.event.EventTransformer.SchemaVersion;
import java.io.Serial;
import java.io.Serializable;

/**
 * What a transformer was asked for. A record checks itself even when it comes from another machine.
 *
 * @param form what an event becomes
 * @param nulls whether empty columns are written
 * @param instants whether timestamps have 0, 3, 6 or 9 digits after the second
 * @param geoLocation whether there is a key for both coordinates together
 * @param strict whether more is checked
 * @param schemaVersion what contexts tell of their schema
 * @param wholeValues whether bad rows hold values unclipped
 * @param maxLineBytes the most bytes of a line
 * @param maxDepth the most brackets open at once
 */
record Options(
        Form form,
        boolean nulls,
        boolean instants,
        boolean geoLocation,
        boolean strict,
        SchemaVersion schemaVersion,
        boolean wholeValues,
        int maxLineBytes,
        int maxDepth)
        implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Six bytes of JSON for one of the line, the worst there is, still fit an array. */
    private static final int MOST_LINE_BYTES = 256 << 20;

    Options {
        checkMaxLineBytes(maxLineBytes);
        checkMaxDepth(maxDepth);
        if (form == Form.NESTED && geoLocation) {
            throw new IllegalArgumentException(
                    "geoLocation is true, want false: the NESTED form has the columns and nothing else");
        }
        if (form == Form.NESTED && schemaVersion != SchemaVersion.NONE) {
            throw new IllegalArgumentException(
                    "schemaVersion is %s, want NONE: the NESTED form has the schemas of its entities in them"
                            .formatted(schemaVersion));
        }
    }

    static void checkMaxLineBytes(int bytes) {
        if (bytes < 1 || bytes > MOST_LINE_BYTES) {
            throw new IllegalArgumentException("maxLineBytes is %d, want 1 to %d".formatted(bytes, MOST_LINE_BYTES));
        }
    }

    static void checkMaxDepth(int depth) {
        if (depth < 1) {
            throw new IllegalArgumentException("maxDepth is %d, want at least 1".formatted(depth));
        }
    }
}
