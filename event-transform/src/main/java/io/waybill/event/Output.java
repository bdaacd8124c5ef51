package io.waybill.event;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Growing bytes. The fields are open to this package, as the hot loops work on offsets. */
final class Output {

    /** A larger array was grown for one unusual line. */
    static final int KEPT = 1 << 20;

    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");

    private final int initial;
    byte[] bytes;
    int length;

    Output(int initial) {
        this.initial = initial;
        this.bytes = new byte[initial];
    }

    /** Makes room for that many more bytes. */
    void ensure(int more) {
        if (bytes.length - length < more) {
            grow(more);
        }
    }

    private void grow(int more) {
        long wanted = Math.max((long) length + more, Math.min(2L * bytes.length, Integer.MAX_VALUE - 8));
        bytes = Arrays.copyOf(bytes, Math.toIntExact(wanted));
    }

    /** Appends one byte. */
    void append(char b) {
        ensure(1);
        bytes[length++] = (byte) b;
    }

    void append(byte[] source) {
        append(source, 0, source.length);
    }

    void append(byte[] source, int from, int to) {
        int count = to - from;
        ensure(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    /** Appends text as the inside of a JSON string; false, with some of it appended, where it is not UTF-8. */
    boolean appendText(byte[] source, int from, int to) {
        ensure(to - from);
        int copied = from;
        int at = from;
        while (at < to) {
            byte b = source[at];
            if (b >= ' ' && b != '"' && b != '\\') {
                at++;
            } else if (b < 0) {
                int sequence = Utf8.sequence(source, at, to);
                if (sequence == 0) {
                    return false;
                }
                at += sequence;
            } else {
                append(source, copied, at);
                escape(b);
                copied = ++at;
            }
        }
        append(source, copied, to);
        return true;
    }

    /** Appends the escape of a quote, a backslash or a control character. */
    void escape(byte b) {
        append('\\');
        switch (b) {
            case '"', '\\' -> append((char) b);
            case '\b' -> append('b');
            case '\f' -> append('f');
            case '\n' -> append('n');
            case '\r' -> append('r');
            case '\t' -> append('t');
            default -> {
                ensure(5);
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[b >> 4];
                bytes[length++] = HEX[b & 0xF];
            }
        }
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    void writeTo(OutputStream stream) throws IOException {
        stream.write(bytes, 0, length);
    }

    /** Whether the array was grown for one unusual line and should not be kept. */
    boolean isLarge() {
        return bytes.length > KEPT;
    }

    /** Forgets the content, and the array too when it is a large one. */
    void clear() {
        length = 0;
        if (isLarge()) {
            bytes = new byte[initial];
        }
    }
}
