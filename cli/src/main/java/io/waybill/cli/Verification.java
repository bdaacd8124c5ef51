package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunFingerprint;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
    private final ExecutorService looks = Executors.newFixedThreadPool(Candidates.INSPECTIONS);
    private final List<Finding> findings = Collections.synchronizedList(new ArrayList<>());
    private final Set<Path> roots = new TreeSet<>();
    private final Set<String> paths = new HashSet<>(); // of the runs whose output may be there
    private int verified;
    private int withoutFingerprint;
    private int elsewhere;

    /** A comparison of all runs that the predicate tells, with an archive that stays the caller's. */
    Verification(RunArchive archive, Predicate<RunId> asked) {
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
                paths.add(archive.path(record.id()));
                if (record.state() == RunState.PROCESSED && asked.test(record.id())) {
                    verifyOutput(record);
                    verifyFiles(record).ifPresent(batch::add);
                }
            }
            if (batch.size() == BATCH) {
                look(batch);
            }
        }
        look(batch);
        for (Path root : roots) {
            findOrphans(root);
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
        return "%,d runs verified, %,d findings, %,d without a fingerprint, %,d of other archives"
                .formatted(verified, findings.size(), withoutFingerprint, elsewhere);
    }

    private boolean isHere(RunRecord record) {
        String from = record.details().getOrDefault("archive", archive.location());
        boolean here = from.equals(archive.location()) && hasPath(record);
        elsewhere += here ? 0 : 1;
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

    private Optional<Callable<@Nullable Void>> verifyFiles(RunRecord record) {
        Optional<RunFingerprint> then = RunFingerprint.fromDetails(record.details());
        if (then.isEmpty()) {
            withoutFingerprint++;
            return Optional.empty();
        }
        verified++;
        return then.map(fingerprint -> () -> {
            compare(record, fingerprint);
            return null;
        });
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

    private void verifyOutput(RunRecord record) {
        String output = record.details().get("output");
        if (output == null || output.matches("[a-z0-9]+://.*")) { // of a command; or in S3, which is not looked at
            return;
        }
        Path target = Path.of(output);
        Path path = Path.of(archive.path(record.id()));
        if (target.endsWith(path)) {
            Path root = target;
            for (int i = 0; i < path.getNameCount() && root != null; i++) {
                root = root.getParent();
            }
            if (root != null) {
                roots.add(root);
            }
        }
        if (!Files.isDirectory(target)) {
            find(record, Kind.OUTPUT_MISSING, target + " is not there; 'waybill forget' has the run processed again");
        }
    }

    private void find(RunRecord record, Kind kind, String note) {
        findings.add(new Finding(record.id().key(), kind, note));
    }

    /** Finds what was published from this archive and is no run that the manifest knows as processed, or as under way. */
    private void findOrphans(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Path name = folder.getFileName();
                if (name != null && name.toString().startsWith(".") && !folder.equals(root)) {
                    return FileVisitResult.SKIP_SUBTREE; // being written
                }
                Path marker = folder.resolve(OutputFolder.MARKER);
                if (!Files.exists(marker)) {
                    return FileVisitResult.CONTINUE;
                }
                String path = root.relativize(folder).toString().replace('\\', '/') + "/";
                if (Files.readString(marker).endsWith(" " + archive.location())
                        && !paths.contains(path)
                        && asked.test(new RunId(path))) {
                    findings.add(new Finding(
                            path, Kind.ORPHANED, folder + " is there, but no record says that the run is processed"));
                }
                return FileVisitResult.SKIP_SUBTREE;
            }
        });
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
