package io.waybill.cli;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Records that runs are done without processing them here. */
@Command(
        name = "mark",
        mixinStandardHelpOptions = true,
        description = "Records runs as processed, or as skipped. A worker that holds one loses its claim.")
final class MarkCommand extends OperatorCommand {

    enum Mark {
        PROCESSED,
        SKIPPED
    }

    @Option(
            names = "--as",
            paramLabel = "STATE",
            defaultValue = "PROCESSED",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Mark mark = Mark.PROCESSED;

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            defaultValue = "marked by hand",
            description = "The reason, with --as SKIPPED.")
    private String why = "";

    private MarkCommand() {}

    @Override
    boolean decide(RunManifest manifest, RunId run) {
        return mark == Mark.PROCESSED ? manifest.add(run) : manifest.skip(run, why);
    }

    @Override
    String done() {
        return mark.name();
    }
}
