package io.waybill.manifest.inmemory;

import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.RunManifestStoreProvider;
import io.waybill.manifest.spi.StoreLocation;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Opens {@code memory:}, each time a store of its own; and {@code memory:NAME}, one store for all of the process that name it
 * and the job, for as long as one of them has it open: for tests of a program that opens its store by a location.
 */
public final class InMemoryRunManifestStoreProvider implements RunManifestStoreProvider {

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
        return parsed.address().isEmpty()
                ? new InMemoryRunManifestStore(InstantSource.system(), "", parsed.job())
                : SharedStore.open(parsed.address(), parsed.job());
    }
}
