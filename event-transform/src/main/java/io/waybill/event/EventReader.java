package io.waybill.event;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a stream, one after the other, of which only what is asked for is looked at: for code that wants some of the
 * columns, as a query does. {@link EventTransformer} is faster where JSON of all of them is wanted.
 *
 * <p>It takes the same for a line, an event or a bad row as {@link EventTransformer#flattened()}. A line over that
 * transformer's limit of 16 MiB is skipped in bounded memory. A reader is for one thread.
 */
public final class EventReader {

    private static final EventTransformer RULES = EventTransformer.flattened();

    private final LineReader lines;
    private final Output json = new Output(1 << 14);
    private final LineTransformer transformer = new LineTransformer(json);

    /** The line at hand, once somebody has asked for it. */
    private byte @Nullable [] line;

    /**
     * A reader that stands before the first line.
     *
     * @param tsv the lines, not compressed; it is the caller's to close
     */
    public EventReader(InputStream tsv) {
        lines = new LineReader(
                Objects.requireNonNull(tsv, "tsv"), RULES.options().maxLineBytes());
    }

    /**
     * Goes on to the next line.
     *
     * @return false at the end of the stream, where there is no line
     * @throws java.io.InterruptedIOException if the thread is interrupted, which it stays
     * @throws IOException if the stream throws it
     */
    public boolean next() throws IOException {
        line = null;
        return lines.next();
    }

    /**
     * The number of the line at hand.
     *
     * @return from 1; 0 before the first line
     */
    public long line() {
        return lines.number;
    }

    /**
     * The line at hand, its columns found and not yet checked.
     *
     * @return the event, which stays as it is when the reader goes on; empty if the line has another number of columns or is
     *     over the limit
     */
    public Optional<EnrichedEvent> event() {
        return lines.tooLong == null ? EnrichedEvent.split(bytes()) : Optional.empty();
    }

    /**
     * Checks the whole line at hand.
     *
     * @return what is wrong with it, with its number; empty if nothing is
     */
    public Optional<BadRow> check() {
        if (lines.tooLong != null) {
            return Optional.of(lines.tooLong);
        }
        try {
            BadRow badRow = transformer.transform(bytes(), bytes().length, RULES.layout());
            return badRow == null
                    ? Optional.empty()
                    : Optional.of(new BadRow(lines.number, badRow.columns(), badRow.errors()));
        } finally {
            json.clear();
        }
    }

    /**
     * The text of the line at hand, without its line end.
     *
     * @return the text, with U+FFFD for what is not UTF-8; empty if the line is over the limit
     */
    public Optional<String> text() {
        return lines.tooLong == null ? Optional.of(new String(bytes(), StandardCharsets.UTF_8)) : Optional.empty();
    }

    private byte[] bytes() {
        byte[] bytes = line;
        if (bytes == null) {
            bytes = Arrays.copyOfRange(lines.buffer, lines.from, lines.to);
            line = bytes;
        }
        return bytes;
    }
}
