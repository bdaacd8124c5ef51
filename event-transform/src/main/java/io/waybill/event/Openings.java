package io.waybill.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How entities began before, from the bracket to the value of {@code data}, and the group that follows, so that all of it is compared at
 * once and need not be read. Bounded: when it is full, nothing more is learned until it is cleared. For one thread.
 *
 * <p>A match is the proof that those bytes are well-formed.
 */
final class Openings {

    /** One that was learned. */
    static final class Opening {
        private final byte[] bytes;
        private final long tail;
        private final EntityGroup group;

        /** The one that was learned before it with the same hash. */
        private final @Nullable Opening before;

        /** How many of its hash there are up to it. */
        private final int alike;

        private Opening(byte[] bytes, EntityGroup group, @Nullable Opening before) {
            this.bytes = bytes;
            this.tail = Swar.load(bytes, bytes.length - TAIL);
            this.group = group;
            this.before = before;
            this.alike = before == null ? 1 : before.alike + 1;
        }

        private boolean is(byte[] json, int from) {
            int to = from + bytes.length;
            return to <= json.length
                    && Swar.load(json, to - TAIL) == tail
                    && Arrays.equals(json, from, to, bytes, 0, bytes.length);
        }

        /** The group of the entities that begin so. */
        EntityGroup group() {
            return group;
        }

        /** What stands before the data, in bytes. */
        int length() {
            return bytes.length;
        }
    }

    private static final int SLOT_BITS = 10;
    private static final int MOST = 1 << SLOT_BITS;
    private static final int SHORTEST = 48;
    private static final int LONGEST = 256;

    /** From the end of an opening back to its last differences: {@code name/jsonschema/1-0-0","data":}. */
    private static final int TAIL = 32;

    /** The most of one hash: schemas of a vendor whose name is long have the same. */
    private static final int MOST_ALIKE = 16;

    private final @Nullable Opening[] slots = new @Nullable Opening[1 << SLOT_BITS];
    private int count;

    /** The opening that stands here, if it was learned; it must be followed by {@link JsonScanner#SLACK} bytes of whatever. */
    @Nullable
    Opening find(byte[] json, int from) {
        Opening opening = slots[slot(json, from)];
        while (opening != null && !opening.is(json, from)) {
            opening = opening.before;
        }
        return opening;
    }

    /** Remembers what stands before the data of an entity of this group, and was not found. */
    void learn(byte[] json, int from, int dataFrom, EntityGroup group) {
        int length = dataFrom - from;
        if (count < MOST && length >= SHORTEST && length <= LONGEST) {
            int slot = slot(json, from);
            Opening before = slots[slot];
            if (before == null || before.alike < MOST_ALIKE) {
                slots[slot] = new Opening(Arrays.copyOfRange(json, from, dataFrom), group, before);
                count++;
            }
        }
    }

    /** A hash of bytes that every opening has: all that are equal for most schemas, and as many as the shortest has. */
    private static int slot(byte[] json, int from) {
        long hash = Swar.load(json, from + 16)
                + 3 * Swar.load(json, from + 24)
                + 5 * Swar.load(json, from + 32)
                + 7 * Swar.load(json, from + 40);
        return (int) ((hash * Swar.MIXER) >>> (Long.SIZE - SLOT_BITS));
    }

    boolean isFull() {
        return count == MOST;
    }

    /** Forgets all. */
    void clear() {
        Arrays.fill(slots, null);
        count = 0;
    }
}
