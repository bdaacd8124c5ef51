package io.waybill.manifest.inmemory;

import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.RunManifestStoreProvider;
import io.waybill.manifest.spi.StoreLocation;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Opens {@code memory:}, each time a store of its own. */
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
        if (!parsed.address().isEmpty()) {
            throw new IllegalArgumentException(
                    "store location %s: memory has no names, want memory:".formatted(location));
        }
        return new InMemoryRunManifestStore(InstantSource.system(), parsed.job());
    }
}
