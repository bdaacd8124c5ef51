package io.waybill.cli;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Runs counted by what is to be done about them, by the day on which they started, and by the gaps in their rhythm. */
final class RunCensus {

    /** What is to be done about a run; of several in one place the later kind is shown. */
    enum Kind {
        PROCESSED('#', "processed"),
        SKIPPED('s', "skipped"),
        PROCESSING('>', "being processed"),
        NEW('n', "new"),
        ARCHIVED('a', "in cold storage"),
        DRIFTED('d', "changed since it was processed"),
        MISSING('.', "missing in the rhythm"),
        WAITING('r', "failed, to be tried again"),
        STUCK('!', "its worker is gone"),
        FAILED('F', "failed for good");

        final char sign;
        final String words;

        Kind(char sign, String words) {
            this.sign = sign;
            this.words = words;
        }
    }

    /** A day's runs. */
    static final class Day {
        final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        final Kind[] hours = new Kind[24];
        long bytes;
        long events;
        long millis;

        Kind worst() {
            return Collections.max(counts.keySet());
        }
    }

    /** Where the rhythm of the runs was broken. */
    record Gap(Instant after, Instant before, long missing) {}

    private static final int ENOUGH_FOR_A_RHYTHM = 4;

    private final SortedMap<LocalDate, Day> days = new TreeMap<>();
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final List<Instant> starts = new ArrayList<>();

    /** What a record is at a time, by the store's clock. */
    static Kind kind(RunRecord record, Instant now) {
        return switch (record.state()) {
            case NEW -> Kind.NEW;
            case PROCESSING -> record.isHeldAt(now) ? Kind.PROCESSING : Kind.STUCK;
            case PROCESSED -> Kind.PROCESSED;
            case FAILED -> record.retryAt() == null ? Kind.FAILED : Kind.WAITING;
            case SKIPPED -> Kind.SKIPPED;
        };
    }

    /** Counts a run; its volume and duration too, where its record tells them. */
    void add(RunId run, Kind kind, Map<String, String> details) {
        counts.merge(kind, 1, Integer::sum);
        Optional<Instant> start = TimeBounds.startOf(run);
        if (start.isPresent()) {
            starts.add(start.get());
            Day day = count(start.get(), kind);
            day.bytes += number(details, "bytes");
            day.events += number(details, "events");
            day.millis += number(details, "took_ms");
        }
    }

    /** Counts what is missing; called once, after all runs. */
    List<Gap> gaps() {
        List<Gap> gaps = new ArrayList<>();
        rhythm().ifPresent(rhythm -> {
            List<Instant> sorted = sortedStarts();
            for (int i = 1; i < sorted.size(); i++) {
                Duration step = Duration.between(sorted.get(i - 1), sorted.get(i));
                long missing = Math.round((double) step.toMillis() / rhythm.toMillis()) - 1;
                if (missing > 0) {
                    gaps.add(new Gap(sorted.get(i - 1), sorted.get(i), missing));
                }
            }
        });
        return gaps;
    }

    /** Adds the missing runs to the days on which they would have started. */
    void countMissing(List<Gap> gaps) {
        rhythm().ifPresent(rhythm -> gaps.forEach(gap -> {
            for (long i = 1; i <= gap.missing(); i++) {
                count(gap.after().plus(rhythm.multipliedBy(i)), Kind.MISSING);
            }
        }));
    }

    /** The usual time between the starts of two runs: the median; none of few runs. */
    Optional<Duration> rhythm() {
        List<Instant> sorted = sortedStarts();
        if (sorted.size() < ENOUGH_FOR_A_RHYTHM) {
            return Optional.empty();
        }
        List<Duration> steps = new ArrayList<>();
        for (int i = 1; i < sorted.size(); i++) {
            steps.add(Duration.between(sorted.get(i - 1), sorted.get(i)));
        }
        Collections.sort(steps);
        return Optional.of(steps.get(steps.size() / 2));
    }

    /** Whether a run was due some time ago and none is there. */
    boolean isLate(Instant now) {
        List<Instant> sorted = sortedStarts();
        return rhythm().filter(
                        rhythm -> now.isAfter(sorted.get(sorted.size() - 1).plus(rhythm.multipliedBy(3))))
                .isPresent();
    }

    SortedMap<LocalDate, Day> days() {
        return days;
    }

    Map<Kind, Integer> counts() {
        return counts;
    }

    private Day count(Instant start, Kind kind) {
        var time = start.atOffset(ZoneOffset.UTC);
        Day day = days.computeIfAbsent(time.toLocalDate(), date -> new Day());
        day.counts.merge(kind, 1, Integer::sum);
        int hour = time.getHour();
        if (day.hours[hour] == null || day.hours[hour].compareTo(kind) < 0) {
            day.hours[hour] = kind;
        }
        return day;
    }

    private List<Instant> sortedStarts() {
        return starts.stream().distinct().sorted().toList();
    }

    private static long number(Map<String, String> details, String name) {
        try {
            return Long.parseLong(details.getOrDefault(name, "0"));
        } catch (NumberFormatException e) {
            return 0; // of another's making
        }
    }
}
