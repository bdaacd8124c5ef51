package io.waybill.manifest.inmemory;

import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.RunManifestStoreContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Each store that the contract opens has a cache of its own, as if each were in a process of its own. */
class CachingContractTest extends RunManifestStoreContract {

    private final Map<String, RunManifestStore> stores = new ConcurrentHashMap<>();

    @Override
    protected RunManifestStore open(String space, String job) {
        RunManifestStore behind = stores.computeIfAbsent(
                space + "/" + job, key -> new InMemoryRunManifestStore(InstantSource.system(), "", job));
        return new CachingRunManifestStore(behind, Duration.ofDays(1));
    }

    @Override
    protected int histories() {
        return 1000;
    }
}
