package io.waybill.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Transforms enriched events, one TSV line each, to JSON, one object each.
 *
 * <p>Columns that are empty are left out; what is there is checked by the type of its column and copied with its digits
 * and escapes as they are. Self-describing events and contexts become one key per schema, such as {@code
 * contexts_com_acme_page_view_1}. A line that is no event is a {@link BadRow}, an answer and not an exception. Other
 * forms and options are there for those who have tables already: see {@link Form} and {@link Builder}.
 *
 * <p>A transformer is immutable: threads may share one, and it may be sent to other machines.
 */
public final class EventTransformer implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int DEFAULT_MAX_LINE_BYTES = 16 << 20;
    private static final int DEFAULT_MAX_DEPTH = 512;

    /** How much output is gathered before it is written. */
    private static final int CHUNK = 1 << 16;

    /** The buffers of the thread for single lines; large ones are given up after each line. */
    private static final ThreadLocal<Scratch> SCRATCH = new ScratchOfThread();

    /** What transforms lines for all transformers, and where it puts them. */
    private static final class Scratch {
        final Output json = new Output(CHUNK / 4);
        final LineTransformer lines = new LineTransformer(json);
    }

    private static final class ScratchOfThread extends ThreadLocal<Scratch> {
        @Override
        protected Scratch initialValue() {
            return new Scratch();
        }
    }

    private final Options options;

    @SuppressWarnings("serial") // follows from the options
    private final transient Layout layout;

    private EventTransformer(Options options) {
        this.options = options;
        this.layout = new Layout(options);
    }

    /**
     * The transformer to flattened JSON with the default options.
     *
     * @return a transformer
     */
    public static EventTransformer flattened() {
        return of(Form.FLATTENED);
    }

    /**
     * The transformer to a form with the options that belong to it.
     *
     * @param form what an event becomes
     * @return a transformer
     */
    public static EventTransformer of(Form form) {
        return builder(form).build();
    }

    /**
     * A builder for a transformer to flattened JSON with other options.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return builder(Form.FLATTENED);
    }

    /**
     * A builder for a transformer to a form with other options than those that belong to it.
     *
     * @param form what an event becomes
     * @return a builder with the defaults of the form
     */
    public static Builder builder(Form form) {
        return new Builder(form);
    }

    /**
     * Transforms one line. A line end after it is not part of it; a line end anywhere else is data.
     *
     * @param line one event in UTF-8; it is only read
     * @return the event, or a bad row with line number 1
     */
    public TransformResult transform(byte[] line) {
        int end = LineReader.withoutLineEnd(line);
        if (end > options.maxLineBytes()) {
            int columns = LineTransformer.columns(line, 0, end);
            return LineErrors.tooLong(1, columns, end, options.maxLineBytes(), line, 0, end);
        }
        Scratch scratch = SCRATCH.get();
        try {
            BadRow badRow = scratch.lines.transform(line, end, layout);
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
            BadRow badRow = event.transform(scratch.lines, options.maxLineBytes(), layout);
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
        LineReader reader = new LineReader(tsv, options.maxLineBytes());
        Output json = new Output(2 * CHUNK);
        LineTransformer lines = new LineTransformer(json);
        long bad = 0;
        while (lines.next(reader, layout)) {
            if (lines.badRow == null) {
                json.append('\n');
            } else {
                bad++;
                badRows.accept(lines.badRow);
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

    /**
     * The lines of a stream as what they become, one after the other: for code that works on {@link Stream}s. {@link
     * #transform(InputStream, OutputStream, BadRowSink)} is faster where JSON is only written on.
     *
     * <p>The answer is lazy: nothing is read before its terminal operation, and then no more than it asks for, but for
     * what fits a buffer. Its elements stand in the order of the lines, bad rows with their numbers; a line over the limit
     * is skipped and becomes one of them. Lines are read and transformed by one thread, also where the stream is made
     * parallel. Where reading fails, the terminal operation throws an {@link java.io.UncheckedIOException} with the
     * failure as its cause: an {@link java.io.InterruptedIOException} if the thread is interrupted, which it stays.
     *
     * @param tsv the lines, not compressed; it is the caller's, and closing the answer does not close it
     * @return what became of each line
     */
    public Stream<TransformResult> stream(InputStream tsv) {
        Objects.requireNonNull(tsv, "tsv");
        return StreamSupport.stream(new LineStream(tsv, options.maxLineBytes(), layout), false);
    }

    Options options() {
        return options;
    }

    /** What follows from the options. */
    Layout layout() {
        return layout;
    }

    /** Made anew, as what follows from the options is not sent. */
    @Serial
    private Object readResolve() {
        return new EventTransformer(options);
    }

    /** The options, for logs. */
    @Override
    public String toString() {
        return options.toString().replaceFirst("Options", "EventTransformer");
    }

    /** What an event becomes. Each form has its own defaults of the options, which a {@link Builder} can change. */
    public enum Form {
        /**
         * One flat object: a key for each column that is not empty, in the order of the columns, and a key for each
         * schema; {@code geo_location} is the last. Everything stands as it was sent, as far as JSON allows.
         */
        FLATTENED,
        /**
         * The flat object of Snowplow's Scala SDK: with {@code nulls}, {@code instants} and the schema version {@code
         * VERSION}, and the coordinates in {@code geo_location} printed as {@link Double#toString(double)} does: {@code
         * 38.0} for {@code 38}.
         */
        SCALA,
        /**
         * The flat object of Snowplow's Python SDK: {@code geo_location} is the first key, {@code refr_dvce_tstamp} is
         * called {@code refr_device_tstamp}, and {@code se_value} is a text, as it was sent; it is still a number or an
         * error.
         */
        PYTHON,
        /**
         * The lossless form: the columns that are not empty under their names, those of contexts and of the
         * self-describing event as the JSON objects they are, only without blanks between tokens. They are checked as in
         * the flat forms, so the same lines are bad rows. It has no other keys: {@code geoLocation} cannot be
         * switched on, nor {@code schemaVersion} be other than {@code NONE}.
         */
        NESTED
    }

    /** What the data of contexts tells of its schema, in a member {@code _schema_version}. */
    public enum SchemaVersion {
        /** Nothing: there is no such member but what was sent. */
        NONE,
        /** Model, revision and addition: {@code 1-0-0}. */
        VERSION,
        /** The whole Iglu URI: {@code iglu:com.acme/page_view/jsonschema/1-0-0}. */
        URI
    }

    /**
     * Options for an {@link EventTransformer}. All of them go together, but for what {@link Form#NESTED} says; the
     * defaults are those of {@link Form#FLATTENED} where nothing else is said.
     */
    public static final class Builder {

        private final Form form;
        private boolean nulls;
        private boolean instants;
        private boolean geoLocation;
        private boolean strict;
        private SchemaVersion schemaVersion;
        private boolean wholeValues;
        private int maxLineBytes = DEFAULT_MAX_LINE_BYTES;
        private int maxDepth = DEFAULT_MAX_DEPTH;

        private Builder(Form form) {
            this.form = Objects.requireNonNull(form, "form");
            nulls = form == Form.SCALA;
            instants = form == Form.SCALA;
            geoLocation = form != Form.NESTED;
            schemaVersion = form == Form.SCALA ? SchemaVersion.VERSION : SchemaVersion.NONE;
        }

        /**
         * Sets whether an empty column is written as {@code null} in its place; by default only in {@link Form#SCALA}.
         * Columns of contexts and of the self-describing event have no key when they are empty, as their keys come from
         * schemas; in {@link Form#NESTED} they have one, and are null too. There is never a null {@code geo_location}.
         *
         * @param written true to write empty columns, false to leave them out
         * @return this builder
         */
        public Builder nulls(boolean written) {
            nulls = written;
            return this;
        }

        /**
         * Sets whether timestamps have 0, 3, 6 or 9 digits after the second, as {@link java.time.Instant#toString()} has
         * them: {@code .500} for {@code .5}, and nothing for {@code .000}; by default only in {@link Form#SCALA}.
         *
         * @param instants true to write them so, false to write the digits that were sent
         * @return this builder
         */
        public Builder instants(boolean instants) {
            this.instants = instants;
            return this;
        }

        /**
         * Sets whether there is a key {@code geo_location}, a text of latitude, comma and longitude, when both are there;
         * by default so, but not in {@link Form#NESTED}, which cannot have it.
         *
         * @param geoLocation whether the key is written
         * @return this builder
         */
        public Builder geoLocation(boolean geoLocation) {
            this.geoLocation = geoLocation;
            return this;
        }

        /**
         * Sets whether events are checked for more; not by default. What is written for an event is the same.
         *
         * <ul>
         *   <li>{@code collector_tstamp}, {@code event_id}, {@code v_collector} and {@code v_etl} must be there;
         *   <li>{@code event_id} must be a UUID of 36 characters, in either case;
         *   <li>texts must not be longer than Snowplow's tables have room for, counted in Unicode code points;
         *   <li>the outer schemas of {@code contexts}, {@code derived_contexts} and {@code unstruct_event} must be those of
         *       {@code com.snowplowanalytics.snowplow}, of model 1.
         * </ul>
         *
         * @param strict whether all that is asked
         * @return this builder
         */
        public Builder strict(boolean strict) {
            this.strict = strict;
            return this;
        }

        /**
         * Sets what the data of contexts, custom and derived, tells of its schema; by default {@link SchemaVersion#NONE},
         * in {@link Form#SCALA} {@link SchemaVersion#VERSION}. The member is the last of the data. Data that has a member
         * {@code _schema_version} keeps its own; data that is no object stays as it is.
         *
         * @param schemaVersion what is told; only {@link SchemaVersion#NONE} in {@link Form#NESTED}
         * @return this builder
         */
        public Builder schemaVersion(SchemaVersion schemaVersion) {
            this.schemaVersion = Objects.requireNonNull(schemaVersion, "schemaVersion");
            return this;
        }

        /**
         * Sets whether the errors of bad rows hold whole values, which may be personal data; by default they are cut off
         * after 64 code points. The JSON of a bad row cuts them off in either case, and a line over the limit is never
         * held whole.
         *
         * @param wholeValues true to hold whole values
         * @return this builder
         */
        public Builder wholeValues(boolean wholeValues) {
            this.wholeValues = wholeValues;
            return this;
        }

        /**
         * Sets the most bytes a line may have, its line end not counted; 16 MiB by default. Memory for one line may
         * reach several times as much.
         *
         * @param bytes from 1 to 256 MiB
         * @return this builder
         */
        public Builder maxLineBytes(int bytes) {
            Options.checkMaxLineBytes(bytes);
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
            Options.checkMaxDepth(depth);
            maxDepth = depth;
            return this;
        }

        /**
         * The transformer with these options.
         *
         * @return a transformer
         * @throws IllegalArgumentException if an option is set that the form cannot have
         */
        public EventTransformer build() {
            return new EventTransformer(new Options(
                    form, nulls, instants, geoLocation, strict, schemaVersion, wholeValues, maxLineBytes, maxDepth));
        }
    }
}
