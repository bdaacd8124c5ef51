package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunInspection;
import io.waybill.cli.HtmlReport.Trouble;
import io.waybill.cli.RunCensus.Gap;
import io.waybill.cli.RunCensus.Kind;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the state of all runs on a page. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description =
                "Writes one self-contained page: a calendar of the runs by state, gaps, what failed or is stuck with the"
                        + " reason and the next command, volume and duration over time. The same numbers as a table go to standard"
                        + " output.")
final class ReportCommand extends StoreCommand {

    @Option(
            names = "--html",
            required = true,
            paramLabel = "FILE",
            description = "The page to write, replaced as a whole.")
    private Path html = Path.of("");

    @Mixin
    private ArchiveBeside beside = new ArchiveBeside();

    @Option(
            names = "--verify",
            description = "Look into each processed run of the archive too, and show which have changed since.")
    private boolean verify;

    @Mixin
    private TimeRange range = new TimeRange();

    private final RunCensus census = new RunCensus();
    private final List<Trouble> troubles = new ArrayList<>();

    private ReportCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (verify && !beside.isNamed()) {
            throw new IllegalArgumentException("--verify looks into an archive: name it with --archive");
        }
        Path parent = html.toAbsolutePath().getParent();
        if (parent != null && Files.notExists(parent)) { // the error of the work file would name that
            throw new NoSuchFileException(parent.toString());
        }
        String where;
        Instant now;
        try (RunManifestStore store = readStore()) {
            where = store.toString();
            now = store.now();
            RunManifest manifest = RunManifest.over(store);
            Set<String> drifted = new HashSet<>();
            try (RunArchive archive = beside.open().orElse(null)) {
                if (archive != null) {
                    addNew(manifest, archive);
                }
                if (archive != null && verify) {
                    drifted.addAll(driftedIn(archive, manifest));
                }
            }
            addRecords(manifest, now, drifted);
        }
        List<Gap> gaps = census.gaps();
        Table table = new Table("state", "runs");
        census.counts().forEach((kind, count) -> table.add(kind, count));
        census.countMissing(gaps);
        Collections.reverse(troubles); // the last first
        write("Runs of " + where, now, gaps);
        format().print(table, range.whyNone(where + " knows no run"));
        err().println("written: " + html.toAbsolutePath().normalize());
        return ExitCode.DONE;
    }

    private void addRecords(RunManifest manifest, Instant now, Set<String> drifted) {
        Predicate<RunId> inRange = range.filter();
        try (Stream<RunRecord> records = manifest.records(RunRange.all())) {
            for (Iterator<RunRecord> each = records.iterator(); each.hasNext(); ) {
                RunRecord record = each.next();
                if (inRange.test(record.id())) {
                    Kind kind = drifted.contains(record.id().key()) ? Kind.DRIFTED : RunCensus.kind(record, now);
                    census.add(record.id(), kind, record.details());
                    addTrouble(record, kind);
                }
            }
        }
    }

    private void addTrouble(RunRecord record, Kind kind) {
        String run = record.id().key();
        String reason = PassReport.reason(record);
        String at = HtmlReport.minute(record.at());
        switch (kind) {
            case FAILED ->
                troubles.add(
                        new Trouble(run, kind, at, record.attempts() + " attempts: " + reason, "waybill retry " + run));
            case WAITING ->
                troubles.add(new Trouble(
                        run,
                        kind,
                        at,
                        "%d attempts, the next from %s on: %s".formatted(record.attempts(), record.retryAt(), reason),
                        "waybill retry " + run));
            case STUCK ->
                troubles.add(new Trouble(
                        run,
                        kind,
                        at,
                        "%s, whose lease was over at %s".formatted(record.owner(), record.leaseUntil()),
                        "waybill release " + run));
            case DRIFTED ->
                troubles.add(
                        new Trouble(run, kind, at, "other files than when it was processed", "waybill forget " + run));
            default -> {}
        }
    }

    /** Adds the runs of the archive that have no record, and looks into them. */
    private void addNew(RunManifest manifest, RunArchive opened) {
        try (Stream<RunRecord> records = manifest.records(range.runs(opened));
                Stream<RunInspection> looks = opened.inspect(
                        records.filter(record -> record.version() == 0).map(RunRecord::id), Candidates.INSPECTIONS)) {
            looks.forEach(look -> {
                boolean archived = look.status() == RunInspection.Status.ARCHIVED;
                Kind kind = archived ? Kind.ARCHIVED : Kind.NEW;
                census.add(look.run(), kind, Map.of());
                if (archived) {
                    troubles.add(new Trouble(
                            look.run().key(),
                            kind,
                            "",
                            look.reason(),
                            "restore it in S3, or waybill mark --as skipped"));
                }
            });
        }
    }

    private Set<String> driftedIn(RunArchive opened, RunManifest manifest) throws IOException, InterruptedException {
        Set<String> drifted = new HashSet<>();
        try (Progress progress = Progress.start(err(), "runs");
                Verification verification = new Verification(opened, range.filter(), progress);
                Stream<RunRecord> records = manifest.records(RunRange.all())) {
            verification.verify(records.iterator());
            verification.findings().stream()
                    .filter(finding -> finding.kind() == Verification.Kind.DRIFTED)
                    .forEach(finding -> drifted.add(finding.run()));
        }
        return drifted;
    }

    /** Writes beside the file and puts the page in its place, so that nobody sees half of one. */
    private void write(String title, Instant now, List<Gap> gaps) throws IOException {
        Path file = html.toAbsolutePath();
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        try (BufferedWriter out = Files.newBufferedWriter(part)) {
            new HtmlReport(out).write(title, now, census, gaps, troubles);
        }
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
