package io.waybill.cli;

import io.waybill.archive.RunLayout;
import io.waybill.manifest.RunId;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Runs by the time that their names tell. */
final class TimeRange {

    @Option(
            names = "--from",
            paramLabel = "WHEN",
            description =
                    "Only runs that started then or later: 2026-03-01, 2026-03-01T10:00:00Z, 2d for two days ago, or"
                            + " the name of a run.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "WHEN",
            description = "Only runs that started then or earlier; a date is the whole day.")
    private @Nullable String to;

    @Option(names = "--before", paramLabel = "WHEN", description = "Only runs that started earlier.")
    private @Nullable String before;

    @Option(names = "--last", paramLabel = "TIME", description = "Only runs of this time until now, such as 7d.")
    private @Nullable Duration last;

    /** Whether there is any bound. */
    boolean isGiven() {
        return from != null || to != null || before != null || last != null;
    }

    /** The earliest start, {@link Instant#MIN} for any. */
    Instant since() {
        Instant bound = from == null ? Instant.MIN : parse("--from", from);
        Instant recent = last == null ? Instant.MIN : Instant.now().minus(last);
        return bound.isAfter(recent) ? bound : recent;
    }

    /** The end, left out, {@link Instant#MAX} for none. */
    Instant until() {
        Instant bound = before == null ? Instant.MAX : parse("--before", before);
        Instant inclusive = to == null ? Instant.MAX : endOf(to);
        return bound.isBefore(inclusive) ? bound : inclusive;
    }

    /** Tells whether a run is in the range; without bounds all are, with some only those whose names tell a time. */
    Predicate<RunId> filter() {
        if (!isGiven()) {
            return run -> true;
        }
        Instant since = since();
        Instant until = until();
        return run -> startOf(run)
                .filter(start -> !start.isBefore(since) && start.isBefore(until))
                .isPresent();
    }

    /** The start of a run by the built-in layout that its name follows. */
    static Optional<Instant> startOf(RunId run) {
        return Stream.of("run=uuuu-MM-dd-HH-mm-ss", "date=/hour=", "uuuu/MM/dd/HH")
                .flatMap(layout -> RunLayout.of(layout).startedAt(run).stream())
                .findFirst();
    }

    private static Instant endOf(String text) {
        Instant time = parse("--to", text);
        return text.matches("\\d{4}-\\d\\d-\\d\\d") ? time.plus(1, ChronoUnit.DAYS) : time.plusNanos(1);
    }

    /** A time, a date, a span of time before now, or the time of a run. */
    static Instant parse(String option, String text) {
        try {
            if (text.matches("\\d{4}-\\d\\d-\\d\\d")) {
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
