package io.waybill.manifest.inmemory;

import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.RunManifestStoreContract;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

class InMemoryContractTest extends RunManifestStoreContract {

    private final Map<String, RunManifestStore> stores = new ConcurrentHashMap<>();

    @Override
    protected RunManifestStore open(String space, String job) {
        return stores.computeIfAbsent(
                space + "/" + job, key -> new InMemoryRunManifestStore(InstantSource.system(), "", job));
    }

    @Override
    protected int histories() {
        return 1000;
    }
}
