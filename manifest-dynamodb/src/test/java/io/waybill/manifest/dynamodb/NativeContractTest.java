package io.waybill.manifest.dynamodb;

import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.RunManifestStoreContract;

class NativeContractTest extends RunManifestStoreContract {

    @Override
    protected RunManifestStore open(String space, String job) {
        return DynamoDbRunManifestStore.builder(LocalDynamoDb.client(), space)
                .job(job)
                .build();
    }
}
