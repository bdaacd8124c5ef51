package io.waybill.cli;

import io.waybill.cli.RunCensus.Gap;
import io.waybill.cli.RunCensus.Kind;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Counts the records of the manifest. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Counts the runs that the manifest knows by what is to be done about them.",
        footerHeading = "%nExamples:%n",
        footer = {"  waybill status --grid --last 30d", "  waybill status --fail-on failed,stuck,gaps,late"})
final class StatusCommand extends StoreCommand {

    /** What a script may want to know of. */
    enum Alarm {
        FAILED,
        STUCK,
        GAPS,
        LATE
    }

    @Option(
            names = "--fail-on",
            split = ",",
            paramLabel = "WHAT",
            description =
                    "End with 4 if there is any of these: ${COMPLETION-CANDIDATES}. Failed for good; with a worker that"
                            + " is gone; missing in the rhythm of the runs; no run for three times the usual while.")
    private Set<Alarm> failOn = EnumSet.noneOf(Alarm.class);

    @Option(names = "--grid", description = "Draw the days: a line for each, a sign for each hour.")
    private boolean grid;

    @Mixin
    private TimeRange range = new TimeRange();

    private StatusCommand() {}

    private record Count(long runs, String first, String last) {
        Count plus(Count later) {
            return new Count(runs + later.runs, first, later.last);
        }
    }

    @Override
    public Integer call() throws IOException {
        Predicate<RunId> inRange = range.filter();
        Map<String, Count> counts = new TreeMap<>();
        RunCensus census = new RunCensus();
        Instant now;
        String nothing;
        try (RunManifestStore store = readStore();
                Stream<RunRecord> records = RunManifest.over(store).records(RunRange.all())) {
            now = store.now();
            nothing = store + " knows no run";
            for (Iterator<RunRecord> each = records.iterator(); each.hasNext(); ) {
                RunRecord record = each.next();
                if (inRange.test(record.id())) {
                    String run = record.id().key();
                    counts.merge(kind(record, now), new Count(1, run, run), Count::plus);
                    census.add(record.id(), RunCensus.kind(record, now), record.details());
                }
            }
        }
        List<Gap> gaps = census.gaps();
        if (grid) {
            census.countMissing(gaps);
            if (format().isForPeople() && !census.counts().isEmpty()) {
                drawGrid(census);
            } else {
                format().print(tableOf(census), range.whyNone(nothing));
            }
        } else {
            Table table = new Table("state", "runs", "first", "last");
            counts.forEach((kind, count) -> table.add(kind, count.runs(), count.first(), count.last()));
            format().print(table, range.whyNone(nothing));
        }
        Set<Alarm> alarms = alarms(census, gaps, now);
        alarms.retainAll(failOn);
        if (!alarms.isEmpty()) {
            err().println("waybill: there is: " + alarms);
        }
        return alarms.isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS;
    }

    private static Set<Alarm> alarms(RunCensus census, List<Gap> gaps, Instant now) {
        Set<Alarm> alarms = EnumSet.noneOf(Alarm.class);
        if (census.counts().containsKey(Kind.FAILED)) {
            alarms.add(Alarm.FAILED);
        }
        if (census.counts().containsKey(Kind.STUCK)) {
            alarms.add(Alarm.STUCK);
        }
        if (!gaps.isEmpty()) {
            alarms.add(Alarm.GAPS);
        }
        if (census.isLate(now) || census.counts().isEmpty()) { // nothing at all has come
            alarms.add(Alarm.LATE);
        }
        return alarms;
    }

    private static Table tableOf(RunCensus census) {
        Table table = new Table("day", "state", "runs");
        census.days().forEach((day, runs) -> runs.counts.forEach((kind, count) -> table.add(day, kind, count)));
        return table;
    }

    private void drawGrid(RunCensus census) {
        PrintWriter out = out();
        out.println("            00    06    12    18");
        Set<Kind> drawn = EnumSet.noneOf(Kind.class);
        LocalDate expected = null;
        for (Map.Entry<LocalDate, RunCensus.Day> day : census.days().entrySet()) {
            if (expected != null && day.getKey().isAfter(expected)) {
                out.println("  ...");
            }
            expected = day.getKey().plusDays(1);
            StringBuilder line = new StringBuilder(day.getKey() + "  ");
            for (Kind hour : day.getValue().hours) {
                line.append(hour == null ? ' ' : hour.sign);
            }
            drawn.addAll(day.getValue().counts.keySet());
            String others = day.getValue().counts.entrySet().stream()
                    .filter(count -> count.getKey() != Kind.PROCESSED)
                    .map(count -> "%d %s"
                            .formatted(count.getValue(), count.getKey().name().toLowerCase(Locale.ROOT)))
                    .collect(Collectors.joining(", "));
            out.println((line + "  " + others).stripTrailing());
        }
        out.println(drawn.stream().map(kind -> kind.sign + " " + kind.words).collect(Collectors.joining("   ")));
        out.flush();
    }

    private static String kind(RunRecord record, Instant now) {
        if (record.state() == RunState.PROCESSING && !record.isHeldAt(now)) {
            return "PROCESSING, lease over";
        }
        if (record.state() == RunState.FAILED && record.retryAt() == null) {
            return "FAILED for good";
        }
        return record.state().name();
    }
}
