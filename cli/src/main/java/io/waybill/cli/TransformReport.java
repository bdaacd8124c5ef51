package io.waybill.cli;

import io.waybill.archive.RunInspection;
import io.waybill.manifest.Claim;
import io.waybill.manifest.RunRecord;

/** What a transform made of each run, and what was left out and why. Safe for use by many threads. */
final class TransformReport extends PassReport {

    private int wouldProcess;
    private int processed;
    private long events;
    private long badRows;

    TransformReport(Progress progress) {
        super(progress, "files", "events", "bad_rows");
    }

    /** What lies in the archive and is no run. */
    synchronized void foreign(String what) {
        int colon = what.indexOf(": ");
        add(colon < 0 ? what : what.substring(0, colon), "FOREIGN", colon < 0 ? "no run" : what.substring(colon + 2));
    }

    /** What a dry run found pending and ready. */
    synchronized void wouldProcess(RunInspection inspection) {
        wouldProcess++;
        add(inspection.run().key(), "WOULD PROCESS", "%,d bytes".formatted(inspection.bytes()), (long)
                inspection.files().size());
    }

    @Override
    public synchronized void ended(Claim claim, RunRecord record) {
        switch (record.state()) {
            case PROCESSED -> processed(record);
            case FAILED -> failed(claim.run(), "FAILED", reason(record));
            default -> add(claim.run().key(), "GIVEN BACK", "interrupted");
        }
        progress().end(claim.run());
    }

    private void processed(RunRecord record) {
        long files = number(record, "files");
        long rows = number(record, "events");
        long bad = number(record, "bad_rows");
        String takeovers = record.details().get(RunRecord.TAKEOVERS);
        processed++;
        events += rows;
        badRows += bad;
        String run = record.id().key();
        add(run, "PROCESSED", takeovers == null ? "" : "taken over %s times".formatted(takeovers), files, rows, bad);
        say("%s processed: %s, %s, %s"
                .formatted(run, Count.of(files, "file"), Count.of(rows, "event"), Count.of(bad, "bad row")));
    }

    @Override
    synchronized boolean hasResults() {
        return processed + failures() > 0;
    }

    @Override
    int taken() {
        return processed + wouldProcess;
    }

    @Override
    String summary() {
        String first = wouldProcess > 0
                ? "dry run: %s would be processed; ".formatted(Count.of(wouldProcess, "run"))
                : hasResults() ? "" : "nothing to do: ";
        return first
                + "%s processed (%s, %s)"
                        .formatted(Count.of(processed, "run"), Count.of(events, "event"), Count.of(badRows, "bad row"));
    }

    @Override
    String ending() {
        return " in " + Durations.show(progress().elapsed());
    }

    @Override
    String otherPlace() {
        return "into another folder, or by a command of 'run'";
    }

    private static long number(RunRecord record, String detail) {
        return Long.parseLong(record.details().getOrDefault(detail, "0"));
    }
}
