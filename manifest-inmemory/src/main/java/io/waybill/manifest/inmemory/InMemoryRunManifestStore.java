package io.waybill.manifest.inmemory;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.StoreLocation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store in the heap of this process. It behaves like the others, down to the error when it was not created; what it
 * holds is gone with it. Safe for use by many threads.
 */
public final class InMemoryRunManifestStore implements RunManifestStore {

    private final InstantSource clock;
    private final String name;
    private final String job;
    private volatile @Nullable ConcurrentMap<RunId, RunRecord> table;

    /** An empty store of the job {@value StoreLocation#DEFAULT_JOB}, on the system's clock. */
    public InMemoryRunManifestStore() {
        this(InstantSource.system());
    }

    /**
     * An empty store of the job {@value StoreLocation#DEFAULT_JOB}.
     *
     * @param clock tells {@link #now}; a test can own it
     */
    public InMemoryRunManifestStore(InstantSource clock) {
        this(clock, "", StoreLocation.DEFAULT_JOB);
    }

    InMemoryRunManifestStore(InstantSource clock, String name, String job) {
        this.clock = clock;
        this.name = name;
        this.job = job;
    }

    @Override
    public synchronized void create() {
        if (table == null) {
            table = new ConcurrentSkipListMap<>();
        }
    }

    @Override
    public Optional<RunRecord> find(RunId run) {
        return Optional.ofNullable(table().get(run));
    }

    @Override
    public Map<RunId, RunRecord> findAll(Collection<RunId> runs) {
        ConcurrentMap<RunId, RunRecord> records = table();
        Map<RunId, RunRecord> found = new HashMap<>();
        for (RunId run : runs) {
            RunRecord record = records.get(run);
            if (record != null) {
                found.put(run, record);
            }
        }
        return found;
    }

    @Override
    public boolean compareAndPut(RunRecord next) {
        ConcurrentMap<RunId, RunRecord> records = table();
        RunRecord current = records.get(next.id());
        if (current == null) {
            return next.version() == 1 && records.putIfAbsent(next.id(), next) == null;
        }
        return current.version() == next.version() - 1 && records.replace(next.id(), current, next);
    }

    @Override
    public Stream<RunRecord> list(RunRange range) {
        return table().values().stream().filter(record -> range.contains(record.id()));
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public void close() {
        // holds nothing but memory; what was read stays readable by others who share the store
    }

    /** The location and the job. */
    @Override
    public String toString() {
        return "memory:%s job %s".formatted(name, job);
    }

    private ConcurrentMap<RunId, RunRecord> table() {
        ConcurrentMap<RunId, RunRecord> created = table;
        if (created == null) {
            throw new StoreMissingException(this + ": the store was not created, call create() first");
        }
        return created;
    }
}
