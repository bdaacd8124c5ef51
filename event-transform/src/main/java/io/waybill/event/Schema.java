package io.waybill.event;

import java.util.Arrays;

/** A schema that entities name: its URI, and the group that its entities belong to. */
final class Schema {

    private final EntityGroup group;
    private final byte[] uri;
    private final int version;

    /** The version starts there in the URI. */
    Schema(EntityGroup group, byte[] uri, int version) {
        this.group = group;
        this.uri = uri;
        this.version = version;
    }

    EntityGroup group() {
        return group;
    }

    boolean startsWith(byte[] prefix) {
        return uri.length >= prefix.length && Arrays.equals(uri, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Appends the URI, which needs no escapes. */
    void appendUri(Output out) {
        out.append(uri);
    }

    /** Appends model, revision and addition, such as {@code 1-0-0}. */
    void appendVersion(Output out) {
        out.append(uri, version, uri.length);
    }
}
