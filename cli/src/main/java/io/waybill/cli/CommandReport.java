package io.waybill.cli;

import io.waybill.archive.RunInspection;
import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.ManifestException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a command made of each run, and which runs were left out and why. Safe for use by many threads. */
final class CommandReport implements PassReport {

    private record Row(
            String run,
            String result,
            @Nullable Long fence,
            @Nullable Integer exitCode,
            @Nullable Long millis,
            String note) {}

    private final PrintWriter err;
    private final List<Row> rows = new ArrayList<>();
    private final Map<RunState, Integer> settled = new TreeMap<>();
    private int elsewhere;
    private int failures;
    private int stuck;
    private int processed;

    CommandReport(PrintWriter err) {
        this.err = err;
    }

    @Override
    public synchronized void done(RunRecord record, boolean inAnotherPlace) {
        settled.merge(record.state(), 1, Integer::sum);
        elsewhere += inAnotherPlace ? 1 : 0;
    }

    @Override
    public synchronized void leftOut(RunInspection inspection) {
        add(inspection.run(), inspection.status().name(), inspection.reason());
    }

    @Override
    public synchronized void failedForGood(RunRecord record) {
        stuck++;
        String reason = record.details().getOrDefault(RunRecord.REASON, "no reason kept");
        add(
                record.id(),
                "FAILED BEFORE",
                "%d attempts failed, 'waybill retry' allows more: %s".formatted(record.attempts(), reason));
    }

    @Override
    public synchronized void stoppedBefore(RunId run) {
        add(run, "STOPPED", "not done, so no later run is begun: runs are processed in order");
    }

    @Override
    public synchronized void failed(RunId run, String result, String why) {
        failures++;
        add(run, result, why);
        say(run, result, why);
    }

    @Override
    public synchronized void refused(RunId run, ClaimResult answer) {
        if (answer instanceof ClaimResult.Held held) {
            add(run, "HELD", "by %s until %s".formatted(held.by(), held.until()));
        } else if (answer instanceof ClaimResult.NotYet later) {
            add(run, "WAITING", "may be tried again from %s".formatted(later.retryAt()));
        } else if (answer instanceof ClaimResult.Settled other
                && other.record().state().isDone()) {
            settled.merge(other.record().state(), 1, Integer::sum);
        } else if (answer instanceof ClaimResult.Settled other) {
            failedForGood(other.record());
        }
    }

    @Override
    public synchronized void lost(Claim claim, ClaimLostException why) {
        String winner = why.winner()
                .map(w -> "%s by %s".formatted(w.state(), w.owner()))
                .orElse("");
        String note = "the claim ran out or was overridden: " + winner;
        rows.add(new Row(claim.run().key(), "LOST", claim.fence(), null, null, note));
        say(claim.run(), "LOST", winner);
    }

    @Override
    public synchronized void undecided(RunId run, ManifestException why) {
        failed(run, "UNDECIDED", Main.message(why));
    }

    /** What a dry run found pending and ready. */
    synchronized void wouldRun(RunInspection inspection) {
        add(inspection.run(), "WOULD RUN", "%,d bytes".formatted(inspection.bytes()));
    }

    /** What became of a claim when its command had ended. */
    synchronized void ended(Claim claim, CommandResult result, int exitCode, Duration took) {
        processed += result == CommandResult.PROCESSED ? 1 : 0;
        failures += result == CommandResult.FAILED ? 1 : 0;
        String name = result.name().replace('_', ' ');
        rows.add(new Row(claim.run().key(), name, claim.fence(), exitCode, took.toMillis(), result.note(exitCode)));
        say(claim.run(), name, result.note(exitCode));
    }

    /** Whether anything became of a run in this pass. */
    synchronized boolean hasResults() {
        return rows.stream().anyMatch(row -> row.fence() != null);
    }

    synchronized int exitCode() {
        return failures + stuck > 0 ? ExitCode.SOME_RUNS_FAILED : ExitCode.DONE;
    }

    synchronized void print(FormatChoice format) throws IOException {
        Table table = new Table("run", "result", "fence", "exit_code", "took_ms", "note");
        rows.sort(Comparator.comparing(Row::run));
        rows.forEach(row -> table.add(row.run(), row.result(), row.fence(), row.exitCode(), row.millis(), row.note()));
        format.print(table, "");
        StringBuilder text = new StringBuilder(hasResults() ? "" : "nothing was run: ");
        text.append("%,d runs processed, %,d failed, %,d left out"
                .formatted(processed, failures, rows.size() - processed - failures));
        settled.forEach((state, count) -> text.append(", %,d %s before".formatted(count, state)));
        err.println(text);
        if (elsewhere > 0) {
            err.printf(
                    "waybill: warning: %,d of these runs were processed from another archive or by another command under"
                            + " this job; give each its own --job%n",
                    elsewhere);
        }
    }

    private void add(RunId run, String result, String note) {
        rows.add(new Row(run.key(), result, null, null, null, note));
    }

    private void say(RunId run, String result, String note) {
        err.println(run + " " + result.toLowerCase(Locale.ROOT) + (note.isEmpty() ? "" : ": " + note));
    }
}
