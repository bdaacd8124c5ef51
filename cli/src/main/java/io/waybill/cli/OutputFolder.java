package io.waybill.cli;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that runs are published into, each as a whole.
 *
 * <p>A run is written into a hidden work folder of this process and moved to its name in one step. The step is made under
 * a lock that all processes on the machine share, after the claim was renewed under that lock: so the store vouched that
 * nobody newer can have published, and a worker that was paused cannot overwrite its successor. What a process leaves
 * behind when it is killed is removed by the next one, which knows by the lock in the work folder that its owner is gone.
 */
final class OutputFolder implements RunOutput {

    /** The hidden file in a published run that says which publication it is. */
    static final String MARKER = ".waybill-run";

    private static final String WORK = ".waybill-work-";
    private static final String LOCK = ".waybill-lock";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(OutputFolder.class);

    // by this the process knows its own; a process number would not do, as in containers all have the same
    private static final String MINE = WORK + UUID.randomUUID() + "-";
    private static final AtomicLong OPENED = new AtomicLong();

    private final Path root;
    private final String archive;
    private final Function<RunId, String> paths;
    private final Path work;
    private final FileChannel workLock;
    private final Map<Claim, Publication> published = new ConcurrentHashMap<>();
    private final AtomicLong staged = new AtomicLong();
    private final Object inThisProcess = new Object(); // the system's lock is the process's

    private OutputFolder(Path root, String archive, Function<RunId, String> paths, Path work, FileChannel workLock) {
        this.root = root;
        this.archive = archive;
        this.paths = paths;
        this.work = work;
        this.workLock = workLock;
    }

    /**
     * Opens the folder, which is made if it is missing; removes what killed processes left in it.
     *
     * @param archive where the runs come from; a run that another archive published is not replaced
     * @param paths the path of each run below the archive, which it gets below the folder
     */
    static OutputFolder open(Path folder, String archive, Function<RunId, String> paths) throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root);
            return openExisting(root, archive, paths);
        } catch (IOException e) {
            throw new IOException("the output folder %s cannot be used: %s".formatted(root, Main.message(e)), e);
        }
    }

    private static OutputFolder openExisting(Path root, String archive, Function<RunId, String> paths)
            throws IOException {
        try (FileChannel held = locked(root.resolve(LOCK))) {
            removeLeftovers(root);
            Path work = Files.createDirectory(root.resolve(MINE + OPENED.incrementAndGet()));
            return new OutputFolder(root, archive, paths, work, locked(work.resolve("lock")));
        }
    }

    /** The folder that a run is published as. */
    Path target(RunId run) {
        Path target = root.resolve(paths.apply(run)).normalize();
        if (target.equals(root) || !target.startsWith(root)) {
            throw new IllegalArgumentException("the run '%s' has no place below %s".formatted(run, root));
        }
        return target;
    }

    @Override
    public Stage begin(Claim claim) throws IOException {
        return new StagedFolder(this, claim);
    }

    /** A new folder, not visible under any run's name, to write a run into. */
    Path stage() throws IOException {
        return Files.createDirectory(work.resolve(Long.toString(staged.incrementAndGet())));
    }

    /**
     * Makes a staged run visible under its name, in the place of an earlier publication.
     *
     * @param stillOurs renews the claim, or throws
     */
    void publish(Claim claim, Path stage, Runnable stillOurs) throws IOException {
        Path target = target(claim.run());
        Publication publication =
                new Publication(target, "%d %s %s".formatted(claim.fence(), UUID.randomUUID(), archive));
        writeDurably(stage.resolve(MARKER), publication.id());
        forceFolder(stage.resolve("bad"));
        forceFolder(stage);
        Path old = work.resolve(stage.getFileName() + "-replaced");
        synchronized (inThisProcess) {
            try (FileChannel held = locked(root.resolve(LOCK))) {
                stillOurs.run();
                published.put(claim, publication);
                boolean replaces = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
                if (replaces) {
                    requirePublication(target);
                    Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
                } else {
                    Files.createDirectories(target.resolveSibling(""));
                }
                try {
                    Files.move(stage, target, StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    if (replaces) { // what was there counts until something has come into its place
                        Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
                    }
                    throw e;
                }
                for (Path folder = target.getParent();
                        folder != null && folder.startsWith(root);
                        folder = folder.getParent()) {
                    forceFolder(folder);
                }
            }
        }
        discard(old);
    }

    @Override
    public void ended(Claim claim, RunRecord record) {
        published.remove(claim);
    }

    /** Takes back what was published under the claim, unless the winner's publication stands in its place already. */
    @Override
    public void lost(Claim claim, ClaimLostException why) {
        try {
            withdraw(claim);
        } catch (IOException e) {
            throw new UncheckedIOException("%s: what it published could not be withdrawn".formatted(claim), e);
        }
    }

    private void withdraw(Claim claim) throws IOException {
        Path withdrawn = work.resolve(staged.incrementAndGet() + "-withdrawn");
        synchronized (inThisProcess) {
            Publication publication = published.remove(claim);
            if (publication == null) {
                return;
            }
            try (FileChannel held = locked(root.resolve(LOCK))) {
                if (!publication.id().equals(publicationAt(publication.target()))) {
                    return;
                }
                Files.move(publication.target(), withdrawn, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        discard(withdrawn);
    }

    /** Removes what is not needed any more. A failure is not the run's: the next process removes what is left. */
    void discard(Path folder) {
        try {
            remove(folder);
        } catch (IOException e) {
            log.warn("{} could not be removed yet: {}", folder, Main.message(e));
        }
    }

    @Override
    public void close() throws IOException {
        discard(work);
        workLock.close();
    }

    /** One publication of a run: the folder, and what its marker says. */
    private record Publication(Path target, String id) {}

    /** Only what was published from the same archive is replaced: two archives may have runs of one name. */
    private void requirePublication(Path target) throws IOException {
        String there = publicationAt(target);
        if (there == null) {
            throw new IOException(
                    "%s is there already and was not published by waybill (it has no file %s): move it away, or"
                                    .formatted(target, MARKER)
                            + " choose another output folder");
        }
        String[] parts = there.split(" ", 3); // fence, random id, archive
        if (parts.length < 3 || !parts[2].equals(archive)) {
            throw new IOException(
                    "%s was published from another archive (%s): choose another output folder, or move it away"
                            .formatted(target, parts[parts.length - 1]));
        }
    }

    private static @Nullable String publicationAt(Path target) throws IOException {
        try {
            return Files.readString(target.resolve(MARKER), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return null;
        } catch (FileSystemException e) { // not a folder
            if (Files.isDirectory(target)) {
                throw e;
            }
            return null;
        }
    }

    private static void removeLeftovers(Path root) throws IOException {
        try (DirectoryStream<Path> works = Files.newDirectoryStream(root, WORK + "*")) {
            for (Path work : works) {
                boolean mine = String.valueOf(work.getFileName()).startsWith(MINE); // trying its lock would give it up
                if (!mine && isAbandoned(work)) {
                    remove(work);
                }
            }
        }
    }

    private static boolean isAbandoned(Path work) throws IOException {
        try (FileChannel channel = FileChannel.open(work.resolve("lock"), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (NoSuchFileException e) {
            return true; // killed before it had made its lock, which it does under the lock that we hold
        } catch (AccessDeniedException e) {
            return false; // another user's, who will remove it
        }
    }

    /** A channel that holds the lock of a file until it is closed. */
    private static FileChannel locked(Path file) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            while (true) {
                lock = channel.tryLock();
                if (lock != null) {
                    return channel;
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException(
                            "another process has held %s for %s; is one stopped?".formatted(file, PATIENCE));
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while waiting for " + file);
                }
                LockSupport.parkNanos(1_000_000);
            }
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    private static void writeDurably(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(channel)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            channel.force(true);
        }
    }

    /** Makes the names in a folder durable, where the system can. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException ignored) {
            // there is no such folder; or it is Windows, whose names are as durable as it makes them
        }
    }

    private static void remove(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) { // its owner is removing it too
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
