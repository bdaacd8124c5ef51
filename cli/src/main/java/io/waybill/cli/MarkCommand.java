package io.waybill.cli;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Records that runs are done without processing them here. */
@Command(
        name = "mark",
        mixinStandardHelpOptions = true,
        description = "Records runs as processed, or as skipped. A worker that holds one loses its claim.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  waybill mark run=2026-03-01-00-00-00/",
            "  waybill mark --as skipped --why 'before our time' --before 2026-01-01 \\",
            "      --archive s3://bucket/enriched/archive/ --dry-run"
        })
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
    boolean applies(RunRecord record) {
        return mark == Mark.PROCESSED
                ? record.state() != RunState.PROCESSED
                : !record.state().isDone();
    }

    @Override
    boolean isForUnknown() {
        return true;
    }

    @Override
    boolean decide(RunManifest manifest, RunManifestStore store, RunRecord seen) {
        return mark == Mark.PROCESSED ? manifest.add(seen.id()) : manifest.skip(seen.id(), why);
    }

    @Override
    RunState done() {
        return mark == Mark.PROCESSED ? RunState.PROCESSED : RunState.SKIPPED;
    }
}
