package io.waybill.manifest.jdbc;

import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.RunManifestStoreContract;
import java.util.Map;

class PostgresContractTest extends RunManifestStoreContract {

    @Override
    protected RunManifestStore open(String space, String job) {
        return RunManifestStores.open(PostgresServer.shared().url(), Map.of("table", space, "job", job));
    }
}
