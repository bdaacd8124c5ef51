package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An operator's word on runs that are named one by one, or by a range of time. */
abstract class OperatorCommand extends StoreCommand {

    @Parameters(
            paramLabel = "RUN",
            arity = "0..*",
            description = "The runs as 'list' and 'pending' name them; those of a folder end with a slash.")
    private List<String> runs = List.of();

    @Mixin
    private TimeRange range = new TimeRange();

    @Mixin
    private ArchiveBeside beside = new ArchiveBeside();

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Mixin
    private Confirmation confirmation = new Confirmation();

    /** Whether the word would change a run. */
    abstract boolean applies(RunRecord record);

    /** Whether the word takes a claim from its holder, or makes work be done again. */
    boolean isHardToTakeBack() {
        return true;
    }

    /** Whether the word may be said of a run that has no record. */
    boolean isForUnknown() {
        return false;
    }

    /** Says the word; true if it changed the run. */
    abstract boolean decide(RunManifest manifest, RunManifestStore store, RunRecord seen);

    /** What a run is when the word was said. */
    abstract RunState done();

    @Override
    public Integer call() throws IOException {
        requireOneWayToName();
        List<RunId> ids = runs.stream().map(RunId::new).toList(); // all are checked before the first is changed
        try (RunManifestStore store = open()) {
            RunManifest manifest = RunManifest.over(store);
            List<RunRecord> records = ids.isEmpty()
                    ? inRange(manifest)
                    : ids.stream().map(named -> known(manifest, named)).toList();
            requireFolders(records);
            if (!dryRun) {
                int refused = confirm(records, store.now());
                if (refused != ExitCode.DONE) {
                    return refused;
                }
            }
            Table table = new Table("run", "was", "is", "result");
            records.forEach(record -> decide(manifest, store, record, table));
            format().print(
                            table,
                            () -> ids.isEmpty() && records.isEmpty()
                                    ? range.whyNone("no run in this range needs it")
                                    : "");
        }
        return ExitCode.DONE;
    }

    /** What makes something of a run that is not known may be the first word of all; the others need a record. */
    private RunManifestStore open() {
        if (!isForUnknown()) {
            return readStore();
        }
        return dryRun ? askStore() : openStore();
    }

    private void requireOneWayToName() {
        if (runs.isEmpty() && !range.isGiven()) {
            throw usage("Missing required parameter: 'RUN', or a range such as --last 7d");
        }
        if (!runs.isEmpty() && (range.isGiven() || beside.isNamed())) {
            throw usage("name runs, or give a range, not both");
        }
    }

    private List<RunRecord> inRange(RunManifest manifest) throws IOException {
        Predicate<RunId> inRange = range.filter();
        try (RunArchive archive = beside.open().orElse(null);
                Stream<RunRecord> records = archive == null
                        ? manifest.records(RunRange.all()).filter(record -> inRange.test(record.id()))
                        : manifest.records(range.runs(archive))) {
            return records.filter(this::applies).toList();
        }
    }

    /** The run as it was named, or the folder of that name if only that has a record. */
    private RunRecord known(RunManifest manifest, RunId named) {
        RunRecord record = manifest.find(named).orElseGet(() -> RunRecord.none(named));
        if (named.key().endsWith("/") || !isUnknown(record)) {
            return record;
        }
        return manifest.find(new RunId(named.key() + "/")).orElse(record);
    }

    /** Refuses to make a record under a name that is likely a slip: no run of an archive would ever be found by it. */
    private void requireFolders(List<RunRecord> records) {
        List<RunId> slips = records.stream()
                .filter(record -> isForUnknown()
                        && isUnknown(record)
                        && !record.id().key().endsWith("/"))
                .map(RunRecord::id)
                .toList();
        if (!slips.isEmpty() && !confirmation.isGivenBeforehand()) {
            throw usage(
                    "nothing was changed, as no run '%s' is known; the runs of a folder end with a slash, want '%s/';"
                                    .formatted(slips.get(0), slips.get(0))
                            + " if it is meant as it stands, say --yes");
        }
    }

    private static boolean isUnknown(RunRecord record) {
        return record.version() == 0;
    }

    /** Asks about what is hard to take back; a script has to have said beforehand that it means it. */
    private int confirm(List<RunRecord> records, Instant now) throws IOException {
        List<RunRecord> held = records.stream()
                .filter(record -> record.isHeldAt(now) && applies(record))
                .toList();
        boolean many = runs.isEmpty() && !records.isEmpty();
        if (!isHardToTakeBack() || (held.isEmpty() && !many)) {
            return ExitCode.DONE;
        }
        for (RunRecord record : held) {
            say("%s is held by %s until %s, who would lose it"
                    .formatted(record.id(), record.owner(), record.leaseUntil()));
        }
        if (!confirmation.isPossible()) {
            say(
                    held.isEmpty()
                            ? "waybill: %s would be made %s: see them with --dry-run, and say --yes"
                                    .formatted(Count.of(records.size(), "run"), done())
                            : "waybill: nothing was changed: say --yes if that is meant");
            return held.isEmpty() ? ExitCode.USAGE : ExitCode.HELD;
        }
        if (confirmation.isGiven("Make %s %s?".formatted(Count.of(records.size(), "run"), done()))) {
            return ExitCode.DONE;
        }
        say("waybill: nothing was changed");
        return held.isEmpty() ? ExitCode.FAILED : ExitCode.HELD;
    }

    private void decide(RunManifest manifest, RunManifestStore store, RunRecord seen, Table table) {
        RunState was = seen.state();
        if (dryRun) {
            table.add(seen.id(), was, was, applies(seen) ? "WOULD CHANGE" : "UNCHANGED");
            say("%s is %s, would be made %s where that applies".formatted(seen.id(), was, done()));
            return;
        }
        boolean changed = decide(manifest, store, seen);
        table.add(seen.id(), was, changed ? done() : was, changed ? "CHANGED" : "UNCHANGED");
        String unknown = isUnknown(seen) ? ": the manifest has no record of it, is the name right?" : "";
        say(seen.id() + (changed ? " %s -> %s".formatted(was, done()) : " stays " + was + unknown));
    }

    private void say(String line) {
        err().println(line);
    }
}
