package io.waybill.manifest.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Items as earlier versions wrote them, in both layouts: this version reads them, and goes on in their table. What stands here
 * of a version is never changed.
 */
@Timeout(120)
class StoredItemsTest {

    private static final RunId DONE = new RunId("run=2017-04-11-10-00-00/");
    private static final RunId FAILED = new RunId("run=2017-04-11-12-00-00/");
    private static final RunId BARE = new RunId("run=2017-04-11-13-00-00/");

    private static final RunRecord DONE_RECORD = new RunRecord(
            DONE,
            2,
            RunState.PROCESSED,
            "pid 71 on etl-1",
            "b7c1d0e4",
            Instant.parse("2017-04-11T10:00:12.345Z"),
            Duration.ZERO,
            0,
            null,
            Map.of("", "no name", "events", "1204"));
    private static final RunRecord FAILED_RECORD = new RunRecord(
            FAILED,
            4,
            RunState.FAILED,
            "pid 9 on etl-2",
            "c0ffee00",
            Instant.parse("2017-04-11T12:00:00.001Z"),
            Duration.ZERO,
            2,
            Instant.parse("2017-04-11T12:01:00.001Z"),
            Map.of("reason", "disk full"));

    private final DynamoDbClient dynamo = LocalDynamoDb.client();
    private final String table = TestTables.newName();

    private static Map<String, AttributeValue> done() {
        return Map.of(
                "RunId", AttributeValue.fromS("run=2017-04-11-10-00-00/"),
                "Version", AttributeValue.fromN("2"),
                "State", AttributeValue.fromS("PROCESSED"),
                "Owner", AttributeValue.fromS("pid 71 on etl-1"),
                "Token", AttributeValue.fromS("b7c1d0e4"),
                "At", AttributeValue.fromN("1491904812345"),
                "Details",
                        AttributeValue.fromM(Map.of(
                                "\u0001", AttributeValue.fromS("no name"), "events", AttributeValue.fromS("1204"))));
    }

    private static Map<String, AttributeValue> failed(String key) {
        return Map.of(
                "RunId", AttributeValue.fromS(key),
                "Version", AttributeValue.fromN("4"),
                "State", AttributeValue.fromS("FAILED"),
                "Owner", AttributeValue.fromS("pid 9 on etl-2"),
                "Token", AttributeValue.fromS("c0ffee00"),
                "At", AttributeValue.fromN("1491912000001"),
                "Attempts", AttributeValue.fromN("2"),
                "RetryAt", AttributeValue.fromN("1491912060001"),
                "Details", AttributeValue.fromM(Map.of("reason", AttributeValue.fromS("disk full"))));
    }

    private void put(Map<String, AttributeValue> item) {
        dynamo.putItem(r -> r.tableName(table).item(item));
    }

    private DynamoDbRunManifestStore created(Layout layout) {
        DynamoDbRunManifestStore store =
                DynamoDbRunManifestStore.builder(dynamo, table).layout(layout).build();
        store.create();
        return store;
    }

    private static void assertGoesOn(RunManifest manifest) {
        assertThat(manifest.pending(List.of(DONE, FAILED).stream())).containsExactly(FAILED);
        ClaimResult answer = manifest.claim(FAILED, Duration.ofMinutes(1));
        assertThat(answer).isInstanceOf(ClaimResult.Granted.class);
        assertThat(((ClaimResult.Granted) answer).claim().fence()).isEqualTo(5);
        manifest.commit(((ClaimResult.Granted) answer).claim(), Map.of());
        assertThat(manifest.contains(FAILED)).isTrue();
    }

    @Test
    void inItsOwnLayout() {
        DynamoDbRunManifestStore store = created(Layout.NATIVE);
        for (Map<String, AttributeValue> item : List.of(done(), failed(FAILED.key()))) {
            Map<String, AttributeValue> whole = new HashMap<>(item);
            whole.put("Job", AttributeValue.fromS("default"));
            put(whole);
        }
        assertThat(store.list(RunRange.all())).containsExactly(DONE_RECORD, FAILED_RECORD);
        assertGoesOn(RunManifest.over(store));
    }

    @Test
    void inTheLayoutOfTheOlderSdks() {
        DynamoDbRunManifestStore store = created(Layout.SEED);
        put(done());
        put(failed("\u0001" + FAILED.key()));
        put(Map.of("RunId", AttributeValue.fromS(BARE.key()))); // of an older SDK itself
        assertThat(store.list(RunRange.all()))
                .hasSize(3)
                .startsWith(DONE_RECORD, FAILED_RECORD)
                .last()
                .satisfies(bare -> {
                    assertThat(bare.id()).isEqualTo(BARE);
                    assertThat(bare.state()).isEqualTo(RunState.PROCESSED);
                    assertThat(bare.version()).isEqualTo(1L << 40);
                });
        assertGoesOn(RunManifest.over(store));
    }
}
