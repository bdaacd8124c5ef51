package io.waybill.cli;

import io.waybill.archive.RunInspection;
import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.ManifestException;
import io.waybill.manifest.ManifestListener;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What becomes of each run of a pass over an archive, also of those that are left out. Safe for use by many threads. */
abstract class PassReport implements ManifestListener {

    private record Row(String run, String result, List<@Nullable Long> numbers, String note) {}

    private final Progress progress;
    private final List<String> columns; // that hold numbers
    private final List<Row> rows = new ArrayList<>();
    private final Map<RunState, Integer> settled = new TreeMap<>();
    private int elsewhere;
    private int failures;
    private int stuck;

    /** A report that says what became of a run when it is known, and has these columns of numbers. */
    PassReport(Progress progress, String... columns) {
        this.progress = progress;
        this.columns = List.of(columns);
    }

    /** What counts how far the pass has come. */
    final Progress progress() {
        return progress;
    }

    /** What to say of the whole pass, before what was left out is counted. */
    abstract String summary();

    /** Whether a run was claimed and something became of it. */
    abstract boolean hasResults();

    /** How many of the rows are of runs that were not left out and have not failed. */
    abstract int taken();

    /** How else than from another archive a run of the same job may have been processed. */
    abstract String otherPlace();

    /** A run that needs nothing any more, and whether it was processed from or to another place. */
    final synchronized void done(RunRecord record, boolean inAnotherPlace) {
        settled.merge(record.state(), 1, Integer::sum);
        elsewhere += inAnotherPlace ? 1 : 0;
    }

    /** A run that is not ready. */
    final synchronized void leftOut(RunInspection inspection) {
        add(inspection.run().key(), inspection.status().name(), inspection.reason());
    }

    /** A run that has failed as often as it may. */
    final synchronized void failedForGood(RunRecord record) {
        stuck++;
        add(
                record.id().key(),
                "FAILED BEFORE",
                "%d attempts failed, 'waybill retry' allows more: %s".formatted(record.attempts(), reason(record)));
    }

    /** The run before which a pass in order has stopped. */
    final synchronized void stoppedBefore(RunId run) {
        add(run.key(), "STOPPED", "not done, so no later run is begun: runs are processed in order");
    }

    /** A run of which nothing could be made, and what numbers are known of it. */
    final synchronized void failed(RunId run, String result, String why, @Nullable Long... numbers) {
        failures++;
        add(run.key(), result, why, numbers);
        progress.end(run);
        say(run, result, why);
    }

    @Override
    public final synchronized void refused(RunId run, ClaimResult answer) {
        progress.leaveOut(run);
        if (answer instanceof ClaimResult.Held held) {
            add(run.key(), "HELD", "by %s until %s".formatted(held.by(), held.until()));
        } else if (answer instanceof ClaimResult.NotYet later) {
            add(run.key(), "WAITING", "may be tried again from %s".formatted(later.retryAt()));
        } else if (answer instanceof ClaimResult.Settled other
                && other.record().state().isDone()) {
            settled.merge(other.record().state(), 1, Integer::sum);
        } else if (answer instanceof ClaimResult.Settled other) {
            failedForGood(other.record());
        }
    }

    @Override
    public synchronized void lost(Claim claim, ClaimLostException why) {
        lost(claim, why, new Long[0]);
    }

    /** A claim that was lost, and what numbers are known of it. */
    final void lost(Claim claim, ClaimLostException why, @Nullable Long... numbers) {
        String winner = why.winner()
                .map(w -> "%s by %s".formatted(w.state(), w.owner()))
                .orElse("");
        progress.end(claim.run());
        add(claim.run().key(), "LOST", "the claim ran out or was overridden: " + winner, numbers);
        say(claim.run(), "LOST", winner);
    }

    @Override
    public final synchronized void undecided(RunId run, ManifestException why) {
        failed(run, "UNDECIDED", Main.message(why));
    }

    final synchronized int exitCode() {
        return failures + stuck > 0 ? ExitCode.SOME_RUNS_FAILED : ExitCode.DONE;
    }

    final synchronized void print(FormatChoice format, PrintWriter err) throws IOException {
        progress.close();
        Table table = new Table(Stream.of(List.of("run", "result"), columns, List.of("note"))
                .flatMap(List::stream)
                .toArray(String[]::new));
        rows.sort(Comparator.comparing(Row::run));
        for (Row row : rows) {
            List<@Nullable Object> cells = new ArrayList<>(List.of(row.run(), row.result()));
            cells.addAll(row.numbers());
            cells.add(row.note());
            table.add(cells.toArray());
        }
        format.print(table, "");
        StringBuilder text = new StringBuilder(summary());
        text.append(", %,d failed, %,d left out".formatted(failures, rows.size() - taken() - failures));
        settled.forEach((state, count) -> text.append(", %,d %s before".formatted(count, state)));
        err.println(text.append(ending()));
        if (elsewhere > 0) {
            err.printf(
                    "waybill: warning: %,d of these runs were processed from another archive or %s, and not now,"
                            + " as the job is the same; give each its own --job%n",
                    elsewhere, otherPlace());
        }
    }

    /** What ends the summary. */
    String ending() {
        return "";
    }

    final int failures() {
        return failures;
    }

    /** Adds a row; a column without a number stays empty. */
    final void add(String run, String result, String note, @Nullable Long... numbers) {
        rows.add(new Row(run, result, Arrays.asList(Arrays.copyOf(numbers, columns.size())), note));
    }

    final void say(RunId run, String result, String note) {
        say(run + " " + result.toLowerCase(Locale.ROOT) + (note.isEmpty() ? "" : ": " + note));
    }

    final void say(String line) {
        progress.say(line);
    }

    /** A record's reason without the class names that it begins with, and without causes. */
    static String reason(RunRecord record) {
        String reason = record.details().getOrDefault(RunRecord.REASON, "no reason kept");
        return reason.replaceFirst("^(?:[a-z]\\w*\\.)+[A-Z]\\w*: ", "").replaceFirst("; caused by .*", "");
    }
}
