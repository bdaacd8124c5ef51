package io.waybill.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as people and standards write them: {@code 10m}, {@code 2s}, {@code 1h30m}, {@code PT2S}. */
final class Durations {

    private static final Pattern SHORT = Pattern.compile("(?:\\d+(?:ms|[smhd]))+");
    private static final Pattern PART = Pattern.compile("(\\d+)(ms|[smhd])");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    private Durations() {}

    static Duration parse(String text) {
        try {
            if (!SHORT.matcher(text).matches()) {
                return Duration.parse(text);
            }
            Duration sum = Duration.ZERO;
            Matcher part = PART.matcher(text);
            while (part.find()) {
                Duration unit = UNITS.getOrDefault(part.group(2), Duration.ZERO);
                sum = sum.plus(unit.multipliedBy(Long.parseLong(part.group(1))));
            }
            return sum;
        } catch (DateTimeParseException | ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'%s' is no span of time, want for example 90s, 10m, 1h30m, 2d or PT10M".formatted(text), e);
        }
    }

    /** The span in its two largest units, for people. */
    static String show(Duration span) {
        long seconds = span.toSeconds();
        if (seconds >= 86_400) {
            return "%dd%dh".formatted(span.toDays(), span.toHoursPart());
        }
        if (seconds >= 3_600) {
            return "%dh%dm".formatted(span.toHours(), span.toMinutesPart());
        }
        if (seconds >= 60) {
            return "%dm%ds".formatted(span.toMinutes(), span.toSecondsPart());
        }
        return seconds >= 1 ? seconds + "s" : span.toMillis() + "ms";
    }
}
