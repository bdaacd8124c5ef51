package io.waybill.manifest.inmemory;

import io.waybill.manifest.spi.ForwardingRunManifestStore;
import io.waybill.manifest.spi.RunManifestStore;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** A store that has a name, as one of those has it who opened it; it ends with the last of them. */
final class SharedStore extends ForwardingRunManifestStore {

    /** What is open, by name and job: whoever knows a name finds it, so there is one place for all. */
    private static final ConcurrentMap<List<String>, Opened> OPEN = new ConcurrentHashMap<>();

    /** A store and how many have it open. */
    private record Opened(RunManifestStore store, int count) {}

    private final List<String> key;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SharedStore(List<String> key, RunManifestStore store) {
        super(store);
        this.key = key;
    }

    static RunManifestStore open(String name, String job) {
        List<String> key = List.of(name, job);
        Opened opened = OPEN.compute(
                key,
                (k, open) -> open == null
                        ? new Opened(new InMemoryRunManifestStore(InstantSource.system(), name, job), 1)
                        : new Opened(open.store(), open.count() + 1));
        return new SharedStore(key, opened.store());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            OPEN.computeIfPresent(
                    key, (k, open) -> open.count() == 1 ? null : new Opened(open.store(), open.count() - 1));
        }
    }
}
