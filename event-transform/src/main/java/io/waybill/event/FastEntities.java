package io.waybill.event;

/**
 * The self-describing JSON of a line in its common form: members {@code schema} and {@code data} once each and without
 * escapes in their names, in either order, and no others. For one thread.
 *
 * <p>Where data is of many entities, or of custom and derived contexts under one key, the exact code takes the line.
 */
final class FastEntities {

    private static final int ODD = JsonScanner.ODD;

    private static final long SCHEMA = Swar.word("\"schema\"");
    private static final long DATA = Swar.word("\"data\":");
    private static final long DATA_BYTES = 0x00FF_FFFF_FFFF_FFFFL;
    private static final int SCHEMA_VALUE = 9;
    private static final int DATA_VALUE = 7;

    private static final int MOST_ENTITIES = 256;

    // brackets that are open around the parts of a column
    private static final int IN_ENVELOPE = 1;
    private static final int IN_ENTITY = 2;
    private static final int IN_CONTEXT = 3;

    private final Output out;
    private final SchemaNames schemas = new SchemaNames();
    private final NameMemory memory = new NameMemory();
    private final JsonScanner scanner = new JsonScanner(memory);
    private final JsonCompactor compactor = new JsonCompactor();
    private final Output compact = new Output(1 << 14);

    private final EntityGroup[] groups = new EntityGroup[MOST_ENTITIES];
    private int groupCount;
    private final int[] dataStarts = new int[MOST_ENTITIES];
    private final int[] dataEnds = new int[MOST_ENTITIES];
    private final int[] successors = new int[MOST_ENTITIES];
    private int entityCount;

    // the entity that was read last
    private EntityGroup group = EntityGroup.UNKNOWN;
    private int dataFrom;
    private int dataTo;

    /** Appends to this output. */
    FastEntities(Output out) {
        this.out = out;
    }

    /** Forgets the line. */
    void clear() {
        for (int i = 0; i < groupCount; i++) {
            groups[i].clear();
        }
        groupCount = 0;
        entityCount = 0;
        compact.clear();
        if (schemas.isFull() || memory.isFull()) {
            schemas.clear();
            memory.clear();
        }
    }

    /** Appends the keys of a column after its blanks were taken out; false, where it is odd even so. */
    boolean compact(byte[] line, int from, int to, boolean unstruct, Layout layout) {
        compact.length = 0;
        if (compactor.compact(line, from, to, layout.maxDepth, compact) != null) {
            return false;
        }
        int end = compact.length;
        compact.append('\t');
        compact.ensure(JsonScanner.SLACK);
        int read = unstruct ? unstruct(compact.bytes, 0, layout) : contexts(compact.bytes, 0, layout);
        return read == end;
    }

    /** Appends a key for each group of contexts; or nothing, and answers {@link JsonScanner#ODD}. */
    int contexts(byte[] json, int from, Layout layout) {
        int firstGroup = groupCount;
        int firstEntity = entityCount;
        int end = envelope(json, from, firstGroup, layout);
        if (end == ODD || json[end] != '\t') {
            for (int i = firstGroup; i < groupCount; i++) {
                groups[i].clear();
            }
            groupCount = firstGroup;
            entityCount = firstEntity;
            return ODD;
        }
        for (int i = firstGroup; i < groupCount; i++) {
            writeContexts(groups[i], json);
        }
        return end;
    }

    /** Appends the key of an unstruct event; or nothing, and answers {@link JsonScanner#ODD}. */
    int unstruct(byte[] json, int from, Layout layout) {
        int end = envelope(json, from, ODD, layout);
        if (end == ODD || json[end] != '\t') {
            return ODD;
        }
        out.append(group.unstructKey());
        out.append(json, dataFrom, dataTo);
        return end;
    }

    /** The end of a column's JSON, whose data is an array, or one entity where no group is the first of an array. */
    private int envelope(byte[] json, int from, int firstGroup, Layout layout) {
        if (json[from] != '{') {
            return ODD;
        }
        int at = from + 1;
        boolean read = false;
        while (true) {
            if (isSchema(json, at)) {
                at = scanner.value(json, at + SCHEMA_VALUE, deepest(layout, IN_ENVELOPE), NameMemory.UNKNOWN);
            } else if (isData(json, at) && !read) {
                read = true;
                at = firstGroup == ODD
                        ? entity(json, at + DATA_VALUE, deepest(layout, IN_ENTITY))
                        : array(json, at + DATA_VALUE, firstGroup, deepest(layout, IN_CONTEXT));
            } else {
                return ODD;
            }
            if (at == ODD) {
                return ODD;
            }
            byte b = json[at++];
            if (b == '}') {
                return read ? at : ODD;
            }
            if (b != ',') {
                return ODD;
            }
        }
    }

    private static int deepest(Layout layout, int open) {
        return Math.min(layout.maxDepth - open, JsonScanner.DEEPEST);
    }

    private static boolean isSchema(byte[] json, int at) {
        return Swar.load(json, at) == SCHEMA && json[at + SCHEMA_VALUE - 1] == ':';
    }

    private static boolean isData(byte[] json, int at) {
        return (Swar.load(json, at) & DATA_BYTES) == DATA;
    }

    private int array(byte[] json, int from, int firstGroup, int deepest) {
        if (json[from] != '[' || deepest < 0) {
            return ODD;
        }
        int at = from + 1;
        if (json[at] == ']') {
            return at + 1;
        }
        while (true) {
            at = entity(json, at, deepest);
            if (at == ODD || !add(firstGroup)) {
                return ODD;
            }
            byte b = json[at++];
            if (b == ']') {
                return at;
            }
            if (b != ',') {
                return ODD;
            }
        }
    }

    /** Reads an entity: its group, and where its data is. */
    private int entity(byte[] json, int from, int deepest) {
        if (json[from] != '{' || deepest < 0) {
            return ODD;
        }
        int at = from + 1;
        group = EntityGroup.UNKNOWN;
        dataFrom = ODD;
        while (true) {
            if (isSchema(json, at) && group == EntityGroup.UNKNOWN && json[at + SCHEMA_VALUE] == '"') {
                int uri = at + SCHEMA_VALUE + 1;
                at = JsonScanner.string(json, uri);
                Schema schema = at == ODD ? null : schemas.schema(json, uri, at - 1);
                if (schema == null) {
                    return ODD;
                }
                group = schema.group();
            } else if (isData(json, at) && dataFrom == ODD) {
                dataFrom = at + DATA_VALUE;
                at = scanner.value(json, dataFrom, deepest, namesOf(group));
                dataTo = at;
            } else {
                return ODD;
            }
            if (at == ODD) {
                return ODD;
            }
            byte b = json[at++];
            if (b == '}') {
                return group != EntityGroup.UNKNOWN && dataFrom != ODD ? at : ODD;
            }
            if (b != ',') {
                return ODD;
            }
        }
    }

    private int namesOf(EntityGroup group) {
        if (group == EntityGroup.UNKNOWN) {
            return NameMemory.UNKNOWN;
        }
        if (group.names == NameMemory.UNKNOWN) {
            group.names = memory.root();
        }
        return group.names;
    }

    /** Adds the entity that was read last; false, where its group belongs to the column before or there are too many. */
    private boolean add(int firstGroup) {
        if (entityCount == MOST_ENTITIES) {
            return false;
        }
        int entity = entityCount++;
        dataStarts[entity] = dataFrom;
        dataEnds[entity] = dataTo;
        successors[entity] = EntityGroup.NONE;
        if (group.first == EntityGroup.NONE) {
            groups[groupCount++] = group;
            group.first = entity;
        } else {
            for (int i = 0; i < firstGroup; i++) {
                if (groups[i] == group) {
                    return false;
                }
            }
            successors[group.last] = entity;
        }
        group.last = entity;
        return true;
    }

    private void writeContexts(EntityGroup group, byte[] json) {
        out.append(group.contextsKey());
        char separator = '[';
        for (int entity = group.first; entity != EntityGroup.NONE; entity = successors[entity]) {
            out.append(separator);
            out.append(json, dataStarts[entity], dataEnds[entity]);
            separator = ',';
        }
        out.append(']');
    }
}
