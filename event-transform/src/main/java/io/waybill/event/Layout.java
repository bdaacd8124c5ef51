package io.waybill.event;

import io.waybill.event.EventTransformer.Form;
import io.waybill.event.EventTransformer.SchemaVersion;
import java.util.Arrays;

/**
 * The options, worked out for every column: what is written for it, and what is asked of it.
 *
 * <p>Made once for a transformer and never changed. The fields are open to this package, as the hot loops read them.
 */
final class Layout {

    // the kinds of what is written for a column that is not empty; up to the last quoted one it is between quotes
    static final byte TEXT = 0;
    static final byte UUID = 1;
    static final byte TIMESTAMP = 2;
    static final byte INSTANT = 3;
    static final byte NUMBER_AS_TEXT = 4;
    private static final byte LAST_QUOTED = NUMBER_AS_TEXT;

    static final byte INTEGER = 5;
    static final byte NUMBER = 6;
    static final byte BOOLEAN = 7;

    /** One JSON object, the column's own. */
    static final byte SELF_DESCRIBING = 8;

    // keys that the entities name
    static final byte CUSTOM_CONTEXTS = 9;
    static final byte DERIVED_CONTEXTS = 10;
    static final byte UNSTRUCT_EVENT = 11;

    private static final byte[] NULL = Ascii.bytes("null");

    /** For each column one of the kinds above. */
    final byte[] kinds;

    /** The words in which a key fits. */
    static final int KEY_WORDS = 4;

    /** For each column what stands before its value: a comma, the key, and the quote of a text. */
    final byte[][] keys;

    /** The same in words, {@link #KEY_WORDS} a column. */
    final long[] keyWords;

    final byte[] keyLengths;

    /** Whether {@link FastPath} knows all that is asked for. */
    final boolean isCommon;

    /** What all columns are written as when they are empty, one after the other; without nulls there is nothing. */
    final byte[] empty;

    /** Column c is from {@code emptyStarts[c]} to before {@code emptyStarts[c + 1]} in {@link #empty}. */
    final int[] emptyStarts;

    /** For each column the most code points it may have. */
    final int[] maxLengths;

    /** For each column whether it may not be empty. */
    final boolean[] required;

    /** Whether the outer schemas are those of the columns: the one strict rule that belongs to no single column. */
    final boolean outerSchemas;

    /** Whether entities become keys, so that those of both columns of contexts must be known before one is written. */
    final boolean flattened;

    final boolean geoLocationFirst;
    final boolean geoLocationLast;

    /** Whether coordinates are written as {@link Double#toString(double)} has them, and not as they were sent. */
    final boolean geoLocationOfDoubles;

    final SchemaVersion schemaVersion;

    /** The most code points of a value that an error shows. */
    final int valueCodePoints;

    final int maxDepth;

    Layout(Options options) {
        kinds = new byte[Field.COUNT];
        keys = new byte[Field.COUNT][];
        keyWords = new long[Field.COUNT * KEY_WORDS];
        keyLengths = new byte[Field.COUNT];
        emptyStarts = new int[Field.COUNT + 1];
        maxLengths = new int[Field.COUNT];
        Arrays.fill(maxLengths, Integer.MAX_VALUE);
        required = new boolean[Field.COUNT];
        Output nulls = new Output(1 << 12);
        for (Field<?> field : Field.all()) {
            int column = field.index();
            kinds[column] = kind(field, options);
            keys[column] = key(field, options.form(), isQuoted(kinds[column]));
            keyLengths[column] = (byte) keys[column].length;
            for (int i = 0; i < keys[column].length; i++) {
                keyWords[column * KEY_WORDS + i / Long.BYTES] |=
                        (long) keys[column][i] << (Byte.SIZE * (i % Long.BYTES));
            }
            if (options.nulls() && kinds[column] <= SELF_DESCRIBING) {
                nulls.append(key(field, options.form(), false));
                nulls.append(NULL);
            }
            emptyStarts[column + 1] = nulls.length;
            if (options.strict()) {
                maxLengths[column] = StrictRules.maxLength(field);
                required[column] = StrictRules.isRequired(field);
            }
        }
        empty = nulls.toByteArray();
        outerSchemas = options.strict();
        flattened = options.form() != Form.NESTED;
        geoLocationFirst = options.geoLocation() && options.form() == Form.PYTHON;
        geoLocationLast = options.geoLocation() && !geoLocationFirst;
        geoLocationOfDoubles = options.form() == Form.SCALA;
        schemaVersion = options.schemaVersion();
        valueCodePoints = options.wholeValues() ? Integer.MAX_VALUE : BadRow.VALUE_CODE_POINTS;
        maxDepth = options.maxDepth();
        isCommon = flattened
                && !options.strict()
                && !geoLocationFirst
                && !geoLocationOfDoubles
                && schemaVersion == SchemaVersion.NONE;
    }

    /** Whether values of this kind are written between quotes. */
    static boolean isQuoted(byte kind) {
        return kind <= LAST_QUOTED;
    }

    private static byte kind(Field<?> field, Options options) {
        Field.Kind type = field.kind();
        if (type == Field.Kind.STRING) {
            return TEXT;
        } else if (type == Field.Kind.UUID) {
            return options.strict() ? UUID : TEXT;
        } else if (type == Field.Kind.INT) {
            return INTEGER;
        } else if (type == Field.Kind.BOOLEAN) {
            return BOOLEAN;
        } else if (type == Field.Kind.TIMESTAMP) {
            return options.instants() ? INSTANT : TIMESTAMP;
        } else if (type == Field.Kind.DECIMAL || type == Field.Kind.DOUBLE) {
            return field == Field.SE_VALUE && options.form() == Form.PYTHON ? NUMBER_AS_TEXT : NUMBER;
        } else if (options.form() == Form.NESTED) {
            return SELF_DESCRIBING;
        } else if (field == Field.UNSTRUCT_EVENT) {
            return UNSTRUCT_EVENT;
        } else {
            return field == Field.CONTEXTS ? CUSTOM_CONTEXTS : DERIVED_CONTEXTS;
        }
    }

    private static byte[] key(Field<?> field, Form form, boolean quoted) {
        boolean renamed = field == Field.REFR_DVCE_TSTAMP && form == Form.PYTHON;
        Output key = new Output(32);
        key.append(',');
        key.append('"');
        key.append(Ascii.bytes(renamed ? "refr_device_tstamp" : field.column()));
        key.append('"');
        key.append(':');
        if (quoted) {
            key.append('"');
        }
        return key.toByteArray();
    }
}
