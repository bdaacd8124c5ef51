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

    /** A remembered URI, as it stands in the JSON: in words, of which the last is filled up with zeros. */
    private static final class Entry {
        final long[] uri;
        final int length;
        final int hash;
        final Schema schema;

        Entry(byte[] json, int from, int to, int hash, Schema schema) {
            this.uri = new long[(to - from + Long.BYTES - 1) / Long.BYTES];
            for (int i = 0; i < uri.length; i++) {
                uri[i] = word(json, from + i * Long.BYTES, to);
            }
            this.length = to - from;
            this.hash = hash;
            this.schema = schema;
        }

        boolean is(byte[] json, int from, int to) {
            boolean same = to - from == length;
            for (int i = 0; same && i < uri.length; i++) {
                same = uri[i] == word(json, from + i * Long.BYTES, to);
            }
            return same;
        }
    }

    private final @Nullable Entry[] entries = new @Nullable Entry[SLOTS];
    private int uris;

    /** By name; strings, because a hash map keeps colliding ones in a tree. */
    private Map<String, EntityGroup> groups = new HashMap<>();

    private int nameBytes;

    /** The schema whose URI is the inside of a JSON string, with eight bytes after it; null where that is no Iglu URI. */
    @Nullable
    Schema schema(byte[] json, int from, int to) {
        int hash = hash(json, from, to);
        for (int probe = 0; probe < PROBES; probe++) {
            int slot = hash + probe & SLOTS - 1;
            Entry entry = entries[slot];
            if (entry == null) {
                return learn(json, from, to, hash, slot);
            }
            if (entry.hash == hash && entry.is(json, from, to)) {
                return entry.schema;
            }
        }
        return read(json, from, to);
    }

    private static int hash(byte[] json, int from, int to) {
        long hash = 0;
        for (int at = from; at < to; at += Long.BYTES) {
            hash = (hash ^ word(json, at, to)) * Swar.MIXER;
            hash ^= hash >>> Integer.SIZE;
        }
        return (int) hash;
    }

    private static long word(byte[] json, int at, int to) {
        long word = Swar.load(json, at);
        return to - at < Long.BYTES ? word & ~(-1L << (Byte.SIZE * (to - at))) : word;
    }

    private @Nullable Schema learn(byte[] json, int from, int to, int hash, int slot) {
        Schema schema = read(json, from, to);
        if (schema != null && to - from <= LONGEST_URI && uris < MOST_URIS) {
            entries[slot] = new Entry(json, from, to, hash, schema);
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
        EntityGroup group = new EntityGroup(name);
        groups.put(name, group);
        nameBytes += name.length();
        return group;
    }

    /** Whether it has reached its bounds, and {@link #clear()} should be called between two lines. */
    boolean isFull() {
        return uris >= MOST_URIS || groups.size() >= MOST_NAMES || nameBytes >= MOST_NAME_BYTES;
    }

    /** Forgets everything; nobody may hold a schema or group then. */
    void clear() {
        Arrays.fill(entries, null);
        uris = 0;
        groups = new HashMap<>();
        nameBytes = 0;
    }
}
