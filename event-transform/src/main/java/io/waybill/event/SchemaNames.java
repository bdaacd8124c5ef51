package io.waybill.event;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Schemas by their URIs, and the groups of entities by the key names that follow, remembered within bounds.
 *
 * <p>A URI seen before is found by its bytes as they stand in the JSON, escapes included; the look-up takes a bounded
 * number of steps whatever the input. What is remembered may exceed its bounds by one line and is then forgotten.
 */
final class SchemaNames {

    private static final int SLOTS = 4096;
    private static final int PROBES = 8;
    private static final int MOST_URIS = 1024;
    private static final int LONGEST_URI = 512;
    private static final int MOST_NAMES = 1024;
    private static final int MOST_NAME_BYTES = 1 << 18;

    /** A remembered URI, as it stands in the JSON. */
    private static final class Entry {
        final byte[] uri;
        final int hash;
        final Schema schema;

        Entry(byte[] uri, int hash, Schema schema) {
            this.uri = uri;
            this.hash = hash;
            this.schema = schema;
        }
    }

    private final @Nullable Entry[] entries = new @Nullable Entry[SLOTS];
    private int uris;

    /** By name; strings, because a hash map keeps colliding ones in a tree. */
    private Map<String, EntityGroup> groups = new HashMap<>();

    private int nameBytes;

    /** The schema whose URI is the inside of a JSON string; null where that is no Iglu URI. */
    @Nullable
    Schema schema(byte[] json, int from, int to) {
        int hash = hash(json, from, to);
        for (int probe = 0; probe < PROBES; probe++) {
            int slot = hash + probe & SLOTS - 1;
            Entry entry = entries[slot];
            if (entry == null) {
                return learn(json, from, to, hash, slot);
            }
            if (entry.hash == hash && Arrays.equals(entry.uri, 0, entry.uri.length, json, from, to)) {
                return entry.schema;
            }
        }
        return read(json, from, to);
    }

    private static int hash(byte[] json, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + json[i];
        }
        return hash ^ hash >>> 16;
    }

    private @Nullable Schema learn(byte[] json, int from, int to, int hash, int slot) {
        Schema schema = read(json, from, to);
        if (schema != null && to - from <= LONGEST_URI && uris < MOST_URIS) {
            entries[slot] = new Entry(Arrays.copyOfRange(json, from, to), hash, schema);
            uris++;
        }
        return schema;
    }

    private @Nullable Schema read(byte[] json, int from, int to) {
        String text = JsonText.decode(json, from, to);
        IgluUri uri = IgluUri.parse(text);
        return uri == null ? null : new Schema(group(uri.keyName()), Ascii.bytes(text), uri.versionStart());
    }

    private EntityGroup group(String name) {
        EntityGroup known = groups.get(name);
        if (known != null) {
            return known;
        }
        EntityGroup group = new EntityGroup(Ascii.bytes(name));
        groups.put(name, group);
        nameBytes += name.length();
        return group;
    }

    /** To be called between lines, when nobody holds a schema or group. */
    void forgetWhenFull() {
        if (uris >= MOST_URIS || groups.size() >= MOST_NAMES || nameBytes >= MOST_NAME_BYTES) {
            Arrays.fill(entries, null);
            uris = 0;
            groups = new HashMap<>();
            nameBytes = 0;
        }
    }
}
