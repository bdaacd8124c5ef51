package io.waybill.event;

import io.waybill.event.BadRow.Code;
import org.jspecify.annotations.Nullable;

/**
 * Reads the self-describing JSON of one line: the envelopes of its columns, and the schema and data of each entity.
 *
 * <p>Every column is passed over a fixed number of times, whatever it holds.
 */
final class SelfDescribing {

    static final byte[] SCHEMA = Ascii.bytes("schema");
    static final byte[] DATA = Ascii.bytes("data");

    /** The outer schemas of contexts and of unstruct events, revision and addition left open. */
    private static final byte[] CONTEXTS = Ascii.bytes("iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-");

    private static final byte[] UNSTRUCT_EVENT =
            Ascii.bytes("iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-");

    private static final int ABSENT = -1;

    private final LineErrors errors;
    private final JsonCompactor compactor = new JsonCompactor();
    private final SchemaNames names = new SchemaNames();

    /** The compact text of the line's JSON columns, one after the other. */
    final Output json = new Output(1 << 14);

    // where the values of the object that was read last start and end
    private int schemaFrom;
    private int schemaTo;
    int dataFrom;
    int dataTo;

    SelfDescribing(LineErrors errors) {
        this.errors = errors;
    }

    /**
     * Checks a column down to the data of its envelope, which is then the data that was read last: an array for
     * contexts, an object for an unstruct event.
     */
    boolean readEnvelope(Field<?> field, byte[] line, int from, int to, Layout layout) {
        int envelope = json.length;
        Code code = compactor.compact(line, from, to, layout.maxDepth, json);
        json.ensure(Long.BYTES);
        if (code != null) {
            errors.addJson(field, code, compactor, layout.maxDepth, line, from, to);
            return false;
        }
        boolean array = field.kind() == Field.Kind.CONTEXTS;
        String problem = null;
        if (json.bytes[envelope] != '{') {
            problem = "the envelope is %s, want an object".formatted(kind(envelope));
        } else {
            readMembers(envelope);
            if (layout.outerSchemas) {
                checkOuterSchema(field, array ? CONTEXTS : UNSTRUCT_EVENT, line, from, to);
            }
            if (dataFrom == ABSENT) {
                problem = "the envelope has no \"data\"";
            } else if (json.bytes[dataFrom] != (array ? '[' : '{')) {
                problem = "\"data\" of the envelope is %s, want %s"
                        .formatted(kind(dataFrom), array ? "an array of entities" : "an entity");
            }
        }
        if (problem != null) {
            errors.add(field, Code.NOT_SELF_DESCRIBING, field.column() + ": " + problem, line, from, to);
        }
        return problem == null;
    }

    private void checkOuterSchema(Field<?> field, byte[] wanted, byte[] line, int from, int to) {
        Schema schema = isSchemaText() ? names.schema(json.bytes, schemaFrom + 1, schemaTo - 1) : null;
        if (schema == null || !schema.startsWith(wanted)) {
            errors.addOuterSchema(field, wanted, isSchemaText() ? schemaText() : null, line, from, to);
        }
    }

    /**
     * Finds the last {@code schema} and the last {@code data} of the object that starts here, if it is one.
     *
     * @return the end of the value
     */
    int readMembers(int from) {
        byte[] text = json.bytes;
        schemaFrom = ABSENT;
        dataFrom = ABSENT;
        if (text[from] != '{' || text[from + 1] == '}') {
            return JsonText.endOfValue(text, from);
        }
        int at = from;
        do {
            int name = at + 2;
            int nameEnd = JsonText.closingQuote(text, at + 1);
            int value = nameEnd + 2;
            at = JsonText.endOfValue(text, value);
            if (JsonText.decodesTo(SCHEMA, text, name, nameEnd)) {
                schemaFrom = value;
                schemaTo = at;
            } else if (JsonText.decodesTo(DATA, text, name, nameEnd)) {
                dataFrom = value;
                dataTo = at;
            }
        } while (text[at] == ',');
        return at + 1;
    }

    /** The schema of the entity that was read last, or null when it is a bad one. */
    @Nullable
    Schema schemaOf(int entity) {
        boolean complete = json.bytes[entity] == '{' && dataFrom != ABSENT && isSchemaText();
        return complete ? names.schema(json.bytes, schemaFrom + 1, schemaTo - 1) : null;
    }

    private boolean isSchemaText() {
        return schemaFrom != ABSENT && json.bytes[schemaFrom] == '"';
    }

    private String schemaText() {
        return JsonText.decode(json.bytes, schemaFrom + 1, schemaTo - 1);
    }

    /** Says what is wrong with the entity that was read last. */
    void reject(Field<?> field, int index, int from, int to) {
        String where = field.column() + (index == LineErrors.NO_ENTITY ? ": the entity" : ": entity " + index);
        if (json.bytes[from] == '{' && isSchemaText() && dataFrom != ABSENT) {
            String message = where + " has a schema that is no Iglu URI, want iglu:vendor/name/format/1-0-0";
            errors.addEntity(field, Code.INVALID_IGLU_URI, index, message, schemaText());
            return;
        }
        String problem;
        if (json.bytes[from] != '{') {
            problem = " is %s, want an object with \"schema\" and \"data\"".formatted(kind(from));
        } else if (schemaFrom == ABSENT) {
            problem = " has no \"schema\"";
        } else if (!isSchemaText()) {
            problem = " has a \"schema\" that is %s, want text".formatted(kind(schemaFrom));
        } else {
            problem = " has no \"data\"";
        }
        errors.addEntity(field, Code.NOT_SELF_DESCRIBING, index, where + problem, json.bytes, from, to);
    }

    /** What kind of JSON value starts here, in words. */
    private String kind(int at) {
        return switch (json.bytes[at]) {
            case '{' -> "an object";
            case '[' -> "an array";
            case '"' -> "text";
            case 't', 'f' -> "a boolean";
            case 'n' -> "null";
            default -> "a number";
        };
    }

    /** Forgets the line. */
    void clear() {
        json.clear();
        if (names.isFull()) {
            names.clear();
        }
    }
}
