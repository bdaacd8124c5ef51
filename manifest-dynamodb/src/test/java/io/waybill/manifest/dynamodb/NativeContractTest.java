package io.waybill.manifest.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.RunManifestStoreContract;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class NativeContractTest extends RunManifestStoreContract {

    @Override
    protected RunManifestStore open(String space, String job) {
        return DynamoDbRunManifestStore.builder(LocalDynamoDb.client(), space)
                .job(job)
                .build();
    }

    @Test
    void whatIsNoRunAndLiesBetweenTheListedOnesIsPassedOver() {
        DynamoDbRunManifestStore store = TestTables.created(LocalDynamoDb.client(), Layout.NATIVE);
        String table = store.toString().split(" ", -1)[2];
        LocalDynamoDb.client()
                .putItem(r -> r.tableName(table)
                        .item(Map.of(
                                "Job", AttributeValue.fromS("default"), "RunId", AttributeValue.fromS("run-000\n"))));
        List<RunId> listed = IntStream.range(0, 150)
                .mapToObj(i -> new RunId("run-%03d".formatted(i)))
                .toList();
        RunManifest.over(store).add(listed.get(0));
        assertThat(RunManifest.over(store).pending(listed.stream()))
                .containsExactlyElementsOf(listed.subList(1, listed.size()));
    }
}
