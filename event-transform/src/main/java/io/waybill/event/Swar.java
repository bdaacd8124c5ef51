package io.waybill.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes at a time in a {@code long} (SIMD within a register). The first byte is the lowest one.
 *
 * <p>A mask has the high bit of each byte in question set. Only its lowest set bit is exact: borrows and carries may set
 * others above it.
 */
final class Swar {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** An odd number with bits everywhere (the golden ratio), to spread hashes by. */
    static final long MIXER = 0x9E3779B97F4A7C15L;

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Swar() {}

    static long load(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    static int loadInt(byte[] bytes, int at) {
        return (int) INTS.get(bytes, at);
    }

    static void store(byte[] bytes, int at, long word) {
        LONGS.set(bytes, at, word);
    }

    /** Eight times the same byte. */
    static long repeat(char b) {
        return b * ONES;
    }

    /** The bytes of a text of at most eight characters, zeros above them. */
    static long word(String ascii) {
        long word = 0;
        for (int i = 0; i < ascii.length(); i++) {
            word |= (long) ascii.charAt(i) << (Byte.SIZE * i);
        }
        return word;
    }

    /** Bytes that a JSON string cannot simply hold or that need a look: below 0x20, quote, backslash, above 0x7F. */
    static long special(long word) {
        // with bit 1 flipped, the quote (0x22) comes to lie at 0x20, right above the control characters
        long controlOrQuote = (word ^ 0x02 * ONES) - 0x21 * ONES;
        long backslash = (word ^ '\\' * ONES) - ONES;
        return (controlOrQuote | backslash | word) & HIGH_BITS;
    }

    /** Bytes below 0x20. */
    static long controls(long word) {
        return (word - 0x20 * ONES) & ~word & HIGH_BITS;
    }

    /** Bytes that are no ASCII digits. */
    static long nonDigits(long word) {
        long value = word ^ '0' * ONES;
        return ((value + 0x76 * ONES) | value) & HIGH_BITS;
    }

    /** Bytes that are not the one which the repeated word holds. */
    static long others(long word, long repeated) {
        long difference = word ^ repeated;
        return (((difference & ~HIGH_BITS) + ~HIGH_BITS) | difference) & HIGH_BITS;
    }

    /** The index of the first byte that a mask marks: 0 to 7, or 8 where there is none. */
    static int first(long mask) {
        return Long.numberOfTrailingZeros(mask) >>> 3;
    }
}
