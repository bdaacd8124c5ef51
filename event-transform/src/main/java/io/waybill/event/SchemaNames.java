package io.waybill.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Schemas by their URIs, and the groups of entities by the key names that follow, remembered within bounds.
 *
 * <p>A URI seen before is found by its bytes; the look-up takes a bounded number of steps whatever the input. What is
 * remembered may exceed its bounds by one line and is then forgotten.
 */
final class SchemaNames {

    private static final int SLOTS = 4096;
    private static final int PROBES = 8;
    private static final int NO_SLOT = -1;
    private static final int MOST_URIS = 1024;
    private static final int LONGEST_URI = 512;
    private static final int MOST_NAMES = 1024;
    private static final int MOST_NAME_BYTES = 1 << 18;

    /** A remembered URI: in words, of which the last is filled up with zeros. */
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

    /** A URI that stands in the JSON with escapes, without them. */
    private final Output unescaped = new Output(LONGEST_URI);

    /** The schema whose URI is the inside of a JSON string, with eight bytes after it; null where that is no Iglu URI. */
    @Nullable
    Schema schema(byte[] json, int from, int to) {
        int hash = hash(json, from, to);
        int slot = NO_SLOT;
        for (int probe = 0; probe < PROBES && slot == NO_SLOT; probe++) {
            Entry entry = entries[hash + probe & SLOTS - 1];
            if (entry == null) {
                slot = hash + probe & SLOTS - 1;
            } else if (entry.hash == hash && entry.is(json, from, to)) {
                return entry.schema;
            }
        }
        return JsonText.hasEscapes(json, from, to) ? escaped(json, from, to) : learn(json, from, to, hash, slot);
    }

    private @Nullable Schema escaped(byte[] json, int from, int to) {
        unescaped.clear();
        boolean ascii = JsonText.unescape(json, from, to, unescaped);
        unescaped.ensure(Long.BYTES);
        byte[] uri = unescaped.bytes;
        int length = unescaped.length;
        return ascii && !JsonText.hasEscapes(uri, 0, length) ? schema(uri, 0, length) : null;
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
        IgluUri uri = IgluUri.parse(new String(json, from, to - from, StandardCharsets.ISO_8859_1));
        if (uri == null) {
            return null;
        }
        Schema schema = new Schema(group(uri.keyName()), Arrays.copyOfRange(json, from, to), uri.versionStart());
        if (slot != NO_SLOT && to - from <= LONGEST_URI && uris < MOST_URIS) {
            entries[slot] = new Entry(json, from, to, hash, schema);
            uris++;
        }
        return schema;
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
