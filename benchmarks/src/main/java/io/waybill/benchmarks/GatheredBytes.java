package io.waybill.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Bytes that are gathered in an array, which is used again. */
final class GatheredBytes extends OutputStream {

    private byte[] bytes = new byte[1 << 17];
    private int length;

    /** The array, until more is written. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    void moveTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
        clear();
    }

    @Override
    public void write(int b) {
        ensure(1);
        bytes[length++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int from, int count) {
        ensure(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
