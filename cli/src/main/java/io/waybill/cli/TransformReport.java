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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What became of each run of a pass: what was done, and what was left out and why. Safe for use by many threads. */
final class TransformReport implements PassReport {

    private record Row(
            String run,
            String result,
            @Nullable Long files,
            @Nullable Long events,
            @Nullable Long badRows,
            String note) {}

    private final TransformProgress progress;
    private final List<Row> rows = new ArrayList<>();
    private final Map<RunState, Integer> settled = new TreeMap<>();
    private int elsewhere;
    private int failures;
    private int stuck;
    private int wouldProcess;
    private int processed;

    TransformReport(TransformProgress progress) {
        this.progress = progress;
    }

    /** A run that needs nothing any more, and whether it was processed from or to another place. */
    @Override
    public synchronized void done(RunRecord record, boolean inAnotherPlace) {
        settled.merge(record.state(), 1, Integer::sum);
        elsewhere += inAnotherPlace ? 1 : 0;
    }

    @Override
    public synchronized void leftOut(RunInspection inspection) {
        add(inspection.run().key(), inspection.status().name(), inspection.reason());
    }

    synchronized void foreign(String what) {
        int colon = what.indexOf(": ");
        add(colon < 0 ? what : what.substring(0, colon), "FOREIGN", colon < 0 ? "no run" : what.substring(colon + 2));
    }

    /** What a dry run found pending and ready. */
    synchronized void wouldProcess(RunInspection inspection) {
        wouldProcess++;
        rows.add(new Row(
                inspection.run().key(),
                "WOULD PROCESS",
                (long) inspection.files().size(),
                null,
                null,
                "%,d bytes".formatted(inspection.bytes())));
    }

    /** The run before which a pass in order has stopped. */
    @Override
    public synchronized void stoppedBefore(RunId run) {
        add(run.key(), "STOPPED", "not done, so no later run is begun: runs are processed in order");
    }

    @Override
    public synchronized void failedForGood(RunRecord record) {
        stuck++;
        add(
                record.id().key(),
                "FAILED BEFORE",
                "%d attempts failed, 'waybill retry' allows more: %s".formatted(record.attempts(), reason(record)));
    }

    @Override
    public synchronized void refused(RunId run, ClaimResult answer) {
        if (answer instanceof ClaimResult.Held held) {
            add(run.key(), "HELD", "by %s until %s".formatted(held.by(), held.until()));
        } else if (answer instanceof ClaimResult.NotYet later) {
            add(run.key(), "WAITING", "may be tried again from %s".formatted(later.retryAt()));
        } else if (answer instanceof ClaimResult.Settled settledMeanwhile
                && settledMeanwhile.record().state().isDone()) {
            settled.merge(settledMeanwhile.record().state(), 1, Integer::sum);
        } else if (answer instanceof ClaimResult.Settled failed) {
            failedForGood(failed.record());
        }
    }

    @Override
    public synchronized void ended(Claim claim, RunRecord record) {
        switch (record.state()) {
            case PROCESSED -> {
                processed++;
                Row row = new Row(
                        record.id().key(),
                        "PROCESSED",
                        number(record, "files"),
                        number(record, "events"),
                        number(record, "bad_rows"),
                        takenOver(record));
                rows.add(row);
                progress.ended("%s processed: %d files, %d events, %d bad rows"
                        .formatted(row.run(), row.files(), row.events(), row.badRows()));
            }
            case FAILED -> failed(claim.run(), "FAILED", reason(record));
            default -> add(claim.run().key(), "GIVEN BACK", "interrupted");
        }
    }

    @Override
    public synchronized void lost(Claim claim, ClaimLostException why) {
        String winner = why.winner()
                .map(w -> "%s by %s".formatted(w.state(), w.owner()))
                .orElse("");
        add(claim.run().key(), "LOST", "the claim ran out or was overridden: " + winner);
        progress.ended(claim.run() + " lost: " + winner);
    }

    @Override
    public synchronized void undecided(RunId run, ManifestException why) {
        failed(run, "UNDECIDED", Main.message(why));
    }

    @Override
    public synchronized void failed(RunId run, String result, String why) {
        failures++;
        add(run.key(), result, why);
        progress.ended("%s %s: %s".formatted(run, result.toLowerCase(java.util.Locale.ROOT), why));
    }

    /** Whether a run was claimed and something became of it. */
    synchronized boolean hasResults() {
        return processed + failures > 0;
    }

    synchronized int exitCode() {
        return failures + stuck > 0 ? ExitCode.SOME_RUNS_FAILED : ExitCode.DONE;
    }

    synchronized void print(FormatChoice format, PrintWriter err) throws IOException {
        Table table = new Table("run", "result", "files", "events", "bad_rows", "note");
        rows.sort(Comparator.comparing(Row::run));
        rows.forEach(row -> table.add(row.run(), row.result(), row.files(), row.events(), row.badRows(), row.note()));
        format.print(table, "");
        err.println(summary());
        if (elsewhere > 0) {
            err.printf(
                    "waybill: warning: %,d of these runs were processed from another archive or into another folder under"
                            + " this job; give each its own --job%n",
                    elsewhere);
        }
    }

    private String summary() {
        StringBuilder text = new StringBuilder();
        if (wouldProcess > 0) {
            text.append("dry run: %,d runs would be processed; ".formatted(wouldProcess));
        } else if (processed == 0 && failures == 0) {
            text.append("nothing to do: ");
        }
        long events = rows.stream()
                .mapToLong(row -> row.events() == null ? 0 : row.events())
                .sum();
        long badRows = rows.stream()
                .mapToLong(row -> row.badRows() == null ? 0 : row.badRows())
                .sum();
        text.append("%,d runs processed (%,d events, %,d bad rows)".formatted(processed, events, badRows));
        text.append(
                ", %,d failed, %,d left out".formatted(failures, rows.size() - processed - failures - wouldProcess));
        settled.forEach((state, count) -> text.append(", %,d %s before".formatted(count, state)));
        return text.append(" in ").append(Durations.show(progress.elapsed())).toString();
    }

    private void add(String run, String result, String note) {
        rows.add(new Row(run, result, null, null, null, note));
    }

    private static String takenOver(RunRecord record) {
        String takeovers = record.details().get(RunRecord.TAKEOVERS);
        return takeovers == null ? "" : "taken over %s times".formatted(takeovers);
    }

    private static String reason(RunRecord record) {
        String reason = record.details().getOrDefault(RunRecord.REASON, "no reason kept");
        return reason.replaceFirst("^(?:[a-z]\\w*\\.)+[A-Z]\\w*: ", "").replaceFirst("; caused by .*", "");
    }

    private static @Nullable Long number(RunRecord record, String detail) {
        String text = record.details().get(detail);
        return text == null ? null : Long.valueOf(text);
    }
}
