package io.waybill.event;

/**
 * The self-describing JSON of a line in its common form: members {@code schema} and {@code data} once each, in any order
 * and among any others. For one thread.
 *
 * <p>Where a column has very many entities, or very many derived contexts belong to the keys of custom ones, the exact code
 * takes the line.
 */
final class FastEntities {

    private static final int ODD = JsonScanner.ODD;

    private static final long SCHEMA = Swar.word("\"schema\"");
    private static final long DATA = Swar.word("\"data\":");
    private static final long DATA_BYTES = 0x00FF_FFFF_FFFF_FFFFL;

    private static final int MOST_ENTITIES = 256;

    // brackets that are open around the parts of a column
    private static final int IN_ENVELOPE = 1;
    private static final int IN_ENTITY = 2;
    private static final int IN_CONTEXT = 3;

    /** Which member of an object it is. */
    private enum Member {
        SCHEMA,
        DATA,
        OTHER,
        ODD
    }

    private final Output out;
    private final SchemaNames schemas = new SchemaNames();
    private final Openings openings = new Openings();
    private final NameMemory memory = new NameMemory();
    private final JsonScanner scanner = new JsonScanner(memory);
    private final Output compact = new Output(1 << 14);

    private final EntityGroup[] groups = new EntityGroup[MOST_ENTITIES];
    private int groupCount;
    private final int[] dataStarts = new int[MOST_ENTITIES];
    private final int[] dataEnds = new int[MOST_ENTITIES];
    private final int[] successors = new int[MOST_ENTITIES];
    private int entityCount;

    /** The bytes that derived contexts add to the arrays of custom ones. */
    private int lateBytes;

    /** Where the value of the member starts that was read last. */
    private int value;

    // the entity that was read last
    private EntityGroup group = EntityGroup.UNKNOWN;
    private int dataFrom;
    private int dataTo;

    /** Whether its schema stands before its data. */
    private boolean isOpened;

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
            openings.clear();
        }
    }

    /**
     * Appends the keys of a column after its blanks were taken out; or nothing, and answers {@link JsonScanner#ODD}.
     *
     * @param limit an end of the line or after it
     */
    int compact(byte[] line, int from, int limit, boolean unstruct, Layout layout) {
        compact.ensure(limit - from + JsonScanner.SLACK);
        int end = JsonBlanks.strip(line, from, compact.bytes);
        if (end == ODD) {
            return ODD;
        }
        int read = unstruct ? unstruct(compact.bytes, 0, layout) : contexts(compact.bytes, 0, layout);
        return read == ODD ? ODD : end;
    }

    /** Appends a key for each group of contexts; or nothing, and answers {@link JsonScanner#ODD}. */
    int contexts(byte[] json, int from, Layout layout) {
        int firstGroup = groupCount;
        int firstEntity = entityCount;
        lateBytes = 0;
        int end = envelope(json, from, firstGroup, layout);
        if (end == ODD || json[end] != '\t') {
            for (int i = 0; i < firstGroup; i++) {
                groups[i].late = EntityGroup.NONE;
            }
            for (int i = firstGroup; i < groupCount; i++) {
                groups[i].clear();
            }
            groupCount = firstGroup;
            entityCount = firstEntity;
            return ODD;
        }
        if (lateBytes > 0) {
            insertLate(firstGroup, json);
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
            switch (member(json, at)) {
                case SCHEMA, OTHER -> at = scanner.value(json, value, deepest(layout, IN_ENVELOPE), NameMemory.UNKNOWN);
                case DATA -> {
                    if (read) {
                        return ODD;
                    }
                    read = true;
                    at = firstGroup == ODD
                            ? entity(json, value, deepest(layout, IN_ENTITY))
                            : array(json, value, firstGroup, deepest(layout, IN_CONTEXT));
                }
                default -> {
                    return ODD;
                }
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

    /** Reads the name of a member and its colon. */
    private Member member(byte[] json, int at) {
        long word = Swar.load(json, at);
        if (word == SCHEMA && json[at + Long.BYTES] == ':') {
            value = at + Long.BYTES + 1;
            return Member.SCHEMA;
        }
        if ((word & DATA_BYTES) == DATA) {
            value = at + Long.BYTES - 1;
            return Member.DATA;
        }
        return unusual(json, at);
    }

    /** Reads the name of a member with escapes in it, or of one that means nothing. */
    private Member unusual(byte[] json, int at) {
        int end = json[at] == '"' ? JsonScanner.string(json, at + 1) : ODD;
        if (end == ODD || json[end] != ':') {
            return Member.ODD;
        }
        value = end + 1;
        return JsonText.decodesTo(SelfDescribing.SCHEMA, json, at + 1, end - 1)
                ? Member.SCHEMA
                : JsonText.decodesTo(SelfDescribing.DATA, json, at + 1, end - 1) ? Member.DATA : Member.OTHER;
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
        Openings.Opening opening = deepest < 0 ? null : openings.find(json, from);
        if (opening == null) {
            int end = anyEntity(json, from, deepest);
            if (end != ODD && isOpened) {
                openings.learn(json, from, dataFrom, group);
            }
            return end;
        }
        group = opening.group();
        dataFrom = from + opening.length();
        dataTo = scanner.value(json, dataFrom, deepest, namesOf(group));
        if (dataTo == ODD) {
            return ODD;
        }
        return json[dataTo] == '}' ? dataTo + 1 : anyEntity(json, from, deepest);
    }

    /** Reads an entity that does not begin as one did before. */
    private int anyEntity(byte[] json, int from, int deepest) {
        if (json[from] != '{' || deepest < 0) {
            return ODD;
        }
        int at = from + 1;
        group = EntityGroup.UNKNOWN;
        dataFrom = ODD;
        while (true) {
            switch (member(json, at)) {
                case SCHEMA -> at = group == EntityGroup.UNKNOWN ? schema(json, value) : ODD;
                case DATA -> {
                    if (dataFrom != ODD) {
                        return ODD;
                    }
                    dataFrom = value;
                    isOpened = group != EntityGroup.UNKNOWN;
                    at = scanner.value(json, dataFrom, deepest, namesOf(group));
                    dataTo = at;
                }
                case OTHER -> at = scanner.value(json, value, deepest, NameMemory.UNKNOWN);
                default -> {
                    return ODD;
                }
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

    /** Finds the group of the schema whose text starts here, and answers the end of the text. */
    private int schema(byte[] json, int from) {
        int end = json[from] == '"' ? JsonScanner.string(json, from + 1) : ODD;
        Schema schema = end == ODD ? null : schemas.schema(json, from + 1, end - 1);
        if (schema == null) {
            return ODD;
        }
        group = schema.group();
        return end;
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

    /** Adds the entity that was read last; false, where there are too many. */
    private boolean add(int firstGroup) {
        if (entityCount == MOST_ENTITIES) {
            return false;
        }
        int entity = entityCount++;
        dataStarts[entity] = dataFrom;
        dataEnds[entity] = dataTo;
        successors[entity] = EntityGroup.NONE;
        if (group.first == EntityGroup.NONE) {
            group.index = groupCount;
            group.first = entity;
            groups[groupCount++] = group;
        } else if (group.index < firstGroup) {
            successors[entity] = group.late;
            group.late = entity;
            lateBytes += 1 + dataTo - dataFrom;
            return true;
        } else {
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
        group.end = out.length;
        out.append(']');
    }

    /** Adds derived contexts to the arrays of custom ones: the last array and its last entity first, each byte moved once. */
    private void insertLate(int firstGroup, byte[] json) {
        out.ensure(lateBytes);
        byte[] bytes = out.bytes;
        int end = out.length;
        out.length = end + lateBytes;
        int shift = lateBytes;
        for (int i = firstGroup - 1; shift > 0; i--) {
            EntityGroup group = groups[i];
            if (group.late == EntityGroup.NONE) {
                continue;
            }
            int at = group.end + shift;
            System.arraycopy(bytes, group.end, bytes, at, end - group.end);
            for (int entity = group.late; entity != EntityGroup.NONE; entity = successors[entity]) {
                int length = dataEnds[entity] - dataStarts[entity];
                at -= length;
                System.arraycopy(json, dataStarts[entity], bytes, at, length);
                bytes[--at] = ',';
            }
            shift = at - group.end;
            end = group.end;
        }
    }
}
