package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.manifest.ManifestException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job: each pending run to NDJSON, once. */
@Command(
        name = "transform",
        mixinStandardHelpOptions = true,
        description =
                "Claims each pending run, transforms its files to NDJSON, and publishes it as a whole. May run any"
                        + " number of times, in several processes, and be killed at any moment: each run is in the output once.")
final class TransformCommand implements Callable<Integer> {

    @Mixin
    private ArchiveChoice archiveChoice = new ArchiveChoice();

    @Mixin
    private OutputChoice outputChoice = new OutputChoice();

    @Mixin
    private StoreChoice storeChoice = new StoreChoice();

    @Option(
            names = "--lease",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "How long a claim outlives this process if it is killed; renewed meanwhile. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Duration lease = RunProcessor.DEFAULT_LEASE;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often a run may fail before it needs 'waybill retry'. Default: ${DEFAULT-VALUE}.")
    private int maxAttempts;

    @Option(
            names = "--retry-after",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "How long a failed run waits for its next attempt. Default: ${DEFAULT-VALUE}.")
    private Duration retryAfter = Duration.ZERO;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many files, and how many runs, are transformed at a time. Default: one per core.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--in-order", description = "One run at a time, and none while an earlier one is not done.")
    private boolean inOrder;

    @Option(
            names = "--compress",
            paramLabel = "KIND",
            defaultValue = "NONE",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private RunTransform.Compression compression = RunTransform.Compression.NONE;

    @Option(names = "--dry-run", description = "Only list what would be processed.")
    private boolean dryRun;

    @Mixin
    private FormatChoice format = new FormatChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec spec;

    private TransformCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (threads < 1) {
            throw new IllegalArgumentException("--threads is " + threads + ", want 1 or more");
        }
        PrintWriter err = spec.commandLine().getErr();
        boolean live = Boolean.getBoolean("waybill.terminal") && !dryRun;
        try (TransformProgress progress = new TransformProgress(err, live, System::nanoTime)) {
            TransformReport report = new TransformReport(progress);
            try (RunArchive archive = archiveChoice.open(report::foreign);
                    RunManifestStore store = storeChoice.open()) {
                outputChoice.requireApart(archive);
                return dryRun ? list(archive, store, report, progress) : transform(archive, store, report, progress);
            }
        }
    }

    private int list(RunArchive archive, RunManifestStore store, TransformReport report, TransformProgress progress)
            throws IOException {
        RunManifest manifest = RunManifest.builder(store).listener(report).build();
        Candidates candidates = new Candidates(
                archive, manifest, store, report, run -> outputChoice.target(archive, run), report::wouldProcess);
        try (Stream<RunId> runs = candidates.list(archiveChoice.runs(archive), inOrder)) {
            runs.forEach(run -> {});
        }
        print(report, progress);
        return report.exitCode();
    }

    private int transform(
            RunArchive archive, RunManifestStore store, TransformReport report, TransformProgress progress)
            throws IOException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (RunOutput output = outputChoice.open(archive)) {
            RunManifest manifest = RunManifest.builder(store)
                    .maxAttempts(maxAttempts)
                    .listener(output)
                    .listener(report)
                    .build();
            RunTransform handler = new RunTransform(manifest, archive, output, compression, pool, progress);
            Candidates candidates = new Candidates(
                    archive, manifest, store, report, run -> outputChoice.target(archive, run), handler::expect);
            RunProcessor.Builder processor =
                    RunProcessor.builder(manifest).lease(lease).retryAfter(retryAfter);
            (inOrder ? processor.inOrder() : processor.parallelism(threads))
                    .build()
                    .process(candidates.list(archiveChoice.runs(archive), inOrder), handler);
            print(report, progress);
            return report.exitCode();
        } catch (ManifestException
                | UncheckedIOException
                | InterruptedException e) { // what was done by then is done, and told
            if (report.hasResults()) {
                print(report, progress);
            }
            throw e;
        } finally {
            pool.shutdownNow();
        }
    }

    private void print(TransformReport report, TransformProgress progress) throws IOException {
        progress.close();
        report.print(format, spec.commandLine().getErr());
    }
}
