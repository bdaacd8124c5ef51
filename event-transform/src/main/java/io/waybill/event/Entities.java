package io.waybill.event;

import io.waybill.event.BadRow.Code;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The self-describing JSON of one line: checks the envelopes, groups the entities by output key, writes their data.
 *
 * <p>Every column is passed over a fixed number of times, whatever it holds.
 */
final class Entities {

    /** A column with more bad entities than this has the first ones listed and the others counted. */
    static final int MOST_LISTED = 1 << 16;

    private static final byte[] SCHEMA = Ascii.bytes("schema");
    private static final byte[] DATA = Ascii.bytes("data");
    private static final byte[] CONTEXTS_KEY = Ascii.bytes(",\"contexts_");
    private static final byte[] UNSTRUCT_KEY = Ascii.bytes(",\"unstruct_event_");
    private static final byte[] KEY_END = Ascii.bytes("\":");

    private static final int INITIAL = 64;
    private static final int KEPT = 1 << 14;
    private static final int ABSENT = -1;

    private final LineErrors errors;
    private final JsonCompactor compactor = new JsonCompactor();
    private final SchemaNames names = new SchemaNames();

    /** The compact text of the line's JSON columns, one after the other. */
    private final Output json = new Output(1 << 14);

    private List<EntityGroup> groups = new ArrayList<>(INITIAL);
    private int entities;
    private int[] dataStarts = new int[INITIAL];
    private int[] dataEnds = new int[INITIAL];

    /** For each entity the next one of its group. */
    private int[] successors = new int[INITIAL];

    // where the values of the object that was read last start and end
    private int schemaFrom;
    private int schemaTo;
    private int dataFrom;
    private int dataTo;

    Entities(LineErrors errors) {
        this.errors = errors;
    }

    /** The number of distinct keys among the contexts added so far. */
    int groups() {
        return groups.size();
    }

    /** Adds the entities of a column of contexts. */
    void addContexts(Field<?> field, byte[] line, int from, int to, int maxDepth) {
        if (!readEnvelope(field, line, from, to, maxDepth)) {
            return;
        }
        int at = dataFrom + 1;
        if (json.bytes[at] == ']') {
            return;
        }
        int bad = 0;
        int index = 0;
        while (true) {
            int end = readMembers(at);
            EntityGroup group = groupOf(at);
            if (group != null) {
                add(group);
            } else if (++bad <= MOST_LISTED) {
                reject(field, index, at, end);
            }
            if (json.bytes[end] == ']') {
                break;
            }
            at = end + 1;
            index++;
        }
        if (bad > MOST_LISTED) {
            String message =
                    "%s has %d more bad entities, which are not listed".formatted(field.column(), bad - MOST_LISTED);
            errors.add(field, Code.NOT_SELF_DESCRIBING, message, line, from, to);
        }
    }

    /** Writes the contexts of some of the groups, each as a key with an array. */
    void writeContexts(int fromGroup, int toGroup, Output out) {
        for (int i = fromGroup; i < toGroup; i++) {
            EntityGroup group = groups.get(i);
            out.append(CONTEXTS_KEY);
            out.append(group.name());
            out.append(KEY_END);
            char separator = '[';
            for (int entity = group.first; entity != EntityGroup.NONE; entity = successors[entity]) {
                out.append(separator);
                out.append(json.bytes, dataStarts[entity], dataEnds[entity]);
                separator = ',';
            }
            out.append(']');
        }
    }

    /** Writes the one entity of a column that holds no array, as a key with its data. */
    void writeUnstruct(Field<?> field, byte[] line, int from, int to, int maxDepth, Output out) {
        if (!readEnvelope(field, line, from, to, maxDepth)) {
            return;
        }
        int entity = dataFrom;
        int end = readMembers(entity);
        EntityGroup group = groupOf(entity);
        if (group == null) {
            reject(field, LineErrors.NO_ENTITY, entity, end);
            return;
        }
        out.append(UNSTRUCT_KEY);
        out.append(group.name());
        out.append(KEY_END);
        out.append(json.bytes, dataFrom, dataTo);
    }

    /** The entities of a column of either kind, in order; of none when something is wrong with it. */
    List<Entity> list(Entity.Source source, byte[] line, int from, int to, int maxDepth) {
        Field<?> field = source.field();
        boolean array = field.kind() == Field.Kind.CONTEXTS;
        int envelope = json.length;
        if (array) {
            addContexts(field, line, from, to, maxDepth);
        } else {
            writeUnstruct(field, line, from, to, maxDepth, new Output(to - from));
        }
        if (!errors.isEmpty()) {
            return List.of();
        }
        byte[] text = Arrays.copyOfRange(json.bytes, envelope, json.length);
        List<Entity> found = new ArrayList<>();
        readMembers(envelope);
        int at = array ? dataFrom + 1 : dataFrom;
        boolean more = json.bytes[at] != ']';
        while (more) {
            int end = readMembers(at);
            String name = new String(Objects.requireNonNull(groupOf(at)).name(), StandardCharsets.US_ASCII);
            SchemaKey schema = SchemaKey.parse(schemaText());
            found.add(new Entity(source, found.size(), schema, name, text, dataFrom - envelope, dataTo - envelope));
            more = array && json.bytes[end] == ',';
            at = end + 1;
        }
        return found;
    }

    /** Forgets the line. */
    void clear() {
        for (EntityGroup group : groups) {
            group.clear();
        }
        groups.clear();
        entities = 0;
        json.clear();
        if (successors.length > KEPT) {
            groups = new ArrayList<>(INITIAL);
            dataStarts = new int[INITIAL];
            dataEnds = new int[INITIAL];
            successors = new int[INITIAL];
        }
        names.forgetWhenFull();
    }

    /** Checks a column down to the data of its envelope, which is then the data that was read last. */
    private boolean readEnvelope(Field<?> field, byte[] line, int from, int to, int maxDepth) {
        int envelope = json.length;
        Code code = compactor.compact(line, from, to, maxDepth, json);
        if (code != null) {
            errors.addJson(field, code, compactor, maxDepth, line, from, to);
            return false;
        }
        boolean array = field.kind() == Field.Kind.CONTEXTS;
        String problem = null;
        if (json.bytes[envelope] != '{') {
            problem = "the envelope is %s, want an object".formatted(kind(envelope));
        } else {
            readMembers(envelope);
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

    /**
     * Finds the last {@code schema} and the last {@code data} of the object that starts here, if it is one.
     *
     * @return the end of the value
     */
    private int readMembers(int from) {
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

    /** The group of the entity that was read last, or null when it is a bad one. */
    private @Nullable EntityGroup groupOf(int entity) {
        boolean complete = json.bytes[entity] == '{' && dataFrom != ABSENT && isSchemaText();
        return complete ? names.group(json.bytes, schemaFrom + 1, schemaTo - 1) : null;
    }

    private boolean isSchemaText() {
        return schemaFrom != ABSENT && json.bytes[schemaFrom] == '"';
    }

    private void add(EntityGroup group) {
        if (entities == successors.length) {
            dataStarts = Arrays.copyOf(dataStarts, 2 * entities);
            dataEnds = Arrays.copyOf(dataEnds, 2 * entities);
            successors = Arrays.copyOf(successors, 2 * entities);
        }
        int entity = entities++;
        dataStarts[entity] = dataFrom;
        dataEnds[entity] = dataTo;
        successors[entity] = EntityGroup.NONE;
        if (group.first == EntityGroup.NONE) {
            groups.add(group);
            group.first = entity;
        } else {
            successors[group.last] = entity;
        }
        group.last = entity;
    }

    /** Says what is wrong with the entity that was read last. */
    private void reject(Field<?> field, int index, int from, int to) {
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
        String value = Utf8.clip(json.bytes, from, to, BadRow.VALUE_CODE_POINTS);
        errors.addEntity(field, Code.NOT_SELF_DESCRIBING, index, where + problem, value);
    }

    private String schemaText() {
        return JsonText.decode(json.bytes, schemaFrom + 1, schemaTo - 1);
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
}
