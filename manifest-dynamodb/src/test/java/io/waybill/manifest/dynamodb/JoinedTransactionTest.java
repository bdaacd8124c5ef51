package io.waybill.manifest.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.ManifestListener;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** The record in a transaction of the user's, beside the user's own items. */
@ParameterizedClass
@EnumSource(Layout.class)
@Timeout(120)
class JoinedTransactionTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final DynamoDbClient dynamo = LocalDynamoDb.client();
    private final String output = TestTables.newName();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final DynamoDbRunManifestStore store;
    private final RunManifest manifest;
    private final Layout layout;

    JoinedTransactionTest(Layout layout) {
        this.layout = layout;
        this.store = TestTables.created(dynamo, layout);
        this.manifest = RunManifest.builder(store)
                .listener(new ManifestListener() {
                    @Override
                    public void ended(Claim claim, RunRecord record) {
                        told.add("ended " + record.state());
                    }

                    @Override
                    public void lost(Claim claim, ClaimLostException why) {
                        told.add("lost");
                    }
                })
                .build();
    }

    @BeforeEach
    void createOutput() {
        dynamo.createTable(r -> r.tableName(output)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(AttributeDefinition.builder()
                        .attributeName("Id")
                        .attributeType("S")
                        .build())
                .keySchema(KeySchemaElement.builder()
                        .attributeName("Id")
                        .keyType("HASH")
                        .build()));
    }

    private TransactWriteItem row(String id) {
        return TransactWriteItem.builder()
                .put(p -> p.tableName(output).item(Map.of("Id", AttributeValue.fromS(id))))
                .build();
    }

    private int rows() {
        return dynamo.scan(r -> r.tableName(output).consistentRead(true)).count();
    }

    private RunManifest joined(List<TransactWriteItem> transaction) {
        return RunManifest.over(store.joining(transaction));
    }

    private void send(List<TransactWriteItem> transaction) {
        dynamo.transactWriteItems(r -> r.transactItems(transaction));
    }

    private Claim claimed() {
        return granted(manifest.claim(RUN, LEASE));
    }

    private static Claim granted(ClaimResult result) {
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).claim();
    }

    private RunState state() {
        return manifest.find(RUN).map(RunRecord::state).orElse(RunState.NEW);
    }

    @Test
    void theRowsAndTheRecordAreThereAtOnceOrNotAtAll() {
        Claim claim = claimed();
        List<TransactWriteItem> transaction = new ArrayList<>(List.of(row("a"), row("b")));
        joined(transaction).commit(claim, Map.of("rows", "2"));
        assertThat(transaction).hasSizeBetween(3, 4);
        assertThat(state()).isEqualTo(RunState.PROCESSING);
        assertThat(rows()).isZero();

        send(transaction);

        assertThat(rows()).isEqualTo(2);
        assertThat(manifest.find(RUN).orElseThrow().details()).containsExactly(Map.entry("rows", "2"));
        manifest.commit(claim, Map.of()); // learns that it is done
        assertThat(told).containsExactly("ended PROCESSED");
        assertThat(manifest.find(RUN).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void aTransactionThatIsNeverSentLeavesTheClaimToAnother() {
        Claim claim = claimed();
        joined(new ArrayList<>()).commit(claim, Map.of("never", "sent"));
        manifest.renew(claim);
        assertThatThrownBy(() -> manifest.commit(claim, Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was ended in a transaction that does not stand");
        List<TransactWriteItem> transaction = new ArrayList<>();
        joined(transaction).commit(claim, Map.of("rows", "2"));
        send(transaction);
        manifest.commit(claim, Map.of());
        assertThat(manifest.find(RUN).orElseThrow().details()).containsExactly(Map.entry("rows", "2"));
        assertThat(told).containsExactly("ended PROCESSED");
    }

    @Test
    void aTransactionThatIsCancelledForTheUsersReasonsLeavesTheClaimOpen() {
        Claim claim = claimed();
        List<TransactWriteItem> transaction = new ArrayList<>();
        transaction.add(TransactWriteItem.builder()
                .conditionCheck(c -> c.tableName(output)
                        .key(Map.of("Id", AttributeValue.fromS("missing")))
                        .conditionExpression("attribute_exists(Id)"))
                .build());
        joined(transaction).commit(claim, Map.of());
        assertThatThrownBy(() -> send(transaction)).isInstanceOf(TransactionCanceledException.class);
        assertThat(state()).isEqualTo(RunState.PROCESSING);
        manifest.fail(claim, new IllegalArgumentException("no such user"), Duration.ZERO);
        assertThat(state()).isEqualTo(RunState.FAILED);
    }

    @Test
    void aProcessorWhoseHandlerDoesNotSendTheTransactionRecordsAFailure() throws InterruptedException {
        RunProcessor.Summary summary = RunProcessor.builder(manifest).build().process(Stream.of(RUN), claim -> {
            joined(new ArrayList<>()).commit(claim, Map.of("rows", "1"));
            return Map.of();
        });
        assertThat(summary).isEqualTo(new RunProcessor.Summary(0, 1, 0, 0, 0));
        assertThat(state()).isEqualTo(RunState.FAILED);
    }

    @Test
    void aClaimThatWasLostInBetweenCancelsTheWholeTransaction() {
        Claim claim = claimed();
        List<TransactWriteItem> transaction = new ArrayList<>(List.of(row("a")));
        joined(transaction).commit(claim, Map.of());
        RunManifest operator = RunManifest.builder(store).owner("operator").build();
        operator.skip(RUN, "not wanted");

        assertThatThrownBy(() -> send(transaction))
                .isInstanceOfSatisfying(
                        TransactionCanceledException.class,
                        e -> assertThat(e.cancellationReasons())
                                .extracting(CancellationReason::code)
                                .startsWith("None")
                                .contains("ConditionalCheckFailed"));

        assertThat(rows()).isZero();
        assertThat(state()).isEqualTo(RunState.SKIPPED);
        assertThatThrownBy(() -> manifest.commit(claim, Map.of()))
                .isInstanceOf(ClaimLostException.class)
                .hasMessageContaining("version 2 (SKIPPED) was written by 'operator'");
        assertThat(told).containsExactly("lost");
    }

    @Test
    void aClaimThatWasRenewedSinceCancelsTheTransactionAndIsStillHeld() {
        Claim claim = claimed();
        List<TransactWriteItem> transaction = new ArrayList<>(List.of(row("a")));
        joined(transaction).commit(claim, Map.of());
        manifest.renew(claim); // as a heartbeat may
        assertThatThrownBy(() -> send(transaction)).isInstanceOf(TransactionCanceledException.class);

        List<TransactWriteItem> again = new ArrayList<>(List.of(row("a")));
        joined(again).commit(claim, Map.of());
        send(again);
        assertThat(rows()).isEqualTo(1);
        assertThat(state()).isEqualTo(RunState.PROCESSED);
    }

    @Test
    void everyOtherWordCanJoinFromWhereverTheRecordIs() {
        List<String> states = new ArrayList<>();
        for (RunStep step : steps()) {
            List<TransactWriteItem> transaction = new ArrayList<>(List.of(row("step " + states.size())));
            step.take(joined(transaction));
            send(transaction);
            states.add(state() + " " + manifest.find(RUN).orElseThrow().version());
        }
        assertThat(states)
                .containsExactly(
                        "PROCESSED 1",
                        "NEW 2",
                        "SKIPPED 3",
                        "PROCESSED 4",
                        "NEW 5",
                        "PROCESSING 6",
                        "NEW 7",
                        "PROCESSED 8");
        assertThat(rows()).isEqualTo(8);
    }

    private interface RunStep {
        void take(RunManifest joined);
    }

    private static List<RunStep> steps() {
        return List.of(
                m -> m.add(RUN),
                m -> m.forget(RUN),
                m -> m.skip(RUN, "x"),
                m -> m.add(RUN),
                m -> m.forget(RUN),
                m -> granted(m.claim(RUN, LEASE)),
                m -> m.forget(RUN),
                m -> m.add(RUN));
    }

    @Test
    void aProcessorWhoseHandlerSendsTheTransactionFindsItsRunProcessed() throws InterruptedException {
        RunProcessor.Summary summary = RunProcessor.builder(manifest).build().process(Stream.of(RUN), claim -> {
            List<TransactWriteItem> transaction = new ArrayList<>(List.of(row("a")));
            joined(transaction).commit(claim, Map.of("rows", "1"));
            send(transaction);
            return Map.of();
        });
        assertThat(summary).isEqualTo(new RunProcessor.Summary(1, 0, 0, 0, 0));
        assertThat(told).containsExactly("ended PROCESSED");
        assertThat(manifest.find(RUN).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void aStoreThatJoinedMakesNoTableAndClosesNothing() {
        DynamoDbRunManifestStore missing = DynamoDbRunManifestStore.builder(dynamo, TestTables.newName())
                .layout(layout)
                .build();
        assertThatThrownBy(() -> missing.joining(new ArrayList<>()).create()).isInstanceOf(StoreMissingException.class);
        store.joining(new ArrayList<>()).create();
        store.joining(new ArrayList<>()).close();
        assertThat(store.isJoined()).isFalse();
        assertThat(store.joining(new ArrayList<>()).isJoined()).isTrue();
        assertThat(store.joining(new ArrayList<>())).hasToString(store + " joined");
        assertThat(manifest.add(RUN)).isTrue();
    }
}
