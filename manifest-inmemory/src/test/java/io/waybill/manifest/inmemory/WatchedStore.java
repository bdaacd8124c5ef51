package io.waybill.manifest.inmemory;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.ForwardingRunManifestStore;
import io.waybill.manifest.spi.RunManifestStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A store in front of another that a test can watch: it waits for a version to be written, and hears of each read and
 * write before it happens, where it may hold it up or let it fail.
 */
final class WatchedStore extends ForwardingRunManifestStore {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<RunId, Long> versions = new HashMap<>(); // guarded by this
    private final AtomicBoolean askedByInterruptedThread = new AtomicBoolean();
    private volatile Before<RunId> beforeFind = run -> {};
    private volatile Before<RunRecord> beforePut = record -> {};

    interface Before<T> {
        void happens(T it) throws InterruptedException;
    }

    WatchedStore(RunManifestStore store) {
        super(store);
    }

    void beforeFind(Before<RunId> before) {
        beforeFind = before;
    }

    void beforePut(Before<RunRecord> before) {
        beforePut = before;
    }

    /** Waits until a version, or a later one, has been written. */
    synchronized void awaitVersion(RunId run, long version) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (version(run) < version) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw new AssertionError(
                        "%s has version %d, and not %d after %s".formatted(run, version(run), version, PATIENCE));
            }
            wait(left);
        }
    }

    synchronized long version(RunId run) {
        return versions.getOrDefault(run, 0L);
    }

    /** Whether any thread came here while it was interrupted, which a real store might not survive. */
    boolean wasAskedByInterruptedThread() {
        return askedByInterruptedThread.get();
    }

    @Override
    public Optional<RunRecord> find(RunId run) {
        before(beforeFind, run);
        return super.find(run);
    }

    @Override
    public boolean compareAndPut(RunRecord next) {
        before(beforePut, next);
        boolean written = super.compareAndPut(next);
        if (written) {
            written(next);
        }
        return written;
    }

    private <T> void before(Before<T> before, T it) {
        if (Thread.currentThread().isInterrupted()) {
            askedByInterruptedThread.set(true);
        }
        try {
            before.happens(it);
        } catch (InterruptedException e) {
            throw new AssertionError("a thread was interrupted in the store", e);
        }
    }

    private synchronized void written(RunRecord record) {
        versions.merge(record.id(), record.version(), Math::max);
        notifyAll();
    }
}
