package io.waybill.manifest.inmemory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.ForwardingRunManifestStore;
import io.waybill.manifest.spi.RunManifestStore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * A store in front of another that remembers which runs are settled: a listing that is compared again and again asks only
 * for what may have changed.
 *
 * <p>Only {@link #findAll} answers from memory, which {@link io.waybill.manifest.RunManifest#pending} and the records of
 * given runs go by; and only with records that are processed or skipped. All that decides reads the store behind each time,
 * as without a cache: {@code contains}, {@code claim}, {@code add}, {@code forget} and the look after a write whose answer was
 * lost.
 *
 * <p>So one promise is weaker, S4, in one way: a run that was forgotten past this object, by another process or a joined
 * store, may be found settled there until the staleness has passed since, and is pending later by so much. What was
 * written through this object is seen at once; a change of unknown outcome counts as made past it. Time is this process's
 * monotonic clock, which may stand still while the host sleeps.
 *
 * <p>Safe for use by many threads.
 */
public final class CachingRunManifestStore extends ForwardingRunManifestStore {

    /** How many records are kept unless the constructor is told otherwise. */
    public static final int DEFAULT_MAX_RECORDS = 100_000;

    private final LongSupplier nanoTime;
    private final Cache<RunId, Kept> settled;
    // writes that came to an end, counted by place, which several runs share: an answer that one overtook is not kept
    private final AtomicLongArray writes = new AtomicLongArray(1024);

    /** A settled record, and when it was asked for or sent: what was done to it since is not known. */
    private record Kept(RunRecord record, long askedAt) {}

    /**
     * A cache of at most {@value #DEFAULT_MAX_RECORDS} records.
     *
     * @param store the store behind, which stays the caller's to close
     * @param staleness for how long a run may be found settled after it was forgotten elsewhere; from a millisecond to 365 days
     * @throws IllegalArgumentException if the store has joined a transaction, which may take back what it wrote
     */
    public CachingRunManifestStore(RunManifestStore store, Duration staleness) {
        this(store, staleness, DEFAULT_MAX_RECORDS);
    }

    /**
     * A cache of a given size.
     *
     * @param store the store behind, which stays the caller's to close
     * @param staleness for how long a run may be found settled after it was forgotten elsewhere; from a millisecond to 365 days
     * @param maxRecords how many records are kept, 1 or more, each in some 700 bytes of heap; of more, those that are
     *     asked for most
     * @throws IllegalArgumentException if the store has joined a transaction, which may take back what it wrote
     */
    public CachingRunManifestStore(RunManifestStore store, Duration staleness, int maxRecords) {
        this(store, staleness, maxRecords, System::nanoTime);
    }

    CachingRunManifestStore(RunManifestStore store, Duration staleness, int maxRecords, LongSupplier nanoTime) {
        super(store);
        if (store.isJoined()) {
            throw new IllegalArgumentException(store
                    + ": has joined a transaction, which may take back what is kept of it; want the ordinary store");
        }
        if (staleness.compareTo(Duration.ofMillis(1)) < 0 || staleness.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("a staleness of %s, want 1 ms to 365 days".formatted(staleness));
        }
        if (maxRecords < 1) {
            throw new IllegalArgumentException("maxRecords is %d, want 1 or more".formatted(maxRecords));
        }
        this.nanoTime = nanoTime;
        this.settled = Caffeine.newBuilder()
                .maximumSize(maxRecords)
                .expireAfter(Expiry.<RunId, Kept>writing(
                        (run, kept) -> staleness.minusNanos(nanoTime.getAsLong() - kept.askedAt())))
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run) // what little there is to tidy up needs no thread of anybody's pool
                .build();
    }

    @Override
    public Optional<RunRecord> find(RunId run) {
        long askedAt = nanoTime.getAsLong();
        long before = writes.get(place(run));
        Optional<RunRecord> found = super.find(run);
        found.ifPresent(record -> saw(record, askedAt, before));
        return found;
    }

    @Override
    public Map<RunId, RunRecord> findAll(Collection<RunId> runs) {
        Map<RunId, RunRecord> found = new HashMap<>();
        Set<RunId> others = new LinkedHashSet<>();
        for (RunId run : runs) {
            Kept kept = settled.getIfPresent(run);
            if (kept == null) {
                others.add(run);
            } else {
                found.put(run, kept.record());
            }
        }
        if (!others.isEmpty()) {
            found.putAll(ask(others));
        }
        return found;
    }

    private Map<RunId, RunRecord> ask(Set<RunId> runs) {
        long askedAt = nanoTime.getAsLong();
        Map<RunId, Long> before = new HashMap<>();
        runs.forEach(run -> before.put(run, writes.get(place(run))));
        Map<RunId, RunRecord> found = super.findAll(runs);
        before.forEach((run, count) -> {
            RunRecord record = found.get(run);
            if (record != null) {
                saw(record, askedAt, count);
            }
        });
        return found;
    }

    @Override
    public boolean compareAndPut(RunRecord next) {
        long askedAt = nanoTime.getAsLong();
        long before = writes.get(place(next.id()));
        boolean written = false;
        try {
            written = super.compareAndPut(next);
            return written;
        } finally { // also if nobody knows what became of it
            long after = overtake(next.id());
            if (written && next.state().isDone() && after == before + 1) {
                keep(next, askedAt, after);
            }
        }
    }

    /** Forgets what it remembers. The store behind stays open. */
    @Override
    public void close() {
        settled.invalidateAll();
    }

    /** Learns from what the store behind answered. */
    private void saw(RunRecord record, long askedAt, long before) {
        if (record.state().isDone()) {
            keep(record, askedAt, before);
        } else {
            settled.asMap().remove(record.id());
        }
    }

    /** Keeps a record, unless a write through this object has overtaken the answer that it was in. */
    private void keep(RunRecord record, long askedAt, long before) {
        settled.asMap()
                .compute(
                        record.id(),
                        (run, kept) -> writes.get(place(run)) == before ? new Kept(record, askedAt) : kept);
    }

    /** Drops what is kept of a run, and what is about to be: the count goes first, as {@link #keep} looks at it last. */
    private long overtake(RunId run) {
        long count = writes.incrementAndGet(place(run));
        settled.asMap().remove(run);
        return count;
    }

    private int place(RunId run) {
        return Math.floorMod(run.hashCode(), writes.length());
    }
}
