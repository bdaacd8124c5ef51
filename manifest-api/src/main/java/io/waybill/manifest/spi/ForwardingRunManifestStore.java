package io.waybill.manifest.spi;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A store in front of another to which every call goes on, {@link #toString} included; a subclass says what is different, such
 * as what is counted or logged on the way. As safe for use by many threads as the store behind.
 */
public abstract class ForwardingRunManifestStore implements RunManifestStore {

    private final RunManifestStore store;

    /**
     * Stands in front of a store.
     *
     * @param store the store behind
     */
    protected ForwardingRunManifestStore(RunManifestStore store) {
        this.store = store;
    }

    @Override
    public void create() {
        store.create();
    }

    @Override
    public Optional<RunRecord> find(RunId run) {
        return store.find(run);
    }

    @Override
    public Map<RunId, RunRecord> findAll(Collection<RunId> runs) {
        return store.findAll(runs);
    }

    @Override
    public boolean compareAndPut(RunRecord next) {
        return store.compareAndPut(next);
    }

    @Override
    public Stream<RunRecord> list(RunRange range) {
        return store.list(range);
    }

    @Override
    public Instant now() {
        return store.now();
    }

    @Override
    public boolean isJoined() {
        return store.isJoined();
    }

    /** Closes the store behind. A subclass that only borrows it overrides this. */
    @Override
    public void close() {
        store.close();
    }

    /** The store behind. */
    @Override
    public String toString() {
        return store.toString();
    }
}
