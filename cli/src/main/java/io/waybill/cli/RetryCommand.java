package io.waybill.cli;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import picocli.CommandLine.Command;

/** Lets failed runs be tried again. */
@Command(
        name = "retry",
        mixinStandardHelpOptions = true,
        description = "Makes failed runs claimable at once, with all their attempts before them.")
final class RetryCommand extends OperatorCommand {

    private RetryCommand() {}

    @Override
    boolean decide(RunManifest manifest, RunId run) {
        return manifest.retry(run);
    }

    @Override
    String done() {
        return "NEW";
    }
}
