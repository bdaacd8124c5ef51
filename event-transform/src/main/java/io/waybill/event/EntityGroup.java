package io.waybill.event;

/**
 * The entities of one line that share an output key: a list of indices which {@link Entities} links.
 *
 * <p>There is one instance per key name, so entities are grouped by identity and nothing is searched.
 */
final class EntityGroup {

    static final int NONE = -1;

    private final byte[] name;

    int first = NONE;
    int last = NONE;

    EntityGroup(byte[] name) {
        this.name = name;
    }

    /** The key after its prefix: vendor, name and model, such as {@code com_acme_page_view_1}. */
    byte[] name() {
        return name;
    }

    /** Makes the list empty, for the next line. */
    void clear() {
        first = NONE;
        last = NONE;
    }
}
