package io.waybill.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stream whose first failure lasts: whoever reads on after an error must not meet a quiet end. */
abstract class CheckedStream extends InputStream {

    private final String name;
    private boolean closed;
    private @Nullable IOException failure;

    /** A stream of what has this name in messages. */
    CheckedStream(String name) {
        this.name = name;
    }

    /** Reads at least one byte, or answers -1 at the end; the place is checked, and the length at least 1. */
    abstract int readChecked(byte[] to, int offset, int length) throws IOException;

    /** Gives back what the stream holds; called once. */
    abstract void release() throws IOException;

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public final int read(byte[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (closed) {
            throw new IOException(name + ": the stream is closed");
        }
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        if (length == 0) {
            return 0;
        }
        try {
            return readChecked(to, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public final void close() throws IOException {
        if (!closed) {
            closed = true;
            release();
        }
    }
}
