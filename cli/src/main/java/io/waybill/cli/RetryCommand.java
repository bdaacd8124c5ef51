package io.waybill.cli;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import picocli.CommandLine.Command;

/** Lets failed runs be tried again. */
@Command(
        name = "retry",
        mixinStandardHelpOptions = true,
        description = "Makes failed runs claimable at once, with all their attempts before them.")
final class RetryCommand extends OperatorCommand {

    private RetryCommand() {}

    @Override
    boolean applies(RunRecord record) {
        return record.state() == RunState.FAILED;
    }

    @Override
    boolean isHardToTakeBack() {
        return false;
    }

    @Override
    boolean decide(RunManifest manifest, RunManifestStore store, RunRecord seen) {
        return manifest.retry(seen.id());
    }

    @Override
    RunState done() {
        return RunState.NEW;
    }
}
