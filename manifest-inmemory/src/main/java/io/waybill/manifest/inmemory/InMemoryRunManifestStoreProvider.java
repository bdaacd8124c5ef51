package io.waybill.manifest.inmemory;

import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.RunManifestStoreProvider;
import io.waybill.manifest.spi.StoreLocation;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Opens {@code memory:}, each time a store of its own; and {@code memory:NAME}, one store for all of the process that name it,
 * and the job, until the process ends: for tests of a program that opens its store by a location.
 */
public final class InMemoryRunManifestStoreProvider implements RunManifestStoreProvider {

    // what is named is to be found again by whoever knows the name, however often it was closed
    private static final ConcurrentMap<List<String>, RunManifestStore> NAMED = new ConcurrentHashMap<>();

    /** For {@link java.util.ServiceLoader}. */
    public InMemoryRunManifestStoreProvider() {}

    @Override
    public String scheme() {
        return "memory";
    }

    @Override
    public Optional<String> defaultLocation() {
        return Optional.of("memory:");
    }

    @Override
    public RunManifestStore open(String location, Map<String, String> options) {
        StoreLocation parsed = StoreLocation.parse(location, options, Set.of());
        String name = parsed.address();
        String job = parsed.job();
        return name.isEmpty() ? store(name, job) : NAMED.computeIfAbsent(List.of(name, job), key -> store(name, job));
    }

    private static RunManifestStore store(String name, String job) {
        return new InMemoryRunManifestStore(InstantSource.system(), name, job);
    }
}
