package io.waybill.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;

/**
 * Transforms enriched events, one TSV line each, to flattened JSON, one object each.
 *
 * <p>Columns that are empty are left out; what is there is checked by the type of its column and copied with its digits
 * and escapes as they are. Self-describing events and contexts become one key per schema, such as {@code
 * contexts_com_acme_page_view_1}. A line that is no event is a {@link BadRow}, an answer and not an exception.
 *
 * <p>A transformer is immutable: threads may share one, and it may be sent to other machines.
 */
public final class EventTransformer implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int DEFAULT_MAX_LINE_BYTES = 16 << 20;
    static final int DEFAULT_MAX_DEPTH = 512;

    /** Six bytes of JSON for one of the line, the worst there is, still fit an array. */
    private static final int MOST_LINE_BYTES = 256 << 20;

    /** How much output is gathered before it is written. */
    private static final int CHUNK = 1 << 16;

    /** The buffers of the thread for single lines; large ones are given up after each line. */
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /** What transforms lines, and where it puts them. */
    private static final class Scratch {
        final Output json = new Output(CHUNK / 4);
        final LineTransformer lines = new LineTransformer(json);
    }

    private final int maxLineBytes;
    private final int maxDepth;

    private EventTransformer(Builder builder) {
        maxLineBytes = builder.maxLineBytes;
        maxDepth = builder.maxDepth;
    }

    /**
     * The transformer to flattened JSON with the default limits.
     *
     * @return a transformer
     */
    public static EventTransformer flattened() {
        return builder().build();
    }

    /**
     * A builder for a transformer to flattened JSON with other limits.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Transforms one line. A line end after it is not part of it; a line end anywhere else is data.
     *
     * @param line one event in UTF-8; it is only read
     * @return the event, or a bad row with line number 1
     */
    public TransformResult transform(byte[] line) {
        int end = LineReader.withoutLineEnd(line);
        if (end > maxLineBytes) {
            return LineErrors.tooLong(1, LineTransformer.columns(line, 0, end), end, maxLineBytes, line, 0, end);
        }
        Scratch scratch = SCRATCH.get();
        try {
            BadRow badRow = scratch.lines.transform(line, 0, end, 1, maxDepth);
            return badRow != null ? badRow : new TransformResult.Event(scratch.json.toByteArray());
        } finally {
            scratch.json.clear();
        }
    }

    /**
     * Transforms one line. A line end after it is not part of it; a line end anywhere else is data.
     *
     * @param line one event; an unpaired surrogate in it is an error of its column, as it has no UTF-8
     * @return the event, or a bad row with line number 1
     */
    public TransformResult transform(String line) {
        return transform(Utf8.encode(line));
    }

    /**
     * Transforms an event that is at hand already.
     *
     * @param event an event, or columns that are none
     * @return what its line would become, or a bad row with line number 1
     */
    public TransformResult transform(EnrichedEvent event) {
        Scratch scratch = SCRATCH.get();
        try {
            BadRow badRow = event.transform(scratch.lines, maxLineBytes, maxDepth);
            return badRow != null ? badRow : new TransformResult.Event(scratch.json.toByteArray());
        } finally {
            scratch.json.clear();
        }
    }

    /**
     * Transforms all lines of a stream, in bounded memory however long they are.
     *
     * <p>Each event becomes one line of output, in order; each other line goes to the sink for bad rows with its number.
     * A line over the limit is skipped and becomes one bad row. An exception of a stream or of the sink ends the
     * transform and reaches the caller unchanged; what was written by then is incomplete.
     *
     * @param tsv the lines, not compressed; it is read to its end and not closed
     * @param ndjson where the events go; it is flushed at the end and not closed
     * @param badRows where the other lines go
     * @return how many lines became what
     * @throws java.io.InterruptedIOException if the thread is interrupted, which it stays
     * @throws IOException if a stream or the sink throws it
     */
    public TransformCounts transform(InputStream tsv, OutputStream ndjson, BadRowSink badRows) throws IOException {
        LineReader reader = new LineReader(tsv, maxLineBytes);
        Output json = new Output(2 * CHUNK);
        LineTransformer lines = new LineTransformer(json);
        long bad = 0;
        while (reader.next()) {
            BadRow badRow = reader.tooLong != null
                    ? reader.tooLong
                    : lines.transform(reader.buffer, reader.from, reader.to, reader.number, maxDepth);
            if (badRow == null) {
                json.append('\n');
            } else {
                bad++;
                badRows.accept(badRow);
            }
            if (json.length >= CHUNK || json.isLarge()) {
                json.writeTo(ndjson);
                json.clear();
            }
        }
        json.writeTo(ndjson);
        ndjson.flush();
        return new TransformCounts(reader.number - bad, bad);
    }

    /** Through the builder, as bytes from elsewhere may hold limits it would refuse. */
    @Serial
    private Object readResolve() {
        return builder().maxLineBytes(maxLineBytes).maxDepth(maxDepth).build();
    }

    /** Limits for an {@link EventTransformer}. */
    public static final class Builder {

        private int maxLineBytes = DEFAULT_MAX_LINE_BYTES;
        private int maxDepth = DEFAULT_MAX_DEPTH;

        private Builder() {}

        /**
         * Sets the most bytes a line may have, its line end not counted; 16 MiB by default. Memory for one line may
         * reach several times as much.
         *
         * @param bytes from 1 to 256 MiB
         * @return this builder
         */
        public Builder maxLineBytes(int bytes) {
            if (bytes < 1 || bytes > MOST_LINE_BYTES) {
                throw new IllegalArgumentException(
                        "maxLineBytes is %d, want 1 to %d".formatted(bytes, MOST_LINE_BYTES));
            }
            maxLineBytes = bytes;
            return this;
        }

        /**
         * Sets how many brackets may be open at once in the JSON of a column, the outermost counted; 512 by default.
         *
         * @param depth at least 1
         * @return this builder
         */
        public Builder maxDepth(int depth) {
            if (depth < 1) {
                throw new IllegalArgumentException("maxDepth is %d, want at least 1".formatted(depth));
            }
            maxDepth = depth;
            return this;
        }

        /**
         * The transformer with these limits.
         *
         * @return a transformer
         */
        public EventTransformer build() {
            return new EventTransformer(this);
        }
    }
}
