package io.waybill.manifest.dynamodb;

import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Tables that no other test knows. */
final class TestTables {

    private TestTables() {}

    static String newName() {
        return "t" + UUID.randomUUID().toString().replace("-", "");
    }

    /** A store in a table that is there already, with requests over this client. */
    static DynamoDbRunManifestStore created(DynamoDbClient client, Layout layout) {
        String table = newName();
        DynamoDbRunManifestStore.builder(LocalDynamoDb.client(), table)
                .layout(layout)
                .build()
                .create();
        return DynamoDbRunManifestStore.builder(client, table).layout(layout).build();
    }
}
