package io.waybill.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Where output ends: it is counted, and kept reachable for a moment so that no compiler may leave out its making. */
class Sink extends OutputStream {

    private long length;
    private byte @Nullable [] last;

    @Override
    public void write(int b) {
        length++;
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        length += count;
        last = bytes;
    }

    /** Takes one event as an array of its own. */
    void event(byte[] json) throws IOException {
        write(json, 0, json.length);
    }

    /** Takes the result of work that has no output. */
    void number(long result) {
        length += result;
    }

    /** What came in so far, in a number that all of it has a part in. */
    long checksum() {
        return last == null ? length : length + last.length;
    }
}
