package io.waybill.manifest.jdbc;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The turns by which threads and processes use a file one at a time: a lock of the operating system on a file beside it,
 * which ends with the process however that dies.
 */
final class FileTurns {

    /** How long a turn is waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    // The first byte is locked by whoever has the turn, the second by whoever has the next one. Whoever ends a turn
    // has to be the next before it can have another, so that a process that has much to do cannot keep the others out.
    private static final long TURN = 0;
    private static final long NEXT = 1;

    // The system's locks belong to the process, and closing any channel of the lock file gives them up: so within the
    // process only one thread at a time may touch that file, whichever store it works for.
    private static final ConcurrentMap<Path, Semaphore> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private FileTurns() {}

    /** A turn, which the next one may have when it is closed. */
    record Turn(Semaphore local, FileChannel channel) implements Closeable {
        @Override
        public void close() throws IOException {
            try {
                channel.close();
            } finally {
                local.release();
            }
        }
    }

    /** Waits for the turn on a lock file, whose folder must exist. */
    static Turn take(Path lockFile) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        // one name for the file, whichever way leads to it
        Path file = lockFile.toAbsolutePath().resolveSibling("").toRealPath().resolve(lockFile.getFileName());
        Semaphore local = IN_THIS_PROCESS.computeIfAbsent(file, path -> new Semaphore(1, true));
        try {
            if (!local.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("a thread of this process has used %s for %s".formatted(file, PATIENCE));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(file);
        }
        boolean taken = false;
        try {
            Turn turn = new Turn(local, locked(file, deadline));
            taken = true;
            return turn;
        } finally {
            if (!taken) {
                local.release();
            }
        }
    }

    private static FileChannel locked(Path file, long deadline) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            FileLock next = locked(channel, NEXT, file, deadline);
            locked(channel, TURN, file, deadline);
            next.release();
            taken = true;
            return channel;
        } catch (OverlappingFileLockException e) { // this class in another class loader, or a link to the lock file
            throw new IOException("%s is locked elsewhere in this process".formatted(file), e);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static FileLock locked(FileChannel channel, long position, Path file, long deadline) throws IOException {
        while (true) {
            FileLock lock = channel.tryLock(position, 1, false);
            if (lock != null) {
                return lock;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("other processes have used %s for %s".formatted(file, PATIENCE));
            }
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(file);
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(200_000, 1_000_000));
        }
    }

    private static InterruptedIOException interrupted(Path file) {
        return new InterruptedIOException("interrupted while waiting for " + file);
    }
}
