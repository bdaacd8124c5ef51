package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.manifest.ManifestException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Any command, once for each run. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Claims each pending run and runs a command for it; the run is processed when the command ends with 0.",
        footerHeading = "%nThe command:%n",
        footer = {
            "  gets in its environment WAYBILL_RUN_ID, WAYBILL_RUN_URI (where the run's files",
            "  are) and WAYBILL_RUN_FENCE (a number greater than that of every earlier",
            "  attempt); with --batch instead WAYBILL_RUNS, a file with a line for each run:",
            "  id, URI and fence, separated by tabs. It reads nothing, and what it writes",
            "  goes to standard error.",
            "",
            "  It ends with 0 for done; with 75 (see --later-code) for not now, which gives",
            "  the run back and is no failure; with anything else for failed. When this",
            "  process is told to end or the claim is lost, the command gets SIGTERM, with",
            "  all that it has started, and SIGKILL after --grace. What it leaves running is",
            "  killed.",
            "",
            "Examples:",
            "  waybill run s3://bucket/archive/ -- ./load.sh",
            "  waybill run archive --parallel 4 --last 7d -- \\",
            "      sh -c 'spark-submit job.py \"$WAYBILL_RUN_URI\"'",
            "  waybill run archive --batch 100 -- sh -c 'load --list \"$WAYBILL_RUNS\"'"
        })
final class RunCommand extends StoreCommand {

    private static final int MOST = 10_000; // claims that are renewed together

    @Mixin
    private ArchiveChoice archiveChoice = new ArchiveChoice();

    @Mixin
    private TimeRange range = new TimeRange();

    @Parameters(
            paramLabel = "CMD",
            index = "1..*",
            arity = "1..*",
            description = "The command and its arguments, after --.")
    private List<String> command = List.of();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Up to so many runs for one command, by a file. Default: one run, by the environment.")
    private @Nullable Integer batch;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many commands run at a time; each line of their output then names the run. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int parallel;

    @Mixin
    private ClaimChoice claims = new ClaimChoice();

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "How long a command may go on after SIGTERM. Default: ${DEFAULT-VALUE}.")
    private Duration grace = Duration.ZERO;

    @Option(
            names = "--later-code",
            paramLabel = "CODE",
            defaultValue = "75",
            description = "The exit code by which a command asks to be run again later. Default: ${DEFAULT-VALUE}.")
    private int laterCode;

    @Option(names = "--dry-run", description = "Only list for which runs the command would be run.")
    private boolean dryRun;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private Main main;

    private RunCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireSense();
        main.allow(grace.plusSeconds(10));
        try (Progress progress = progress()) {
            return run(new CommandReport(progress));
        }
    }

    private int run(CommandReport report) throws IOException, InterruptedException {
        try (RunArchive archive = archiveChoice.open(what -> report.progress().say("no run: " + what));
                RunManifestStore store = dryRun ? askStore() : openStore()) {
            RunManifest manifest = RunManifest.builder(store)
                    .maxAttempts(claims.maxAttempts())
                    .listener(report)
                    .build();
            CommandPass pass = new CommandPass(settings(), manifest, archive, report);
            Candidates candidates = new Candidates(
                    archive,
                    manifest,
                    store,
                    report,
                    run -> Optional.empty(),
                    dryRun ? report::wouldRun : pass::expect);
            try (Stream<RunId> runs = candidates.list(archiveChoice.runs(archive, range), claims.inOrder())) {
                if (dryRun) {
                    runs.forEach(run -> {});
                } else {
                    pass.run(runs.iterator());
                }
            }
            report.print(format(), err());
            archiveChoice.explainNone(archive, range, err());
            return report.exitCode();
        } catch (ManifestException | IOException | UncheckedIOException | InterruptedException e) {
            if (report.hasResults()) { // what was done by then is done, and told
                report.print(format(), err());
            }
            throw e;
        }
    }

    private Progress progress() {
        if (dryRun) {
            return Progress.start(err(), Progress.Style.SILENT, "runs");
        }
        return parallel == 1
                ? Progress.start(err(), Progress.Style.BETWEEN_RUNS, "runs") // one command writes what it likes
                : Progress.start(err(), "runs");
    }

    private CommandPass.Settings settings() {
        return new CommandPass.Settings(command, batch == null ? 0 : batch, parallel, claims, grace, laterCode);
    }

    private void requireSense() {
        int separator = words().indexOf("--");
        if (separator < 0
                || words().size() - separator - 1 != command.size()) { // a slip must not mark runs as processed
            throw usage("the command stands behind --, as in: waybill run ARCHIVE -- CMD");
        }
        if (parallel < 1) {
            throw usage("--parallel is %d, want 1 or more".formatted(parallel));
        }
        if (claims.inOrder() && parallel > 1) {
            throw usage("--parallel is %d, want 1: runs in order are processed one at a time".formatted(parallel));
        }
        if (batch != null && (batch < 1 || batch > MOST)) {
            throw usage("--batch is %d, want 1 to %d".formatted(batch, MOST));
        }
        if (laterCode < 1 || laterCode > 255) {
            throw usage("--later-code is %d, want 1 to 255".formatted(laterCode));
        }
        if (grace.isNegative()) {
            throw usage("--grace is %s, want 0s or more".formatted(grace));
        }
        String program = command.get(0);
        if (!CommandProcess.isProgram(program)) { // no run shall fail for it
            throw usage("there is no command '%s' that could be run".formatted(program));
        }
    }
}
