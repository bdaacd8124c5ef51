package io.waybill.cli;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
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
    boolean decide(RunManifest manifest, RunId run) {
        return manifest.forget(run);
    }

    @Override
    String done() {
        return "NEW";
    }
}
