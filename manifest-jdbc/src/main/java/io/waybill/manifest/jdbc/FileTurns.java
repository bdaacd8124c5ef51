package io.waybill.manifest.jdbc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The turns by which threads and processes use a file one at a time: a lock of the operating system on a file beside it,
 * which ends with the process however that dies.
 */
final class FileTurns {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    // The system's lock belongs to the process, and closing any channel of the lock file gives it up: so within the
    // process
    // only one thread at a time may touch that file, whichever store it works for.
    private static final ConcurrentMap<Path, Semaphore> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private final Path lockFile;
    private final Semaphore local;
    private @Nullable FileChannel channel; // of the turn that is taken; guarded by local

    FileTurns(Path lockFile) {
        this.lockFile = lockFile.toAbsolutePath().normalize();
        this.local = IN_THIS_PROCESS.computeIfAbsent(this.lockFile, path -> new Semaphore(1, true));
    }

    /** Waits for the turn, and takes it; {@link #end} must follow. */
    void begin() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            if (!local.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("a thread of this process has used %s for %s".formatted(lockFile, PATIENCE));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + lockFile, e);
        }
        try {
            channel = locked(deadline);
        } finally {
            if (channel == null) {
                local.release();
            }
        }
    }

    /** Lets the next one have its turn. */
    void end() throws IOException {
        FileChannel taken = channel;
        channel = null;
        try {
            if (taken != null) {
                taken.close();
            }
        } finally {
            local.release();
        }
    }

    private FileChannel locked(long deadline) throws IOException {
        FileChannel opened = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            while (true) {
                lock = opened.tryLock();
                if (lock != null) {
                    return opened;
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException("another process has used %s for %s".formatted(lockFile, PATIENCE));
                }
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(200_000, 1_000_000));
            }
        } finally {
            if (lock == null) {
                opened.close();
            }
        }
    }
}
