package io.waybill.spark;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunLayout;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** How events are read: what the columns of entities are, which folders are runs, and when those are ready. */
final class ReadOptions {

    static final String ENTITIES = "entities";
    static final String LAYOUT = "layout";
    // named as the command line's
    private static final String QUIET_PERIOD = "quiet-period";
    private static final String READY_MARKER = "ready-marker";
    private static final String READY_WHEN_FOLLOWED = "ready-when-followed";

    private final CaseInsensitiveStringMap given;
    private final EntityForm entities;
    private final RunLayout layout;
    private final Duration quietPeriod;
    private final boolean followed;

    private ReadOptions(CaseInsensitiveStringMap given) {
        this.given = given;
        this.entities = EntityForm.of(given.get(ENTITIES));
        this.layout = Optional.ofNullable(given.get(LAYOUT)).map(RunLayout::of).orElse(RunLayout.DEFAULT);
        this.quietPeriod = duration(given.getOrDefault(QUIET_PERIOD, "0s"));
        this.followed = flag(given.getOrDefault(READY_WHEN_FOLLOWED, "false"));
    }

    /** Takes them from options whose names may be in any case; beside them no others may be there than these. */
    static ReadOptions of(Map<String, String> options, String... others) {
        CaseInsensitiveStringMap given = new CaseInsensitiveStringMap(options);
        Set<String> known = new TreeSet<>(List.of(others));
        known.addAll(List.of(ENTITIES, LAYOUT, QUIET_PERIOD, READY_MARKER, READY_WHEN_FOLLOWED));
        for (String option : given.keySet()) {
            if (!known.contains(option)) {
                throw new IllegalArgumentException(
                        "format snowplow has no option '%s', want one of %s".formatted(option, known));
            }
        }
        return new ReadOptions(given);
    }

    EntityForm entities() {
        return entities;
    }

    RunLayout layout() {
        return layout;
    }

    /** Gives an archive the rules by which a run is ready. */
    RunArchive.Builder ready(RunArchive.Builder archive) {
        Optional.ofNullable(given.get(READY_MARKER)).ifPresent(archive::readyMarker);
        if (followed) {
            archive.readyWhenFollowed();
        }
        return archive.quietPeriod(quietPeriod);
    }

    /** A span as the command line takes it: the standard's, of which a {@code P} and a {@code T} are left out. */
    private static Duration duration(String text) {
        try {
            boolean isShort = text.matches("([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?");
            Duration span =
                    Duration.parse(isShort ? "P" + text.replaceFirst("^([0-9]+d)?(?=[0-9]+[hms])", "$1T") : text);
            if (!span.isNegative()) {
                return span;
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            // told below
        }
        throw new IllegalArgumentException("option %s is '%s', want a span of time such as 90s, 15m, 1h30m, 2d or PT15M"
                .formatted(QUIET_PERIOD, text));
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException(
                        "option %s is '%s', want true or false".formatted(READY_WHEN_FOLLOWED, text));
        };
    }
}
