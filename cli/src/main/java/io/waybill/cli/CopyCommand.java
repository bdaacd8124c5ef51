package io.waybill.cli;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.StoreLocation;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves to another backend. */
@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        description =
                "Copies the records to another store, whatever their backends, the tables of the older SDKs included."
                        + " May be interrupted and repeated: what the target has of a run is replaced by a later version of"
                        + " the same, and left where it is another's.",
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
            description = "The job to copy to. Default: that of --target if it names one, else the one that is copied.")
    private @Nullable String targetJob;

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
        try (RunManifestStore source = readStore();
                RunManifestStore there = openTarget();
                Stream<RunRecord> records = source.list(RunRange.startingWith(prefix));
                Progress progress = Progress.start(err(), "records")) {
            if (!InitCommand.isThere(there)) {
                err().printf(
                                "waybill: there is no store yet to copy to, %s: run 'waybill init' with what --target and"
                                        + " --target-job name%n",
                                there);
                return ExitCode.NOT_INITIALISED;
            }
            return copyChoice.copy(
                    records.filter(record -> inRange.test(record.id())).iterator(), there, format(), progress);
        }
    }

    private RunManifestStore openTarget() {
        StoreChoice.requireShared(target);
        boolean jobIsInLocation = targetJob == null && StoreChoice.jobIn(target).isPresent();
        Map<String, String> options = jobIsInLocation
                ? Map.of()
                : Map.of(
                        StoreLocation.JOB,
                        Optional.ofNullable(targetJob)
                                .orElseGet(() -> storeChoice().job()));
        return RunManifestStores.open(target, options);
    }
}
