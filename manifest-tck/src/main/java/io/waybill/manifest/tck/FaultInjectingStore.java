package io.waybill.manifest.tck;

import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.spi.RunManifestStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * A store in front of another, with a clock that the test owns and faults that it orders. Faults are used up in the order
 * in which they were added, one per write or read. Safe for use by many threads.
 */
public final class FaultInjectingStore implements RunManifestStore {

    private final RunManifestStore store;
    private final InstantSource clock;
    private final Queue<WriteFault> writeFaults = new ConcurrentLinkedQueue<>();
    private final Queue<RuntimeException> readFaults = new ConcurrentLinkedQueue<>();

    /** What goes wrong with a write. */
    public enum WriteFault {
        /** It goes well, so that a later one can be hit. */
        NONE,
        /** It never arrives, and its sender does not know. */
        LOST_BEFORE,
        /** It is applied, and the answer never arrives. */
        LOST_AFTER,
        /** It is applied, and the client sends it again by itself, which is refused. */
        SENT_TWICE,
        /** It is refused for the moment, and its sender knows that nothing was written. */
        UNAVAILABLE
    }

    /**
     * A store that answers as another does, until a fault is ordered.
     *
     * @param store the store behind, which is closed with this one
     * @param clock tells {@link #now}
     */
    public FaultInjectingStore(RunManifestStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Orders what happens to the next writes, one by one.
     *
     * @param faults in the order of the writes
     */
    public void onWrites(WriteFault... faults) {
        writeFaults.addAll(List.of(faults));
    }

    /**
     * Orders the next reads of single records to fail as those of an unreachable store do.
     *
     * @param times how many
     */
    public void failReads(int times) {
        for (int i = 0; i < times; i++) {
            readFaults.add(new StoreUnavailableException(this + ": injected: no answer to a read"));
        }
    }

    @Override
    public void create() {
        store.create();
    }

    @Override
    public Optional<RunRecord> find(RunId run) {
        RuntimeException fault = readFaults.poll();
        if (fault != null) {
            throw fault;
        }
        return store.find(run);
    }

    @Override
    public Map<RunId, RunRecord> findAll(Collection<RunId> runs) {
        return store.findAll(runs);
    }

    @Override
    public boolean compareAndPut(RunRecord next) {
        WriteFault fault = Optional.ofNullable(writeFaults.poll()).orElse(WriteFault.NONE);
        return switch (fault) {
            case NONE -> store.compareAndPut(next);
            case LOST_BEFORE -> throw new OutcomeUnknownException(this + ": injected: lost before the write");
            case LOST_AFTER -> {
                boolean written = store.compareAndPut(next);
                throw new OutcomeUnknownException(this + ": injected: lost after the write: " + written);
            }
            case SENT_TWICE -> {
                store.compareAndPut(next);
                yield store.compareAndPut(next);
            }
            case UNAVAILABLE -> throw new StoreUnavailableException(this + ": injected: throttled");
        };
    }

    @Override
    public Stream<RunRecord> list(RunRange range) {
        return store.list(range);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

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
