package io.waybill.manifest.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.StoreSchemaMismatchException;
import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import io.waybill.manifest.dynamodb.FaultyHttp.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.Tag;

/** How the table is made, and what is said of one that is not as it should be. */
@Timeout(120)
class CreationTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");

    private final String table = TestTables.newName();
    private final FaultyHttp http = new FaultyHttp();
    private final DynamoDbClient client = LocalDynamoDb.builder()
            .httpClient(http)
            .overrideConfiguration(
                    o -> o.retryStrategy(r -> r.maxAttempts(1).backoffStrategy(BackoffStrategy.retryImmediately())))
            .build();

    @AfterEach
    void close() {
        client.close();
    }

    private DynamoDbRunManifestStore.Builder store() {
        return DynamoDbRunManifestStore.builder(client, table);
    }

    private TableDescription described() {
        return LocalDynamoDb.client().describeTable(r -> r.tableName(table)).table();
    }

    @Test
    void aTableIsPaidByRequestAndNativeUnlessAnotherLayoutIsSaid() {
        store().build().create();
        assertThat(described().billingModeSummary().billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
        assertThat(described().keySchema())
                .extracting(KeySchemaElement::attributeName)
                .containsExactly("Job", "RunId");
        assertThat(described().deletionProtectionEnabled()).isNotEqualTo(true);
    }

    @Test
    void aSeedTableHasTheKeyOfTheOlderSdks() {
        store().layout(Layout.SEED).build().create();
        assertThat(described().keySchema())
                .extracting(KeySchemaElement::attributeName)
                .containsExactly("RunId");
    }

    @Test
    void deletionProtectionIsAskedForWithTheTable() {
        store().deletionProtection(true).build().create();
        assertThat(described().deletionProtectionEnabled()).isTrue();
    }

    @Test
    void tagsAreAskedForWithTheTable() {
        List<Tag> sent = new ArrayList<>();
        try (DynamoDbClient local = LocalDynamoDb.builder() // which has no tags, and does not mind
                .overrideConfiguration(o -> o.addExecutionInterceptor(new ExecutionInterceptor() {
                    @Override
                    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                        if (context.request() instanceof CreateTableRequest request) {
                            sent.addAll(request.tags());
                        }
                    }
                }))
                .build()) {
            DynamoDbRunManifestStore.builder(local, table)
                    .tags(Map.of("team", "data", "cost", "etl"))
                    .build()
                    .create();
        }
        assertThat(sent).extracting(tag -> tag.key() + "=" + tag.value()).containsExactly("cost=etl", "team=data");
    }

    @Test
    void pointInTimeRecoveryIsSwitchedOnOnceByWhoMadeTheTable() {
        http.always("UpdateContinuousBackups", Fault.DENIED); // DynamoDB Local has none
        assertThatThrownBy(() -> store().pointInTimeRecovery(true).build().create())
                .hasMessageContaining("AccessDenied");
        assertThat(http.requests())
                .filteredOn("UpdateContinuousBackups"::equals)
                .hasSize(1);
        http.heal();
        store().pointInTimeRecovery(true).build().create();
        assertThat(http.requests()).doesNotContain("CreateTable", "UpdateContinuousBackups");
    }

    @Test
    void pointInTimeRecoveryWaitsForTheBackupsOfANewTable() {
        Fault early = Fault.BACKUPS_UNAVAILABLE;
        http.on("UpdateContinuousBackups", early, early, early, Fault.PRETENDED);
        store().pointInTimeRecovery(true).build().create();
        assertThat(http.requests())
                .filteredOn("UpdateContinuousBackups"::equals)
                .hasSize(4);
    }

    @Test
    void pointInTimeRecoveryIsNotForgottenWhereTheAnswerWasLost() {
        http.on("CreateTable", Fault.LOST_AFTER);
        http.always("UpdateContinuousBackups", Fault.PRETENDED);
        store().pointInTimeRecovery(true).build().create();
        assertThat(http.requests()).contains("UpdateContinuousBackups");
    }

    @Test
    void aTableThatIsThereNeedsNoRightToMakeOne() {
        store().build().create();
        http.heal();
        http.always("CreateTable", Fault.DENIED);
        store().build().create();
        assertThat(http.requests()).containsExactly("DescribeTable");
    }

    @Test
    void ofManyWhoMakeItAtOnceEachFindsItUsable() throws Exception {
        int many = 8;
        ExecutorService threads = Executors.newFixedThreadPool(many);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Boolean>> added = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                RunId run = new RunId("run-" + i);
                added.add(threads.submit(() -> {
                    RunManifest manifest = RunManifest.over(store().build());
                    start.await();
                    manifest.create();
                    return manifest.add(run);
                }));
            }
            start.countDown();
            for (Future<Boolean> each : added) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST_AFTER", "BROKEN_AFTER"})
    void aTableThatWasMadeThoughTheAnswerWasLostIsUsed(Fault fault) {
        http.on("CreateTable", fault);
        RunManifest manifest = RunManifest.over(store().build());
        manifest.create();
        assertThat(manifest.add(RUN)).isTrue();
    }

    @Test
    void whetherATableIsBeingMadeIsNotGuessedWhereNothingWasAnswered() {
        http.on("CreateTable", Fault.LOST_BEFORE);
        RunManifest manifest = RunManifest.over(store().build());
        assertThatThrownBy(manifest::create).isInstanceOf(OutcomeUnknownException.class);
        manifest.create();
        assertThat(manifest.add(RUN)).isTrue();
    }

    /** A client that is told this status of a table in its first looks. */
    private static DynamoDbClient told(TableStatus status, int most, AtomicInteger looks) {
        return LocalDynamoDb.builder()
                .overrideConfiguration(o -> o.addExecutionInterceptor(new ExecutionInterceptor() {
                    @Override
                    public SdkResponse modifyResponse(Context.ModifyResponse context, ExecutionAttributes attributes) {
                        boolean early =
                                context.response() instanceof DescribeTableResponse && looks.incrementAndGet() <= most;
                        if (!early) {
                            return context.response();
                        }
                        DescribeTableResponse answer = (DescribeTableResponse) context.response();
                        return answer.copy(r -> r.table(answer.table().copy(t -> t.tableStatus(status))));
                    }
                }))
                .build();
    }

    @Test
    void aTableThatIsBeingChangedIsUsedMeanwhile() {
        AtomicInteger looks = new AtomicInteger();
        try (DynamoDbClient changing = told(TableStatus.UPDATING, Integer.MAX_VALUE, looks)) {
            store().build().create();
            RunManifest manifest = RunManifest.over(
                    DynamoDbRunManifestStore.builder(changing, table).build());
            manifest.create();
            assertThat(looks).hasValue(1);
            assertThat(manifest.add(RUN)).isTrue();
        }
    }

    @Test
    void aTableThatAnotherIsMakingIsWaitedFor() {
        AtomicInteger looks = new AtomicInteger();
        try (DynamoDbClient slow = told(TableStatus.CREATING, 3, looks)) {
            store().build().create();
            RunManifest manifest = RunManifest.over(
                    DynamoDbRunManifestStore.builder(slow, table).build());
            manifest.create();
            assertThat(looks).hasValueGreaterThan(3);
            assertThat(manifest.add(RUN)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTableThatIsMissingOrStillBeingMadeIsNeverTakenForAnEmptyOne(Layout layout) {
        RunManifest manifest = RunManifest.over(store().layout(layout).build());
        assertThatThrownBy(() -> manifest.contains(RUN))
                .isInstanceOf(StoreMissingException.class)
                .hasMessage(
                        "DynamoDB table %s job default: the table does not exist, or is still being made: create it first",
                        table);
        assertThatThrownBy(() -> manifest.add(RUN)).isInstanceOf(StoreMissingException.class);
        assertThatThrownBy(() -> manifest.pending(List.of(RUN).stream()).count())
                .isInstanceOf(StoreMissingException.class);
    }

    @Test
    void aTableOfAnotherShapeIsRefusedWithWhatItHas() {
        LocalDynamoDb.client()
                .createTable(r -> r.tableName(table)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(AttributeDefinition.builder()
                                .attributeName("Id")
                                .attributeType("N")
                                .build())
                        .keySchema(KeySchemaElement.builder()
                                .attributeName("Id")
                                .keyType("HASH")
                                .build()));
        String shape = "DynamoDB table %s job default: the table's key is Id HASH N, want %s";
        assertThatThrownBy(() -> store().build().create())
                .isInstanceOf(StoreSchemaMismatchException.class)
                .hasMessage(shape, table, "Job HASH S, RunId RANGE S or RunId HASH S");
        assertThatThrownBy(() -> store().build().find(RUN)).isInstanceOf(StoreSchemaMismatchException.class);
        assertThatThrownBy(() -> store().layout(Layout.SEED).build().create())
                .isInstanceOf(StoreSchemaMismatchException.class)
                .hasMessage(shape, table, "RunId HASH S");
        assertThatThrownBy(() -> store().layout(Layout.NATIVE).build().find(RUN))
                .isInstanceOf(StoreSchemaMismatchException.class);
    }

    @Test
    void aSeedTableHasOneJobWithoutAName() {
        store().layout(Layout.SEED).build().create();
        assertThatThrownBy(() -> store().job("sessions").build().find(RUN))
                .isInstanceOf(StoreSchemaMismatchException.class)
                .hasMessageContaining("leave the job out, or use a table of its own");
    }
}
