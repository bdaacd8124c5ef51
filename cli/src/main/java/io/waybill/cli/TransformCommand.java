package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.manifest.ManifestException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The main job: each pending run to NDJSON, once. */
@Command(
        name = "transform",
        mixinStandardHelpOptions = true,
        description =
                "Claims each pending run, transforms its files to NDJSON, and publishes it as a whole. May run any"
                        + " number of times, in several processes, and be killed at any moment: each run is in the output once.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  waybill transform archive --to json --last 7d --dry-run",
            "  waybill transform s3://bucket/enriched/archive/ --to s3://bucket/json/ \\",
            "      --quiet-period 15m --compress gzip"
        })
final class TransformCommand extends StoreCommand {

    @Mixin
    private ArchiveChoice archiveChoice = new ArchiveChoice();

    @Mixin
    private TimeBounds range = new TimeBounds();

    @Mixin
    private OutputChoice outputChoice = new OutputChoice();

    @Mixin
    private ClaimChoice claims = new ClaimChoice();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many files, and how many runs, are transformed at a time. Default: one per core.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--compress",
            paramLabel = "KIND",
            defaultValue = "NONE",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private RunTransform.Compression compression = RunTransform.Compression.NONE;

    @Option(names = "--dry-run", description = "Only list what would be processed.")
    private boolean dryRun;

    private TransformCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (threads < 1) {
            throw new IllegalArgumentException("--threads is " + threads + ", want 1 or more");
        }
        try (Progress progress =
                dryRun ? Progress.start(err(), Progress.Style.SILENT, "runs") : Progress.start(err(), "runs")) {
            TransformReport report = new TransformReport(progress);
            try (RunArchive archive = archiveChoice.open(report::foreign);
                    RunManifestStore store = dryRun ? askStore() : openStore()) {
                outputChoice.requireApart(archive);
                return dryRun ? list(archive, store, report) : transform(archive, store, report);
            }
        }
    }

    private int list(RunArchive archive, RunManifestStore store, TransformReport report) throws IOException {
        RunManifest manifest = RunManifest.builder(store).listener(report).build();
        Candidates candidates = new Candidates(
                archive,
                manifest,
                store,
                report,
                run -> Optional.of(outputChoice.target(archive, run)),
                report::wouldProcess);
        try (Stream<RunId> runs = candidates.list(archiveChoice.runs(archive, range), claims.inOrder())) {
            runs.forEach(run -> {});
        }
        print(report);
        archiveChoice.explainNone(archive, range, err());
        return report.exitCode();
    }

    private int transform(RunArchive archive, RunManifestStore store, TransformReport report)
            throws IOException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (RunOutput output = outputChoice.open(archive)) {
            RunManifest manifest = RunManifest.builder(store)
                    .maxAttempts(claims.maxAttempts())
                    .listener(output)
                    .listener(report)
                    .build();
            RunTransform handler = new RunTransform(manifest, archive, output, compression, pool, report.progress());
            Candidates candidates = new Candidates(
                    archive,
                    manifest,
                    store,
                    report,
                    run -> Optional.of(outputChoice.target(archive, run)),
                    handler::expect);
            RunProcessor.Builder processor =
                    RunProcessor.builder(manifest).lease(claims.lease()).retryAfter(claims.retryAfter());
            (claims.inOrder() ? processor.inOrder() : processor.parallelism(threads))
                    .build()
                    .process(candidates.list(archiveChoice.runs(archive, range), claims.inOrder()), handler);
            print(report);
            archiveChoice.explainNone(archive, range, err());
            return report.exitCode();
        } catch (ManifestException
                | UncheckedIOException
                | InterruptedException e) { // what was done by then is done, and told
            if (report.hasResults()) {
                print(report);
            }
            throw e;
        } finally {
            pool.shutdownNow();
        }
    }

    private void print(TransformReport report) throws IOException {
        report.print(format(), err());
    }
}
