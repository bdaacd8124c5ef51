package io.waybill.manifest.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** A table as the Python and Scala SDKs make it, with those SDKs at work beside Waybill. */
@Timeout(120)
class OlderSdkTest {

    private static final RunId RUN = new RunId("enriched/archive/run=2017-04-11-10-00-00/");
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final DynamoDbClient dynamo = LocalDynamoDb.client();
    private final String table = TestTables.newName();
    private final RunManifest manifest = RunManifest.over(
            DynamoDbRunManifestStore.builder(dynamo, table).build()); // which finds out the layout by itself

    /** As both SDKs do: a string key, and throughput that is paid for in advance. */
    @BeforeEach
    void createAsTheOlderSdks() {
        dynamo.createTable(r -> r.tableName(table)
                .attributeDefinitions(AttributeDefinition.builder()
                        .attributeName("RunId")
                        .attributeType("S")
                        .build())
                .keySchema(KeySchemaElement.builder()
                        .attributeName("RunId")
                        .keyType("HASH")
                        .build())
                .provisionedThroughput(p -> p.readCapacityUnits(100L).writeCapacityUnits(100L)));
    }

    /** What their {@code add} sends. */
    private void addAsTheOlderSdks(RunId run) {
        dynamo.putItem(r -> r.tableName(table).item(Map.of("RunId", AttributeValue.fromS(run.key()))));
    }

    /** What their {@code contains} asks: whether there is any item under the run's id. */
    private boolean containsAsTheOlderSdks(RunId run) {
        return dynamo.getItem(r -> r.tableName(table).key(Map.of("RunId", AttributeValue.fromS(run.key()))))
                .hasItem();
    }

    private static Claim granted(ClaimResult result) {
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).claim();
    }

    private RunRecord record() {
        return manifest.find(RUN).orElseThrow();
    }

    private static List<RunId> runs(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new RunId("enriched/archive/run=2017-04-%02d-10-00-00/".formatted(i + 1)))
                .toList();
    }

    // moving in

    @Test
    void ofATableThatTheyFilledNothingIsProcessedAgain() throws InterruptedException {
        List<RunId> listing = runs(25);
        listing.subList(0, 20).forEach(this::addAsTheOlderSdks);
        manifest.create();
        List<RunId> handled = new ArrayList<>();

        assertThat(manifest.pending(listing.stream())).containsExactlyElementsOf(listing.subList(20, 25));
        for (int pass = 0; pass < 2; pass++) {
            RunProcessor.builder(manifest).parallelism(1).build().process(listing.stream(), claim -> {
                handled.add(claim.run());
                return Map.of();
            });
        }

        assertThat(handled).containsExactlyElementsOf(listing.subList(20, 25));
        assertThat(listing).allMatch(this::containsAsTheOlderSdks).allMatch(manifest::contains);
        assertThat(manifest.records(RunRange.all()).map(RunRecord::id)).containsExactlyElementsOf(listing);
    }

    @Test
    void whatTheyAddedReadsAsProcessedByThem() {
        addAsTheOlderSdks(RUN);
        assertThat(record().state()).isEqualTo(RunState.PROCESSED);
        assertThat(record().owner()).isEqualTo("older SDK");
        assertThat(manifest.add(RUN)).isFalse();
        assertThat(manifest.claim(RUN, LEASE)).isInstanceOf(ClaimResult.Settled.class);
        assertThat(dynamo.getItem(r -> r.tableName(table).key(Map.of("RunId", AttributeValue.fromS(RUN.key()))))
                        .item())
                .containsOnlyKeys("RunId");
    }

    // what they see

    @Test
    void theySeeARunWhenItIsCompletedAndNotBefore() {
        Claim claim = granted(manifest.claim(RUN, LEASE));
        assertThat(containsAsTheOlderSdks(RUN)).isFalse();
        manifest.renew(claim);
        assertThat(containsAsTheOlderSdks(RUN)).isFalse();
        manifest.fail(claim, new IOException("disk full"), Duration.ZERO);
        assertThat(containsAsTheOlderSdks(RUN)).isFalse();
        manifest.retry(RUN);
        assertThat(containsAsTheOlderSdks(RUN)).isFalse();
        Claim given = granted(manifest.claim(RUN, LEASE));
        manifest.release(given);
        assertThat(containsAsTheOlderSdks(RUN)).isFalse();

        manifest.commit(granted(manifest.claim(RUN, LEASE)), Map.of("rows", "42"));
        assertThat(containsAsTheOlderSdks(RUN)).isTrue();
        assertThat(dynamo.scan(r -> r.tableName(table)).items())
                .singleElement()
                .satisfies(item -> assertThat(item).containsEntry("RunId", AttributeValue.fromS(RUN.key())));
        manifest.forget(RUN);
        assertThat(containsAsTheOlderSdks(RUN)).isFalse();
        manifest.skip(RUN, "not wanted");
        assertThat(containsAsTheOlderSdks(RUN)).isTrue();
    }

    // their add, at any time

    private void theHolderIsTold(Consumer<Claim> operation) {
        Claim claim = granted(manifest.claim(RUN, LEASE));
        manifest.renew(claim);
        addAsTheOlderSdks(RUN);
        assertThatThrownBy(() -> operation.accept(claim))
                .isInstanceOf(ClaimLostException.class)
                .hasMessageContaining("(PROCESSED) was written by 'older SDK'");
        assertThat(claim.isLost()).isTrue();
        assertThat(record().state()).isEqualTo(RunState.PROCESSED);
        assertThat(containsAsTheOlderSdks(RUN)).isTrue();
        assertThat(manifest.records(RunRange.all()))
                .as("not the stale record beside")
                .containsExactly(record());
        assertThat(manifest.pending(List.of(RUN).stream())).isEmpty();
    }

    @Test
    void aHolderThatRenewsIsToldOfTheirAdd() {
        theHolderIsTold(manifest::renew);
    }

    @Test
    void aHolderThatCommitsIsToldOfTheirAdd() {
        theHolderIsTold(claim -> manifest.commit(claim, Map.of()));
    }

    @Test
    void aHolderThatFailsIsToldOfTheirAdd() {
        theHolderIsTold(claim -> manifest.fail(claim, new IOException("x"), Duration.ZERO));
    }

    @Test
    void aHolderThatReleasesIsToldOfTheirAdd() {
        theHolderIsTold(manifest::release);
    }

    @Test
    void aClaimIsRefusedAsSettledByTheirAddWhateverLiesBeside() {
        Claim claim = granted(manifest.claim(RUN, LEASE));
        manifest.fail(claim, new IOException("x"), Duration.ZERO);
        addAsTheOlderSdks(RUN);
        assertThat(manifest.claim(RUN, LEASE)).isInstanceOf(ClaimResult.Settled.class);
        assertThat(manifest.retry(RUN)).isFalse();
        assertThat(manifest.add(RUN)).isFalse();
    }

    @Test
    void theirAddAfterACommitErasesTheDetailsAndLeavesTheRunDone() {
        manifest.commit(granted(manifest.claim(RUN, LEASE)), Map.of("rows", "42"));
        addAsTheOlderSdks(RUN);
        assertThat(record().state()).isEqualTo(RunState.PROCESSED);
        assertThat(record().details()).isEmpty();
        assertThat(manifest.pending(List.of(RUN).stream())).isEmpty();
    }

    @Test
    void aRunThatTheyAddedCanBeForgottenAndNoEarlierClaimMatchesAgain() {
        Claim early = granted(manifest.claim(RUN, LEASE));
        addAsTheOlderSdks(RUN);
        assertThat(manifest.forget(RUN)).isTrue();
        assertThat(containsAsTheOlderSdks(RUN)).isFalse();
        Claim late = granted(manifest.claim(RUN, LEASE));
        assertThat(late.fence()).isGreaterThan(early.fence());
        assertThatThrownBy(() -> manifest.commit(early, Map.of())).isInstanceOf(ClaimLostException.class);
        manifest.commit(late, Map.of());
        assertThat(containsAsTheOlderSdks(RUN)).isTrue();
        assertThat(dynamo.scan(r -> r.tableName(table)).items())
                .as("beside lies the version, should they add it once more")
                .hasSize(2);
        assertThat(manifest.records(RunRange.all())).containsExactly(record());
    }

    @Test
    void howeverOftenTheyAddAndItIsForgottenNoFenceComesAgain() {
        addAsTheOlderSdks(RUN);
        List<Claim> paused = new ArrayList<>();
        List<Long> fences = new ArrayList<>();
        for (boolean completed : List.of(false, true, true, false, true)) {
            manifest.forget(RUN);
            Claim claim = granted(manifest.claim(RUN, LEASE));
            fences.add(claim.fence());
            if (completed) {
                manifest.commit(claim, Map.of());
            } else {
                paused.add(claim);
            }
            long before = record().version();
            addAsTheOlderSdks(RUN);
            assertThat(record().version()).isGreaterThan(before);
            assertThat(manifest.records(RunRange.all())).containsExactly(record());
        }
        manifest.forget(RUN);
        Claim last = granted(manifest.claim(RUN, LEASE));
        fences.add(last.fence());

        assertThat(fences).isSorted().doesNotHaveDuplicates();
        for (Claim early : paused) {
            assertThatThrownBy(() -> manifest.commit(early, Map.of())).isInstanceOf(ClaimLostException.class);
        }
        manifest.commit(last, Map.of());
        assertThat(containsAsTheOlderSdks(RUN)).isTrue();
        assertThat(manifest.add(RUN)).isFalse();
        assertThat(manifest.pending(List.of(RUN).stream())).isEmpty();
    }

    @Test
    void aRunWhoseItemIsDeletedByHandIsNewHoweverItWasDone() {
        for (boolean forgotten : List.of(false, true)) {
            RunId run = new RunId("forgotten " + forgotten);
            addAsTheOlderSdks(run);
            if (forgotten) {
                manifest.forget(run);
                manifest.commit(granted(manifest.claim(run, LEASE)), Map.of());
            }
            dynamo.deleteItem(r -> r.tableName(table).key(Map.of("RunId", AttributeValue.fromS(run.key()))));
            assertThat(manifest.contains(run)).isFalse();
            assertThat(manifest.pending(Stream.of(run))).containsExactly(run);
            manifest.commit(granted(manifest.claim(run, LEASE)), Map.of());
            assertThat(containsAsTheOlderSdks(run)).isTrue();
        }
    }

    @Test
    void theirAddBetweenTheLookAndTheWriteOfAClaimSettlesIt() {
        try (DynamoDbClient late = LocalDynamoDb.builder()
                .overrideConfiguration(o -> o.addExecutionInterceptor(new ExecutionInterceptor() {
                    @Override
                    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                        if (context.request() instanceof TransactWriteItemsRequest) {
                            addAsTheOlderSdks(RUN);
                        }
                    }
                }))
                .build()) {
            RunManifest overtaken = RunManifest.over(
                    DynamoDbRunManifestStore.builder(late, table).build());
            assertThat(overtaken.claim(RUN, LEASE)).isInstanceOf(ClaimResult.Settled.class);
        }
        assertThat(record().owner()).isEqualTo("older SDK");
        assertThat(dynamo.scan(r -> r.tableName(table)).items()).hasSize(1);
    }
}
