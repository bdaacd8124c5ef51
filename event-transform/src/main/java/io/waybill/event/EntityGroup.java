package io.waybill.event;

/**
 * The entities of one line that share an output key: a list of indices which {@link Entities} links.
 *
 * <p>There is one instance per key name, so entities are grouped by identity and nothing is searched.
 */
final class EntityGroup {

    static final int NONE = -1;

    /** The group of an entity whose schema was not read yet. */
    static final EntityGroup UNKNOWN = new EntityGroup("");

    private final String name;
    private final byte[] contextsKey;
    private final byte[] unstructKey;

    /** The root of the names in the data of its entities. */
    int names = NameMemory.UNKNOWN;

    int first = NONE;
    int last = NONE;

    // of custom contexts that are written already
    /** Its place among the groups of the line. */
    int index;

    /** Where its array's closing bracket is in the output. */
    int end;

    /** The last of the derived contexts that belong to it; each is linked to the one before. */
    int late = NONE;

    /** The group of a name: vendor, name and model, such as {@code com_acme_page_view_1}. */
    EntityGroup(String name) {
        this.name = name;
        contextsKey = Ascii.bytes(",\"contexts_" + name + "\":");
        unstructKey = Ascii.bytes(",\"unstruct_event_" + name + "\":");
    }

    /** The key after its prefix. */
    String name() {
        return name;
    }

    /** The key of contexts, with the comma before it and the colon. */
    byte[] contextsKey() {
        return contextsKey;
    }

    /** The key of an unstruct event, with the comma before it and the colon. */
    byte[] unstructKey() {
        return unstructKey;
    }

    /** Makes the list empty, for the next line. */
    void clear() {
        first = NONE;
        last = NONE;
        late = NONE;
    }
}
