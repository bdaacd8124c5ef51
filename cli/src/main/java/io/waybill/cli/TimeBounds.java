package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunLayout;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Runs by the time that their names tell, in the words that every command has. */
class TimeBounds {

    @Option(
            names = "--since",
            paramLabel = "WHEN",
            description =
                    "Only runs that started then or later: 2026-03-01, 2026-03-01T10:00:00Z, 2d for two days ago, or"
                            + " the name of a run. Default: all.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "WHEN", description = "Only runs that started earlier. Default: all.")
    private @Nullable String until;

    @Option(names = "--before", paramLabel = "WHEN", description = "The same as --until.")
    private @Nullable String before;

    @Option(names = "--last", paramLabel = "TIME", description = "Only runs of this time until now, such as 7d.")
    private @Nullable Duration last;

    /** What is said where a range leaves out all that there is. */
    static final String OTHERS_OUTSIDE = "no run in this range; there are others outside of it";

    private volatile boolean found; // by a filter
    private volatile boolean leftOut;

    /** Whether there is any bound. */
    boolean isGiven() {
        return since != null || until != null || before != null || last != null;
    }

    /** The earliest start, {@link Instant#MIN} for any. */
    Instant from() {
        Instant recent = last == null ? Instant.MIN : Instant.now().minus(last);
        return later(recent, since == null ? Instant.MIN : parse("--since", since));
    }

    /** The end, left out, {@link Instant#MAX} for none. */
    Instant to() {
        return earlier(
                until == null ? Instant.MAX : parse("--until", until),
                before == null ? Instant.MAX : parse("--before", before));
    }

    /** The runs of an archive that lie in the range. */
    final Stream<RunId> runs(RunArchive archive) {
        requireSense();
        return isGiven() ? archive.runs(from(), to()) : archive.runs(RunRange.all());
    }

    /** Tells whether a run is in the range, by the built-in layout that its name follows. */
    final Predicate<RunId> filter() {
        return filter(TimeBounds::startOf);
    }

    /** Tells whether a run is in the range; without bounds all are, with some only those of which a start is told. */
    final Predicate<RunId> filter(Function<RunId, Optional<Instant>> startOf) {
        if (!isGiven()) {
            return run -> true;
        }
        requireSense();
        Instant from = from();
        Instant to = to();
        return run -> {
            boolean inside = startOf.apply(run)
                    .filter(start -> !start.isBefore(from) && start.isBefore(to))
                    .isPresent();
            found |= inside;
            leftOut |= !inside;
            return inside;
        };
    }

    /** What to say where a filter let nothing pass: that it left something out, or otherwise the sentence. */
    final String whyNone(String otherwise) {
        return !found && leftOut ? OTHERS_OUTSIDE : otherwise;
    }

    private void requireSense() {
        Instant from = from();
        Instant to = to();
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException(
                    "no run can have started from %s on and before %s: want the bounds the other way round"
                            .formatted(from, to));
        }
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** The start of a run by the built-in layout that its name follows. */
    static Optional<Instant> startOf(RunId run) {
        return Stream.of("run=uuuu-MM-dd-HH-mm-ss", "date=/hour=", "uuuu/MM/dd/HH")
                .flatMap(layout -> RunLayout.of(layout).startedAt(run).stream())
                .findFirst();
    }

    static boolean isDate(String text) {
        return text.matches("\\d{4}-\\d\\d-\\d\\d");
    }

    /** A time, a date, a span of time before now, or the time of a run. */
    static Instant parse(String option, String text) {
        try {
            if (isDate(text)) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            Optional<Instant> run = text.isBlank() ? Optional.empty() : startOf(new RunId(text));
            if (run.isPresent()) {
                return run.get();
            }
            return text.contains("T") && !text.startsWith("P")
                    ? Instant.parse(text)
                    : Instant.now().minus(Durations.parse(text));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException(
                    ("%s is '%s', want for example 2026-03-01, 2026-03-01T10:00:00Z, 2d for two days ago, or"
                                    + " run=2026-03-01-10-00-00")
                            .formatted(option, text),
                    e);
        }
    }
}
