package io.waybill.manifest.dynamodb;

import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.StoreLocation;
import io.waybill.manifest.tck.RunManifestStoreContract;

class SeedContractTest extends RunManifestStoreContract {

    /** In this layout a job has a table of its own. */
    @Override
    protected RunManifestStore open(String space, String job) {
        String table =
                job.equals(StoreLocation.DEFAULT_JOB) ? space : space + "." + Integer.toHexString(job.hashCode());
        return DynamoDbRunManifestStore.builder(LocalDynamoDb.client(), table)
                .layout(Layout.SEED)
                .build();
    }
}
