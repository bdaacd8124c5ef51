package io.waybill.manifest.inmemory;

import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.RunManifestStoreContract;
import java.util.Map;
import java.util.UUID;

class InMemoryContractTest extends RunManifestStoreContract {

    private final UUID test = UUID.randomUUID();

    @Override
    protected RunManifestStore open(String space, String job) {
        return RunManifestStores.open("memory:" + test + space, Map.of("job", job));
    }

    @Override
    protected int histories() {
        return 1000;
    }
}
