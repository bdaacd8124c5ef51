package io.waybill.event;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Iglu URIs and the key names that follow from them, remembered within bounds.
 *
 * <p>A URI seen before is found by its bytes as they stand in the JSON, escapes included; the look-up takes a bounded
 * number of steps whatever the input. What is remembered may exceed its bounds by one line and is then forgotten.
 */
final class SchemaNames {

    private static final Pattern URI = Pattern.compile("iglu:(?<vendor>[A-Za-z0-9_.-]++)/(?<name>[A-Za-z0-9_-]++)"
            + "/[A-Za-z0-9_-]++/(?<model>[1-9][0-9]*+)-(?:0|[1-9][0-9]*+)-(?:0|[1-9][0-9]*+)");

    private static final Pattern WORD_START = Pattern.compile("(?<=[^A-Z_])(?=[A-Z])");

    private static final int SLOTS = 4096;
    private static final int PROBES = 8;
    private static final int MOST_URIS = 1024;
    private static final int LONGEST_URI = 512;
    private static final int MOST_NAMES = 1024;
    private static final int MOST_NAME_BYTES = 1 << 18;

    /** A remembered URI. */
    private static final class Entry {
        final byte[] uri;
        final int hash;
        final EntityGroup group;

        Entry(byte[] uri, int hash, EntityGroup group) {
            this.uri = uri;
            this.hash = hash;
            this.group = group;
        }
    }

    private final @Nullable Entry[] entries = new @Nullable Entry[SLOTS];
    private int uris;

    /** By name; strings, because a hash map keeps colliding ones in a tree. */
    private Map<String, EntityGroup> groups = new HashMap<>();

    private int nameBytes;

    /** The group of a schema, given as the inside of a JSON string; null where that is no Iglu URI. */
    @Nullable
    EntityGroup group(byte[] json, int from, int to) {
        int hash = hash(json, from, to);
        for (int probe = 0; probe < PROBES; probe++) {
            int slot = hash + probe & SLOTS - 1;
            Entry entry = entries[slot];
            if (entry == null) {
                return learn(json, from, to, hash, slot);
            }
            if (entry.hash == hash && Arrays.equals(entry.uri, 0, entry.uri.length, json, from, to)) {
                return entry.group;
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

    private @Nullable EntityGroup learn(byte[] json, int from, int to, int hash, int slot) {
        EntityGroup group = read(json, from, to);
        if (group != null && to - from <= LONGEST_URI && uris < MOST_URIS) {
            entries[slot] = new Entry(Arrays.copyOfRange(json, from, to), hash, group);
            uris++;
        }
        return group;
    }

    private @Nullable EntityGroup read(byte[] json, int from, int to) {
        String name = nameOf(JsonText.decode(json, from, to));
        if (name == null) {
            return null;
        }
        EntityGroup known = groups.get(name);
        if (known != null) {
            return known;
        }
        EntityGroup group = new EntityGroup(Ascii.bytes(name));
        groups.put(name, group);
        nameBytes += name.length();
        return group;
    }

    /** The key name of an Iglu URI: vendor, name and model; null where the text is no such URI. */
    static @Nullable String nameOf(String uri) {
        Matcher matcher = URI.matcher(uri);
        if (!matcher.matches()) {
            return null;
        }
        String vendor = matcher.group("vendor").replace('.', '_').replace('-', '_');
        String name =
                WORD_START.matcher(matcher.group("name").replace('-', '_')).replaceAll("_");
        return (vendor + '_' + name).toLowerCase(Locale.ROOT) + '_' + matcher.group("model");
    }

    /** To be called between lines, when nobody holds a group. */
    void forgetWhenFull() {
        if (uris >= MOST_URIS || groups.size() >= MOST_NAMES || nameBytes >= MOST_NAME_BYTES) {
            Arrays.fill(entries, null);
            uris = 0;
            groups = new HashMap<>();
            nameBytes = 0;
        }
    }
}
