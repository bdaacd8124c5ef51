package io.waybill.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The same with two words more, for commands of which none means a place by {@code --to}. */
final class TimeRange extends TimeBounds {

    @Option(names = "--from", paramLabel = "WHEN", description = "The same as --since.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "WHEN",
            description = "Only runs that started then or earlier; a date is the whole day. Default: all.")
    private @Nullable String to;

    @Override
    boolean isGiven() {
        return super.isGiven() || from != null || to != null;
    }

    @Override
    Instant from() {
        return from == null ? super.from() : later(super.from(), parse("--from", from));
    }

    @Override
    Instant to() {
        return to == null ? super.to() : earlier(super.to(), endOf(to));
    }

    private static Instant endOf(String text) {
        Instant time = parse("--to", text);
        return isDate(text) ? time.plus(1, ChronoUnit.DAYS) : time.plusNanos(1);
    }
}
