package io.waybill.event;

import java.util.Arrays;

/**
 * The names of object members, and which of them came after which the last time: a name that is expected is compared, and
 * need not be looked at again. Bounded: when it is full, nothing more is learned until it is cleared. For one thread.
 *
 * <p>A name is remembered with its quotes and its colon, so a match is the proof that those bytes are well-formed. The
 * names of values of one kind belong together; each kind has a root, which comes before the first of them.
 */
final class NameMemory {

    /** No name at all, after which no name is expected and none is learned. */
    static final int UNKNOWN = 0;

    private static final int MOST = 4096;
    private static final int INITIAL = 64;
    private static final int SLOT_BITS = 14;

    /** The longest name that is remembered, in words. */
    private static final int WORDS = 4;

    private static final int LONGEST = WORDS * Long.BYTES;

    // for each name: its words, the masks of the first three, and the two names that came after it
    private static final int STRIDE = 8;
    private static final int MASKS = WORDS;
    private static final int FOLLOWERS = 7;

    private long[] table = new long[INITIAL * STRIDE];
    private byte[] lengths = new byte[INITIAL];
    private int[] roots = new int[INITIAL];
    private int count = 1;

    /** Names by the hash of their root and their words; where two collide, the later one is never learned. */
    private final int[] slots = new int[1 << SLOT_BITS];

    /** The name that was to be learned; {@link #UNKNOWN} where it was not. */
    int last;

    /** A new root, or {@link #UNKNOWN} where there is no room. */
    int root() {
        if (isFull()) {
            return UNKNOWN;
        }
        int root = create();
        roots[root] = root;
        return root;
    }

    boolean isFull() {
        return count == MOST;
    }

    private int create() {
        if (count == lengths.length) {
            table = Arrays.copyOf(table, 2 * table.length);
            lengths = Arrays.copyOf(lengths, 2 * count);
            roots = Arrays.copyOf(roots, 2 * count);
        }
        return count++;
    }

    /** The length of a name with quotes and colon, in bytes. */
    int length(int name) {
        return lengths[name];
    }

    /** The name that stands here, if it came after that one before; else {@link #UNKNOWN}. */
    int next(byte[] json, int at, int name) {
        long followers = table[name * STRIDE + FOLLOWERS];
        int next = (int) followers;
        if (is(next, json, at)) {
            return next;
        }
        next = (int) (followers >>> Integer.SIZE);
        return is(next, json, at) ? next : UNKNOWN;
    }

    private boolean is(int name, byte[] json, int at) {
        int i = name * STRIDE;
        long difference = ((Swar.load(json, at) ^ table[i]) & table[i + MASKS])
                | ((Swar.load(json, at + 8) ^ table[i + 1]) & table[i + MASKS + 1])
                | ((Swar.load(json, at + 16) ^ table[i + 2]) & table[i + MASKS + 2]);
        if (difference != 0 || name == UNKNOWN) {
            return false;
        }
        int length = lengths[name];
        return length <= 3 * Long.BYTES || ((Swar.load(json, at + 24) ^ table[i + 3]) & mask(length, 3)) == 0;
    }

    /** Remembers that the name which stands here came after another. */
    void learn(byte[] json, int from, int to, int before) {
        last = UNKNOWN;
        int length = to - from;
        if (before == UNKNOWN || length > LONGEST) {
            return;
        }
        int root = roots[before];
        long hash = root;
        for (int word = 0; word < WORDS; word++) {
            hash = (hash ^ wordOf(json, from, length, word)) * Swar.MIXER;
            hash ^= hash >>> Integer.SIZE;
        }
        int slot = (int) ((hash * Swar.MIXER) >>> (Long.SIZE - SLOT_BITS));
        int name = slots[slot];
        if (name == UNKNOWN) {
            if (isFull()) {
                return;
            }
            name = create();
            slots[slot] = name;
            roots[name] = root;
            lengths[name] = (byte) length;
            for (int word = 0; word < WORDS; word++) {
                table[name * STRIDE + word] = wordOf(json, from, length, word);
            }
            for (int word = 0; word < WORDS - 1; word++) {
                table[name * STRIDE + MASKS + word] = mask(length, word);
            }
        } else if (roots[name] != root || lengths[name] != length || !is(name, json, from)) {
            return;
        }
        last = name;
        int followers = before * STRIDE + FOLLOWERS;
        table[followers] = (table[followers] << Integer.SIZE) | name;
    }

    private static long wordOf(byte[] json, int from, int length, int word) {
        return Swar.load(json, from + word * Long.BYTES) & mask(length, word);
    }

    /** The bytes of a word that belong to a text of that length. */
    private static long mask(int length, int word) {
        int bytes = length - word * Long.BYTES;
        return bytes >= Long.BYTES ? -1 : bytes <= 0 ? 0 : ~(-1L << (Byte.SIZE * bytes));
    }

    /** Forgets all names and roots. */
    void clear() {
        Arrays.fill(slots, UNKNOWN);
        Arrays.fill(table, 0);
        count = 1;
    }
}
