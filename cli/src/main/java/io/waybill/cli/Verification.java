package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunFingerprint;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares records with an archive and with the folders that runs were published into. */
final class Verification implements AutoCloseable {

    /** What is not as the record says. */
    enum Kind {
        DRIFTED,
        VANISHED,
        OUTPUT_MISSING,
        ORPHANED,
        UNREADABLE
    }

    record Finding(String run, Kind kind, String note) {}

    private static final int BATCH = 256;

    private final RunArchive archive;
    private final Predicate<RunId> asked;
    private final Progress progress;
    private final ExecutorService looks = Executors.newFixedThreadPool(Candidates.INSPECTIONS);
    private final List<Finding> findings = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, OutputPlace> places = new TreeMap<>();
    private final Set<String> paths = new HashSet<>(); // of the runs whose output may be there
    private String prefix = ""; // of the archive's ids, before the path
    private int verified;
    private int withoutFingerprint;
    private int elsewhere;
    private String elsewhereSuch = ""; // what one of them is from
    private int outputsOfOthers;

    /** A comparison of all runs that the predicate tells, with an archive and a progress that stay the caller's. */
    Verification(RunArchive archive, Predicate<RunId> asked, Progress progress) {
        this.progress = progress;
        this.archive = archive;
        this.asked = asked;
    }

    /** Looks at all of them, then at the folders that they were published into. */
    void verify(Iterator<RunRecord> records) throws IOException, InterruptedException {
        List<Callable<@Nullable Void>> batch = new ArrayList<>();
        while (records.hasNext()) {
            RunRecord record = records.next();
            boolean mayBeThere = record.state() == RunState.PROCESSED || record.state() == RunState.PROCESSING;
            if (mayBeThere && isHere(record)) {
                String path = archive.path(record.id());
                paths.add(path);
                prefix = record.id().key().substring(0, record.id().key().length() - path.length());
                if (record.state() == RunState.PROCESSED && asked.test(record.id())) {
                    batch.add(look(record));
                }
            }
            if (batch.size() == BATCH) {
                look(batch);
            }
        }
        look(batch);
        for (OutputPlace place : places.values()) {
            findOrphans(place);
        }
    }

    private void look(List<Callable<@Nullable Void>> batch) throws IOException, InterruptedException {
        for (Future<@Nullable Void> look : looks.invokeAll(batch)) {
            try {
                look.get();
            } catch (ExecutionException e) {
                throw new IOException("a run could not be looked at: " + e.getCause(), e);
            }
        }
        batch.clear();
    }

    List<Finding> findings() {
        return findings.stream()
                .sorted(Comparator.comparing(Finding::run).thenComparing(Finding::kind))
                .toList();
    }

    String summary() {
        String unseen = outputsOfOthers == 0
                ? ""
                : ", %s not looked at, as it was not transform that wrote them"
                        .formatted(Count.of(outputsOfOthers, "output"));
        return "%s verified, %s, %,d without a fingerprint, %,d of other archives"
                        .formatted(
                                Count.of(verified, "run"),
                                Count.of(findings.size(), "finding"),
                                withoutFingerprint,
                                elsewhere)
                + unseen;
    }

    /** Why it tells nothing that there is no finding; empty if runs were looked at, or none that was asked for is processed. */
    Optional<String> whyNothing() {
        if (verified > 0 || !places.isEmpty() || !findings.isEmpty()) {
            return Optional.empty();
        }
        if (withoutFingerprint > 0) {
            return Optional.of("nothing was verified: no fingerprint is with %s; one that was marked by hand has none"
                    .formatted(Count.of(withoutFingerprint, "record")));
        }
        return elsewhere > 0 && paths.isEmpty()
                ? Optional.of(
                        ("nothing was verified: no record is of the archive %s, and %,d are of others, such as %s; want the"
                                        + " archive and the --job that belong together; if it was moved, its records"
                                        + " still name the old place")
                                .formatted(archive.location(), elsewhere, elsewhereSuch))
                : Optional.empty();
    }

    private boolean isHere(RunRecord record) {
        String from = record.details().getOrDefault("archive", archive.location());
        boolean here = from.equals(archive.location()) && hasPath(record);
        if (!here) {
            elsewhere++;
            elsewhereSuch = from.equals(archive.location()) ? record.id().key() : from;
        }
        return here;
    }

    private boolean hasPath(RunRecord record) {
        try {
            archive.path(record.id());
            return true;
        } catch (IllegalArgumentException e) { // an id that is none of this archive's is an answer
            return false;
        }
    }

    private Callable<@Nullable Void> look(RunRecord record) {
        Optional<RunFingerprint> fingerprint = RunFingerprint.fromDetails(record.details());
        verified += fingerprint.isPresent() ? 1 : 0;
        withoutFingerprint += fingerprint.isPresent() ? 0 : 1;
        Optional<OutputPlace> place = placeOf(record);
        return () -> {
            fingerprint.ifPresent(then -> compare(record, then));
            place.ifPresent(where -> verifyOutput(record, where));
            progress.add(1);
            return null;
        };
    }

    private void compare(RunRecord record, RunFingerprint then) {
        try {
            switch (then.since(archive, record.id())) {
                case DRIFTED ->
                    find(
                            record,
                            Kind.DRIFTED,
                            "it had %,d files of %,d bytes when it was processed; 'waybill forget' has it processed again"
                                    .formatted(then.files(), then.bytes()));
                case VANISHED -> find(record, Kind.VANISHED, "it has no files any more in " + archive.location());
                case UNCHANGED -> {}
            }
        } catch (IOException e) {
            find(record, Kind.UNREADABLE, Main.message(e));
        }
    }

    /** Where a run was published; nowhere if a command has worked on it. */
    private Optional<OutputPlace> placeOf(RunRecord record) {
        String output = record.details().get("output");
        if (output == null) {
            return Optional.empty();
        }
        String path = archive.path(record.id());
        Optional<String> root = OutputPlace.rootOf(output, path);
        outputsOfOthers += root.isPresent() ? 0 : 1;
        int depth = path.split("/").length;
        return root.map(
                where -> places.computeIfAbsent(where, key -> OutputPlace.at(where, archive.location(), depth)));
    }

    private void verifyOutput(RunRecord record, OutputPlace place) {
        String output = record.details().getOrDefault("output", "");
        try {
            place.missing(output, archive.path(record.id()))
                    .ifPresent(why ->
                            find(record, Kind.OUTPUT_MISSING, why + "; 'waybill forget' has the run processed again"));
        } catch (IOException e) {
            find(record, Kind.UNREADABLE, Main.message(e));
        }
    }

    private void find(RunRecord record, Kind kind, String note) {
        findings.add(new Finding(record.id().key(), kind, note));
    }

    /** Finds what was published from this archive and is no run that the manifest knows as processed, or as under way. */
    private void findOrphans(OutputPlace place) throws IOException {
        place.findUnknown(paths::contains, (path, where) -> {
            RunId run = new RunId(prefix + path);
            if (asked.test(run)) {
                findings.add(new Finding(
                        run.key(), Kind.ORPHANED, where + " is there, but no record says that the run is processed"));
            }
        });
    }

    @Override
    public void close() {
        looks.shutdownNow();
        places.values().forEach(OutputPlace::close);
    }
}
