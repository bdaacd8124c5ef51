package io.waybill.event;

import io.waybill.event.BadRow.Code;
import io.waybill.event.EventTransformer.SchemaVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The entities of one line: groups them by output key, and writes their data. */
final class Entities {

    /** A column with more bad entities than this has the first ones listed and the others counted. */
    static final int MOST_LISTED = 1 << 16;

    private static final byte[] VERSION_NAME = Ascii.bytes("_schema_version");

    private static final int INITIAL = 64;
    private static final int KEPT = 1 << 14;

    private final LineErrors errors;
    private final SelfDescribing columns;
    private final Output json;

    private List<EntityGroup> groups = new ArrayList<>(INITIAL);
    private int entities;
    private List<Schema> schemas = new ArrayList<>(INITIAL);
    private int[] dataStarts = new int[INITIAL];
    private int[] dataEnds = new int[INITIAL];

    /** For each entity the next one of its group. */
    private int[] successors = new int[INITIAL];

    Entities(LineErrors errors) {
        this.errors = errors;
        this.columns = new SelfDescribing(errors);
        this.json = columns.json;
    }

    /** The number of distinct keys among the contexts added so far. */
    int groups() {
        return groups.size();
    }

    /** Adds the entities of a column of contexts. */
    void addContexts(Field<?> field, byte[] line, int from, int to, Layout layout) {
        if (!columns.readEnvelope(field, line, from, to, layout)) {
            return;
        }
        int at = columns.dataFrom + 1;
        if (json.bytes[at] == ']') {
            return;
        }
        int bad = 0;
        int index = 0;
        while (true) {
            int end = columns.readMembers(at);
            Schema schema = columns.schemaOf(at);
            if (schema != null) {
                add(schema);
            } else if (++bad <= MOST_LISTED) {
                columns.reject(field, index, at, end);
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

    private void add(Schema schema) {
        if (entities == successors.length) {
            dataStarts = Arrays.copyOf(dataStarts, 2 * entities);
            dataEnds = Arrays.copyOf(dataEnds, 2 * entities);
            successors = Arrays.copyOf(successors, 2 * entities);
        }
        int entity = entities++;
        dataStarts[entity] = columns.dataFrom;
        dataEnds[entity] = columns.dataTo;
        schemas.add(schema);
        successors[entity] = EntityGroup.NONE;
        EntityGroup group = schema.group();
        if (group.first == EntityGroup.NONE) {
            groups.add(group);
            group.first = entity;
        } else {
            successors[group.last] = entity;
        }
        group.last = entity;
    }

    /** The schema of the one entity of a column that holds no array, whose data is then the data that was read last. */
    private @Nullable Schema readUnstruct(Field<?> field, byte[] line, int from, int to, Layout layout) {
        if (!columns.readEnvelope(field, line, from, to, layout)) {
            return null;
        }
        int entity = columns.dataFrom;
        int end = columns.readMembers(entity);
        Schema schema = columns.schemaOf(entity);
        if (schema == null) {
            columns.reject(field, LineErrors.NO_ENTITY, entity, end);
        }
        return schema;
    }

    /** Writes the contexts of some of the groups, each as a key with an array. */
    void writeContexts(int fromGroup, int toGroup, Layout layout, Output out) {
        for (int i = fromGroup; i < toGroup; i++) {
            EntityGroup group = groups.get(i);
            out.append(group.contextsKey());
            char separator = '[';
            for (int entity = group.first; entity != EntityGroup.NONE; entity = successors[entity]) {
                out.append(separator);
                writeData(dataStarts[entity], dataEnds[entity], schemas.get(entity), layout.schemaVersion, out);
                separator = ',';
            }
            out.append(']');
        }
    }

    /** Writes data, and when it is asked for and data is an object that does not tell it already, the version in it. */
    private void writeData(int from, int to, Schema schema, SchemaVersion version, Output out) {
        boolean told = version == SchemaVersion.NONE
                || json.bytes[from] != '{'
                || JsonText.hasMember(VERSION_NAME, json.bytes, from);
        if (told) {
            out.append(json.bytes, from, to);
            return;
        }
        out.append(json.bytes, from, to - 1);
        if (to - from > 2) {
            out.append(',');
        }
        out.append('"');
        out.append(VERSION_NAME);
        out.append('"');
        out.append(':');
        out.append('"');
        if (version == SchemaVersion.URI) {
            schema.appendUri(out);
        } else {
            schema.appendVersion(out);
        }
        out.append('"');
        out.append('}');
    }

    /** Writes the one entity of a column that holds no array, as a key with its data. */
    void writeUnstruct(Field<?> field, byte[] line, int from, int to, Layout layout, Output out) {
        Schema schema = readUnstruct(field, line, from, to, layout);
        if (schema != null) {
            out.append(schema.group().unstructKey());
            out.append(json.bytes, columns.dataFrom, columns.dataTo);
        }
    }

    /** Writes a column as the one JSON object it is, checked as far as the other methods check it. */
    void writeColumn(Field<?> field, byte[] line, int from, int to, Layout layout, Output out) {
        int start = json.length;
        check(field, line, from, to, layout);
        out.append(json.bytes, start, json.length);
    }

    /** Checks a column of either kind down to the schema of each entity. */
    void check(Field<?> field, byte[] line, int from, int to, Layout layout) {
        if (field.kind() == Field.Kind.CONTEXTS) {
            addContexts(field, line, from, to, layout);
        } else {
            readUnstruct(field, line, from, to, layout);
        }
    }

    /** The entities of a column of either kind, in order; none when something is wrong with it. */
    List<Entity> list(Entity.Source source, byte[] line, int from, int to, Layout layout) {
        Field<?> field = source.field();
        boolean array = field.kind() == Field.Kind.CONTEXTS;
        int envelope = json.length;
        check(field, line, from, to, layout);
        if (!errors.isEmpty()) {
            return List.of();
        }
        byte[] text = Arrays.copyOfRange(json.bytes, envelope, json.length);
        List<Entity> found = new ArrayList<>();
        columns.readMembers(envelope);
        int at = array ? columns.dataFrom + 1 : columns.dataFrom;
        boolean more = json.bytes[at] != ']';
        while (more) {
            int end = columns.readMembers(at);
            Schema schema = Objects.requireNonNull(columns.schemaOf(at));
            int dataFrom = columns.dataFrom - envelope;
            found.add(new Entity(source, found.size(), schema, text, dataFrom, columns.dataTo - envelope));
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
        schemas.clear();
        entities = 0;
        columns.clear();
        if (successors.length > KEPT) {
            groups = new ArrayList<>(INITIAL);
            dataStarts = new int[INITIAL];
            dataEnds = new int[INITIAL];
            schemas = new ArrayList<>(INITIAL);
            successors = new int[INITIAL];
        }
    }
}
