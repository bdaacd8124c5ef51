package io.waybill.manifest.tck;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A store that a test can break, by overriding a method. */
class MapStore implements RunManifestStore {

    final Map<RunId, RunRecord> records = new ConcurrentHashMap<>();

    @Override
    public void create() {}

    @Override
    public Optional<RunRecord> find(RunId run) {
        return Optional.ofNullable(records.get(run));
    }

    @Override
    public Map<RunId, RunRecord> findAll(Collection<RunId> runs) {
        return runs.stream()
                .distinct()
                .flatMap(run -> find(run).stream())
                .collect(Collectors.toMap(RunRecord::id, r -> r));
    }

    @Override
    public boolean compareAndPut(RunRecord next) {
        synchronized (records) {
            boolean follows = version(next.id()) == next.version() - 1;
            if (follows) {
                records.put(next.id(), next);
            }
            return follows;
        }
    }

    final long version(RunId run) {
        RunRecord record = records.get(run);
        return record == null ? 0 : record.version();
    }

    @Override
    public Stream<RunRecord> list(RunRange range) {
        return records.values().stream().filter(r -> range.contains(r.id())).sorted((a, b) -> a.id().compareTo(b.id()));
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public void close() {}
}
