package io.waybill.cli;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import picocli.CommandLine.Command;

/** Lets runs be processed once more. */
@Command(
        name = "forget",
        mixinStandardHelpOptions = true,
        description =
                "Makes runs new again, whatever they were: the next pass processes them once more and replaces their"
                        + " output. A worker that holds one loses its claim.")
final class ForgetCommand extends OperatorCommand {

    private ForgetCommand() {}

    @Override
    boolean applies(RunRecord record) {
        return record.state() != RunState.NEW;
    }

    @Override
    boolean decide(RunManifest manifest, RunManifestStore store, RunRecord seen) {
        return manifest.forget(seen.id());
    }

    @Override
    RunState done() {
        return RunState.NEW;
    }
}
