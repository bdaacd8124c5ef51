package io.waybill.manifest.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import io.waybill.manifest.spi.RunManifestStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** What the examples of docs/dynamodb.md do. */
@Timeout(120)
class ExamplesTest {

    private static final String OUTPUT = "output-of-examples";

    private final DynamoDbClient client = LocalDynamoDb.client();
    private final List<RunId> listing =
            List.of(new RunId("run=2017-04-11-09-00-00/"), new RunId("run=2017-04-11-10-00-00/"));

    @AfterEach
    void deleteTables() {
        for (String table : List.of("runs", "snowplow-runs", OUTPUT)) {
            if (client.listTables().tableNames().contains(table)) {
                client.deleteTable(r -> r.tableName(table));
            }
        }
    }

    private void create(String table, Layout layout) {
        DynamoDbRunManifestStore.builder(client, table).layout(layout).build().create();
    }

    private List<RunId> processed(String table) {
        try (Stream<RunRecord> records = RunManifest.over(
                        DynamoDbRunManifestStore.builder(client, table).build())
                .records(RunRange.all())) {
            return records.filter(record -> record.state() == RunState.PROCESSED)
                    .map(RunRecord::id)
                    .toList();
        }
    }

    private List<TransactWriteItem> outputOf(RunId run) {
        Map<String, AttributeValue> item = Map.of("RunId", AttributeValue.fromS(run.key()));
        return List.of(TransactWriteItem.builder()
                .put(put -> put.tableName(OUTPUT).item(item))
                .build());
    }

    // spotless:off
    @Test
    void aLocationAndABuilderSayTheSame() {
        // docs:
        RunManifestStore store = RunManifestStores.open("dynamodb:runs?region=eu-west-1&job=sessions");
        RunManifestStore same = DynamoDbRunManifestStore.builder(client, "runs").job("sessions").layout(Layout.NATIVE).build();
        // end
        assertThat(store).hasToString(same.toString()).asString().contains("runs", "sessions");
    }

    private void moveToANativeTable() {
        // docs:
        try (RunManifestStore seed = DynamoDbRunManifestStore.builder(client, "snowplow-runs").build();
                RunManifestStore runs = DynamoDbRunManifestStore.builder(client, "runs").build()) {
            RunManifest old = RunManifest.over(seed);
            RunManifest moved = RunManifest.over(runs);
            moved.create();
            try (Stream<RunRecord> records = old.records(RunRange.all())) {
                records.filter(record -> record.state() == RunState.PROCESSED).forEach(record -> moved.add(record.id()));
            }
        }
        // end
    }

    private void processInTransactions() throws InterruptedException {
        // docs:
        try (DynamoDbRunManifestStore store = DynamoDbRunManifestStore.builder(client, "runs").build()) {
            RunManifest manifest = RunManifest.over(store);
            RunProcessor.builder(manifest).build().process(manifest.pending(listing.stream()), claim -> {
                List<TransactWriteItem> transaction = new ArrayList<>(outputOf(claim.run()));
                RunManifest.over(store.joining(transaction)).commit(claim, Map.of());
                client.transactWriteItems(r -> r.transactItems(transaction)); // the output and the record, or neither
                return Map.of();
            });
        }
        // end
    }
    // spotless:on

    @Test
    void whatIsDoneIsMovedToANativeTable() {
        create("snowplow-runs", Layout.SEED);
        RunManifest old = RunManifest.over(
                DynamoDbRunManifestStore.builder(client, "snowplow-runs").build());
        old.add(listing.get(0));
        old.skip(listing.get(1), "not wanted");

        moveToANativeTable();
        moveToANativeTable();

        assertThat(processed("runs")).containsExactly(listing.get(0));
        assertThat(client.describeTable(r -> r.tableName("runs")).table().keySchema())
                .hasSize(2);
    }

    @Test
    void eachRunsOutputIsWrittenWithItsRecord() throws InterruptedException {
        create("runs", Layout.NATIVE);
        create(OUTPUT, Layout.SEED); // a table whose key is RunId will do

        processInTransactions();

        assertThat(processed("runs")).isEqualTo(listing);
        assertThat(client.scan(r -> r.tableName(OUTPUT)).count()).isEqualTo(2);
    }
}
