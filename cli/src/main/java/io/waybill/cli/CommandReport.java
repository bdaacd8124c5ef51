package io.waybill.cli;

import io.waybill.archive.RunInspection;
import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import java.time.Duration;

/** What a command made of each run, and which runs were left out and why. Safe for use by many threads. */
final class CommandReport extends PassReport {

    private boolean results;
    private int processed;

    CommandReport(Progress progress) {
        super(progress, "fence", "exit_code", "took_ms");
    }

    @Override
    public synchronized void lost(Claim claim, ClaimLostException why) {
        results = true;
        lost(claim, why, claim.fence());
    }

    /** What a dry run found pending and ready. */
    synchronized void wouldRun(RunInspection inspection) {
        add(inspection.run().key(), "WOULD RUN", "%,d bytes".formatted(inspection.bytes()));
    }

    /** What became of a claim when its command had ended. */
    synchronized void ended(Claim claim, CommandResult result, int exitCode, Duration took) {
        results = true;
        String name = result.name().replace('_', ' ');
        Long[] numbers = {claim.fence(), (long) exitCode, took.toMillis()};
        if (result == CommandResult.FAILED) {
            failed(claim.run(), name, result.note(exitCode), numbers);
        } else {
            processed += result == CommandResult.PROCESSED ? 1 : 0;
            add(claim.run().key(), name, result.note(exitCode), numbers);
            say(claim.run(), name, result.note(exitCode));
            progress().end(claim.run());
        }
    }

    @Override
    synchronized boolean hasResults() {
        return results;
    }

    @Override
    int taken() {
        return processed;
    }

    @Override
    String summary() {
        return (results ? "" : "nothing was run: ") + Count.of(processed, "run") + " processed";
    }

    @Override
    String otherPlace() {
        return "by 'transform'";
    }
}
