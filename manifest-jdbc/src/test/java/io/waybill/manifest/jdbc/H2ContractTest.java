package io.waybill.manifest.jdbc;

import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.RunManifestStoreContract;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;

class H2ContractTest extends RunManifestStoreContract {

    private static final JdbcConnectionPool POOL =
            JdbcConnectionPool.create("jdbc:h2:mem:contract;DB_CLOSE_DELAY=-1", "sa", "");

    @AfterAll
    static void closePool() {
        POOL.dispose();
    }

    @Override
    protected RunManifestStore open(String space, String job) {
        return JdbcRunManifestStore.builder(POOL).table(space).job(job).build();
    }
}
