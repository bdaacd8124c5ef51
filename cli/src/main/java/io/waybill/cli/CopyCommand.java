package io.waybill.cli;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.StoreLocation;
import java.io.IOException;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves to another backend. */
@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        description =
                "Copies the records to another store, whatever their backends, the tables of the older SDKs included."
                        + " For each run the higher version wins; may be interrupted and repeated.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  waybill init --store 'jdbc:postgresql://db/etl'",
            "  waybill copy --store 'dynamodb:runs?layout=seed' \\",
            "      --target 'jdbc:postgresql://db/etl' --dry-run"
        })
final class CopyCommand extends StoreCommand {

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

    @Mixin
    private CopyChoice copyChoice = new CopyChoice();

    private CopyCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        copyChoice.requireSense();
        Predicate<RunId> inRange = range.filter();
        try (RunManifestStore source = openStore();
                RunManifestStore there = RunManifestStores.open(target, Map.of(StoreLocation.JOB, targetJob));
                Stream<RunRecord> records = source.list(RunRange.startingWith(prefix));
                Progress progress = Progress.start(err(), "records")) {
            return copyChoice.copy(
                    records.filter(record -> inRange.test(record.id())).iterator(), there, format(), progress);
        }
    }
}
