package io.waybill.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a stream, one at a time, in a buffer that never grows beyond the longest line allowed.
 *
 * <p>After {@link #next()} the line is in {@link #buffer} between {@link #from} and {@link #to}, without its line end,
 * until the next call; or it was over the limit, and {@link #tooLong} says so.
 */
final class LineReader {

    private static final int INITIAL = 1 << 15;

    /** A larger buffer than this was grown for one unusual line and is let go after it. */
    private static final int KEPT = 1 << 20;

    /** The bytes of a line that is too long which its bad row may show: enough for every code point there. */
    private static final int HEAD = 4 * BadRow.VALUE_CODE_POINTS;

    private final InputStream in;
    private final int limit;

    byte[] buffer = new byte[INITIAL + FastPath.SLACK];
    int from;
    int to;
    long number;

    @Nullable
    BadRow tooLong;

    /** Where the line after this one starts. */
    private int after;

    private int filled;

    /** After the last line feed that is in the buffer, or at most where the next line starts. */
    private int complete;

    private boolean ended;

    LineReader(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /** The end of a line without its line end, of which the line feed is cut off already where there was one. */
    static int withoutReturn(byte[] line, int from, int to) {
        return to > from && line[to - 1] == '\r' ? to - 1 : to;
    }

    /** The end of a line without its line end, where there is one. */
    static int withoutLineEnd(byte[] line) {
        int feed = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
        return withoutReturn(line, 0, feed);
    }

    /** Whether the next line is in the buffer as a whole, its line feed included, after reading on if need be. */
    boolean fill() throws IOException {
        while (after >= complete) {
            from = after;
            if (ended || filled - from > limit + 1L) {
                return false;
            }
            makeRoom();
            after = 0;
            read();
        }
        return true;
    }

    /** Where the next line starts, which {@link #fill()} found. */
    int start() {
        return after;
    }

    /** An end of lines, at or after the end of the next one. */
    int complete() {
        return complete;
    }

    /** Steps over the next line, whose line feed was found here; false, where it is longer than allowed. */
    boolean take(int feed) {
        if (feed - after > limit && withoutReturn(buffer, after, feed) - after > limit) {
            return false;
        }
        number++;
        after = feed + 1;
        tooLong = null;
        return true;
    }

    /** Reads on to the next line; false at the end of the stream. */
    boolean next() throws IOException {
        from = after;
        tooLong = null;
        int seen = 0;
        while (true) {
            int feed = indexOfFeed(from + seen);
            if (feed < filled) {
                found(feed, feed + 1);
                return true;
            }
            seen = filled - from;
            if (seen > limit + 1L) {
                skip();
                return true;
            }
            makeRoom();
            if (!read()) {
                if (seen > 0) {
                    found(filled, filled);
                }
                return seen > 0;
            }
        }
    }

    private int indexOfFeed(int start) {
        int at = start;
        while (at < filled && buffer[at] != '\n') {
            at++;
        }
        return at;
    }

    private void found(int end, int next) {
        number++;
        to = withoutReturn(buffer, from, end);
        after = next;
        if (to - from > limit) {
            int columns = LineTransformer.columns(buffer, from, to);
            tooLong = LineErrors.tooLong(number, columns, to - from, limit, buffer, from, to);
        }
    }

    /** Counts the rest of a line that is too long, without keeping it. */
    private void skip() throws IOException {
        number++;
        byte[] head = Arrays.copyOfRange(buffer, from, Math.min(from + HEAD, filled));
        long length = 0;
        long tabs = 0;
        byte last = 0;
        int end;
        do {
            end = indexOfFeed(from);
            length += end - from;
            tabs += LineTransformer.columns(buffer, from, end) - 1;
            last = end > from ? buffer[end - 1] : last;
        } while (end == filled && refill());
        after = Math.min(end + 1, filled);
        length -= last == '\r' ? 1 : 0;
        tooLong = LineErrors.tooLong(number, tabs + 1, length, limit, head, 0, head.length);
    }

    /** Reads over what is there; false, with nothing there, at the end of the stream. */
    private boolean refill() throws IOException {
        from = 0;
        filled = 0;
        complete = 0;
        return read();
    }

    /** Moves the unfinished line to the start, into a larger buffer when it fills this one. */
    private void makeRoom() {
        int kept = filled - from;
        byte[] roomy = buffer;
        if (kept == buffer.length - FastPath.SLACK) {
            roomy = new byte[(int) Math.min(2L * kept, limit + 2L) + FastPath.SLACK];
        } else if (buffer.length > KEPT && kept < INITIAL) {
            roomy = new byte[INITIAL + FastPath.SLACK];
        }
        System.arraycopy(buffer, from, roomy, 0, kept);
        buffer = roomy;
        complete = Math.max(0, complete - from);
        from = 0;
        filled = kept;
    }

    /** Reads what the stream has at hand, at least one byte; false at its end. */
    private boolean read() throws IOException {
        if (ended) {
            return false;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted before line " + (number + 1) + " was read");
        }
        int count = in.read(buffer, filled, buffer.length - FastPath.SLACK - filled);
        if (count == 0) {
            // a stream that breaks the contract of read must not keep us spinning
            int b = in.read();
            count = b < 0 ? -1 : 1;
            buffer[filled] = (byte) b;
        }
        ended = count < 0;
        int before = filled;
        filled += Math.max(count, 0);
        for (int i = filled - 1; i >= before; i--) {
            if (buffer[i] == '\n') {
                complete = i + 1;
                break;
            }
        }
        return !ended;
    }
}
