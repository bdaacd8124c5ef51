package io.waybill.cli;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.StoreLocation;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Moves to another backend. */
@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        description =
                "Copies the records to another store, whatever their backends, the tables of the older SDKs included."
                        + " For each run the higher version wins; may be interrupted and repeated.")
final class CopyCommand implements Callable<Integer> {

    @Mixin
    private StoreChoice storeChoice = new StoreChoice();

    @Option(
            names = "--target",
            required = true,
            paramLabel = "LOCATION",
            defaultValue = "${env:WAYBILL_TARGET}",
            description = "The store to copy to, made by 'init'. Default: $WAYBILL_TARGET.")
    private String target = "";

    @Option(
            names = "--target-job",
            paramLabel = "NAME",
            defaultValue = StoreLocation.DEFAULT_JOB,
            description = "The job to copy to. Default: ${DEFAULT-VALUE}.")
    private String targetJob = "";

    @Option(names = "--prefix", paramLabel = "TEXT", defaultValue = "", description = "Only runs whose name begins so.")
    private String prefix = "";

    @Mixin
    private TimeRange range = new TimeRange();

    @Option(names = "--dry-run", description = "Only count what would be written.")
    private boolean dryRun;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many records are written at a time. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Mixin
    private FormatChoice format = new FormatChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec spec;

    private CopyCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireThreads(threads);
        Predicate<RunId> inRange = range.filter();
        try (RunManifestStore source = storeChoice.open();
                RunManifestStore there = RunManifestStores.open(target, Map.of(StoreLocation.JOB, targetJob));
                Stream<RunRecord> records = source.list(RunRange.startingWith(prefix))) {
            RecordCopy copy =
                    new RecordCopy(there, threads, dryRun, spec.commandLine().getErr());
            copy.copy(records.filter(record -> inRange.test(record.id())).iterator());
            return copy.finish(format);
        }
    }

    static void requireThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("--threads is " + threads + ", want 1 or more");
        }
    }
}
