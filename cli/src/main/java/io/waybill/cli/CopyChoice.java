package io.waybill.cli;

import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.util.Iterator;
import picocli.CommandLine.Option;

/** How records are written into a store. */
final class CopyChoice {

    @Option(names = "--dry-run", description = "Only count what would be written.")
    private boolean dryRun;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many records are written at a time. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--overwrite",
            description =
                    "Replace a record of the target by one of a higher version although it is not known to be an earlier"
                            + " version of it: when the target holds nothing but earlier copies of these records.")
    private boolean overwrite;

    void requireSense() {
        if (threads < 1) {
            throw new IllegalArgumentException("--threads is " + threads + ", want 1 or more");
        }
    }

    /** Copies the records and prints what became of them; returns the exit code. */
    int copy(Iterator<RunRecord> records, RunManifestStore target, FormatChoice format, Progress progress)
            throws IOException, InterruptedException {
        RecordCopy copy = new RecordCopy(target, this, progress);
        copy.copy(records);
        return copy.finish(format);
    }

    boolean isDry() {
        return dryRun;
    }

    int threads() {
        return threads;
    }

    boolean overwrites() {
        return overwrite;
    }
}
