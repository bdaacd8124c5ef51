package io.waybill.benchmarks;

import java.io.InputStream;
import java.util.Objects;

/** A stream of the same bytes again and again. */
final class RepeatedBytes extends InputStream {

    private final byte[] bytes;
    private int timesLeft;
    private int at;

    RepeatedBytes(byte[] bytes, int times) {
        this.bytes = bytes;
        this.timesLeft = times;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int count) {
        Objects.checkFromIndexSize(from, count, into.length);
        if (at == bytes.length && timesLeft > 0) {
            at = 0;
            timesLeft--;
        }
        if (timesLeft == 0) {
            return -1;
        }
        int copied = Math.min(count, bytes.length - at);
        System.arraycopy(bytes, at, into, from, copied);
        at += copied;
        return copied;
    }
}
