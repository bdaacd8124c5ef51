package io.waybill.event;

import java.io.InputStream;

/** A stream that gives no more than so many bytes at a time, as networks do. */
final class ShortReads extends InputStream {

    private final byte[] bytes;
    private final int most;
    private int at;

    ShortReads(byte[] bytes, int most) {
        this.bytes = bytes;
        this.most = most;
    }

    @Override
    public int read() {
        return at < bytes.length ? bytes[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        int count = Math.min(Math.min(length, most), bytes.length - at);
        System.arraycopy(bytes, at, target, offset, count);
        at += count;
        return count > 0 || length == 0 ? count : -1;
    }
}
