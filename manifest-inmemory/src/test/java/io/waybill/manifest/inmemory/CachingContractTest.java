package io.waybill.manifest.inmemory;

import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.RunManifestStoreContract;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** Each store that the contract opens has a cache of its own, as if each were in a process of its own. */
class CachingContractTest extends RunManifestStoreContract {

    private final UUID test = UUID.randomUUID();

    @Override
    protected RunManifestStore open(String space, String job) {
        RunManifestStore behind = RunManifestStores.open("memory:" + test + space, Map.of("job", job));
        return new CachingRunManifestStore(behind, Duration.ofDays(1));
    }

    @Override
    protected int histories() {
        return 1000;
    }
}
