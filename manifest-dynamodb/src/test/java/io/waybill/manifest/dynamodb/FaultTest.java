package io.waybill.manifest.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreAccessDeniedException;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import io.waybill.manifest.dynamodb.FaultyHttp.Fault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The store over a bad line: requests and answers that get lost, and a service in bad times. */
@ParameterizedClass
@EnumSource(Layout.class)
@Timeout(120)
class FaultTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final int ATTEMPTS = 4;

    private final FaultyHttp http = new FaultyHttp();
    private final List<DynamoDbClient> clients = new ArrayList<>();
    private final Layout layout;
    private final String write;
    private final String read;

    FaultTest(Layout layout) {
        this.layout = layout;
        this.write = layout == Layout.NATIVE ? "PutItem" : "TransactWriteItems";
        this.read = layout == Layout.NATIVE ? "GetItem" : "TransactGetItems";
    }

    @AfterEach
    void close() {
        clients.forEach(DynamoDbClient::close);
        http.close();
    }

    /** A client that sends each request so often, without a pause. */
    private DynamoDbClient client(int attempts) {
        return client(attempts, Duration.ofMinutes(1));
    }

    /** A client that also waits so long for each answer. */
    private DynamoDbClient client(int attempts, Duration patience) {
        DynamoDbClient client = LocalDynamoDb.builder()
                .httpClient(http)
                .overrideConfiguration(o -> o.apiCallAttemptTimeout(patience)
                        .retryStrategy(r -> r.maxAttempts(attempts)
                                .backoffStrategy(BackoffStrategy.retryImmediately())
                                .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())))
                .build();
        clients.add(client);
        return client;
    }

    private DynamoDbRunManifestStore store(int attempts) {
        return store(client(attempts));
    }

    private DynamoDbRunManifestStore store(DynamoDbClient client) {
        DynamoDbRunManifestStore store = TestTables.created(client, layout);
        store.now(); // connected
        http.heal();
        return store;
    }

    private static Claim granted(ClaimResult result) {
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).claim();
    }

    // writes

    /** Each operation that writes, tried on a run of its own. */
    enum Writing {
        ADD,
        CLAIM,
        TAKE_UP,
        RENEW,
        COMMIT,
        FAIL,
        RELEASE,
        SKIP,
        RETRY,
        FORGET;

        /** Brings the run to where the operation finds it. */
        Optional<Claim> prepare(RunManifest manifest, RunId run) {
            if (this == ADD || this == CLAIM || this == SKIP) {
                return Optional.empty();
            }
            Claim claim = granted(manifest.claim(run, LEASE));
            switch (this) {
                case TAKE_UP -> manifest.release(claim);
                case RETRY -> manifest.fail(claim, new IOException("x"), Duration.ZERO);
                case FORGET -> manifest.commit(claim, Map.of());
                default -> {}
            }
            return Optional.of(claim);
        }

        /** Does what is tried; returns what it says. */
        Object ask(RunManifest manifest, RunId run, Optional<Claim> claim) {
            return switch (this) {
                case ADD -> manifest.add(run);
                case SKIP -> manifest.skip(run, "not wanted");
                case RETRY -> manifest.retry(run);
                case FORGET -> manifest.forget(run);
                case CLAIM, TAKE_UP -> granted(manifest.claim(run, LEASE)).fence();
                case RENEW -> {
                    manifest.renew(claim.orElseThrow());
                    yield "renewed";
                }
                case COMMIT -> {
                    manifest.commit(claim.orElseThrow(), Map.of("events", "7"));
                    yield "committed";
                }
                case FAIL -> {
                    manifest.fail(claim.orElseThrow(), new IOException("disk full"), Duration.ofMinutes(3));
                    yield "failed";
                }
                case RELEASE -> {
                    manifest.release(claim.orElseThrow());
                    yield "released";
                }
            };
        }
    }

    /** What is stored, without what differs from run to run. */
    private static String stored(RunManifest manifest, RunId run) {
        RunRecord r = manifest.find(run).orElseGet(() -> RunRecord.none(run));
        return "version %d %s by %s, lease %s, %d attempts, retry %b, %s"
                .formatted(
                        r.version(), r.state(), r.owner(), r.lease(), r.attempts(), r.retryAt() != null, r.details());
    }

    private List<List<Fault>> losses() {
        List<List<Fault>> all = new ArrayList<>();
        for (Fault lost : List.of(Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.BROKEN, Fault.BROKEN_AFTER)) {
            for (int times = 1; times <= 3; times++) {
                all.add(Collections.nCopies(times, lost));
            }
        }
        all.add(List.of(Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.THROTTLED));
        all.add(List.of(Fault.LOST_AFTER, Fault.LOST_BEFORE, Fault.BROKEN));
        all.add(List.of(Fault.LOST_AFTER, Fault.THROTTLED, Fault.LOST_AFTER));
        all.add(List.of(Fault.LOST_AFTER, Fault.UNAVAILABLE, Fault.TOO_MANY));
        all.add(List.of(Fault.LOST_AFTER, Fault.IN_PROGRESS));
        for (Fault fault : passing()) {
            all.add(List.of(Fault.LOST_BEFORE, fault));
            all.add(List.of(Fault.LOST_AFTER, fault, fault));
        }
        return all;
    }

    private void tryLosses(int attempts, Writing writing, List<List<Fault>> losses) {
        DynamoDbRunManifestStore store = store(attempts);
        RunManifest manifest = RunManifest.over(store);
        RunId good = new RunId("none lost");
        Object result = writing.ask(manifest, good, writing.prepare(manifest, good));
        for (List<Fault> faults : losses) {
            RunId run = new RunId(faults.toString());
            Optional<Claim> claim = writing.prepare(manifest, run);
            http.heal();
            http.on(write, faults.toArray(Fault[]::new));

            assertThat(writing.ask(manifest, run, claim)).as("after %s", faults).isEqualTo(result);
            assertThat(http.requests()).as("requests after %s", faults).hasSizeLessThan(20);
            http.heal();
            assertThat(stored(manifest, run)).as("after %s", faults).isEqualTo(stored(manifest, good));
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneToThreeLostAnswersGiveTheSameResultWhereTheSdkRepeatsRequests(Writing writing) {
        tryLosses(ATTEMPTS, writing, losses());
    }

    @ParameterizedTest
    @EnumSource
    void oneToThreeLostAnswersGiveTheSameResultWhereTheSdkDoesNotRepeatRequests(Writing writing) {
        // without an answer lost before, a throttled write is told as such: see below; and none is then in progress
        Set<Fault> repeated = Set.of(Fault.THROTTLED, Fault.TOO_MANY, Fault.IN_PROGRESS);
        tryLosses(
                1,
                writing,
                losses().stream()
                        .filter(faults -> Collections.disjoint(faults, repeated))
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(names = {"THROTTLED", "TOO_MANY", "LIMITED"})
    void aWriteThatIsRefusedForNowIsRepeatedOrToldAsNotDone(Fault fault) {
        RunManifest patient = RunManifest.over(store(ATTEMPTS));
        http.on(write, fault, fault, fault);
        assertThat(granted(patient.claim(RUN, LEASE)).fence()).isEqualTo(1);

        RunManifest impatient = RunManifest.over(store(1));
        http.always(write, fault);
        assertThatThrownBy(() -> impatient.claim(RUN, LEASE)).isInstanceOf(StoreUnavailableException.class);
        http.heal();
        assertThat(impatient.find(RUN)).isEmpty();
        assertThat(granted(impatient.claim(RUN, LEASE)).fence()).isEqualTo(1);
    }

    /** What another transaction, or too little throughput for this one, is told as; the SDK does not try it again. */
    private List<Fault> passing() {
        return layout == Layout.NATIVE
                ? List.of(Fault.CONFLICT)
                : List.of(Fault.CANCELLED, Fault.CANCELLED_THROTTLED, Fault.CANCELLED_EXCEEDED);
    }

    @Test
    void aTransactionThatIsCancelledForNowIsSentAgain() {
        for (Fault fault : passing()) {
            sentAgain(fault);
        }
    }

    private void sentAgain(Fault conflict) {
        RunManifest manifest = RunManifest.over(store(1));
        http.on(write, conflict, conflict, conflict);
        if (layout == Layout.SEED) {
            http.on(read, conflict, conflict);
        }
        Claim claim = granted(manifest.claim(RUN, LEASE));
        assertThat(claim.fence()).isEqualTo(1);

        http.heal();
        http.always(write, conflict);
        assertThatThrownBy(() -> manifest.renew(claim))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("in 10 tries");
        assertThat(http.requests()).hasSizeLessThan(15);
        http.heal();
        manifest.commit(claim, Map.of());
        assertThat(manifest.contains(RUN)).isTrue();
    }

    @Test
    void aWriteWhoseAnswerNeverComesIsLookedUp() {
        RunManifest manifest = RunManifest.over(store(client(1, Duration.ofSeconds(1))));
        http.on(write, Fault.SILENCE_AFTER);
        Claim claim = granted(manifest.claim(RUN, LEASE));
        assertThat(claim.fence()).isEqualTo(1);
        http.on(write, Fault.SILENCE, Fault.SILENCE_AFTER);
        manifest.commit(claim, Map.of());
        assertThat(manifest.find(RUN).orElseThrow().version()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"1, LOST_BEFORE", "1, LOST_AFTER", "1, BROKEN", "4, LOST_BEFORE", "4, LOST_AFTER", "4, BROKEN"})
    void whereNothingIsAnsweredNothingIsReportedAndAskingAgainTells(int attempts, Fault fault) {
        RunManifest manifest = RunManifest.over(store(attempts));
        Claim claim = granted(manifest.claim(RUN, LEASE));
        http.heal();
        http.always(write, fault);
        http.always(read, fault);

        assertThatThrownBy(() -> manifest.commit(claim, Map.of())).isInstanceOf(OutcomeUnknownException.class);
        assertThat(http.requests()).hasSizeLessThan(30);
        http.heal();
        manifest.commit(claim, Map.of());
        assertThat(manifest.find(RUN).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void oneWhoseClaimWasAnsweredLateIsNotHeldUpByItself() {
        RunManifest manifest = RunManifest.over(store(ATTEMPTS));
        http.always(write, Fault.LOST_AFTER);
        Claim claim = granted(manifest.claim(RUN, LEASE));
        assertThat(claim.fence()).isEqualTo(1);
        http.heal();
        manifest.fail(claim, new IOException("x"), Duration.ZERO);
        assertThat(manifest.find(RUN).orElseThrow().attempts()).isEqualTo(1);
    }

    // reads

    @ParameterizedTest
    @EnumSource(names = {"LOST_BEFORE", "LOST_AFTER", "SILENCE", "THROTTLED", "BROKEN", "UNAVAILABLE"})
    void whatCannotBeReadIsUnavailableAndNeverAbsent(Fault fault) {
        DynamoDbRunManifestStore store =
                store(client(1, fault == Fault.SILENCE ? Duration.ofSeconds(1) : Duration.ofMinutes(1)));
        RunManifest.over(store).add(RUN);
        List<RunId> few = List.of(RUN, new RunId("another"));
        List<RunId> many = runs(250);
        for (String operation : List.of("GetItem", "TransactGetItems", "BatchGetItem", "Query", "Scan")) {
            http.always(operation, fault);
        }
        assertThatThrownBy(() -> store.find(RUN)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> store.findAll(few)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> store.findAll(many)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> store.list(RunRange.all()).toList()).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void ofManyBatchesOneThatFailsFailsAll() {
        DynamoDbRunManifestStore store = store(1);
        RunManifest.over(store).add(RUN);
        http.on("BatchGetItem", Fault.NONE, Fault.BROKEN);
        http.on("Query", Fault.BROKEN);
        assertThatThrownBy(() -> store.findAll(runs(250))).isInstanceOf(StoreUnavailableException.class);
    }

    private static List<RunId> runs(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new RunId("run-%05d".formatted(i)))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"DENIED", "EXPIRED"})
    void eachRequestThatIsDeniedSaysSoAndDoesNothing(Fault fault) {
        DynamoDbRunManifestStore store = store(ATTEMPTS);
        RunManifest manifest = RunManifest.over(store);
        Claim claim = granted(manifest.claim(new RunId("claimed"), LEASE));
        String before = stored(manifest, claim.run());
        String listing = layout == Layout.NATIVE ? "Query" : "Scan";

        denied(fault, "DescribeTable", store::create);
        denied(
                fault,
                "DescribeTable",
                () -> DynamoDbRunManifestStore.builder(client(1), "any-table")
                        .build()
                        .find(RUN));
        denied(
                fault,
                "CreateTable",
                () -> DynamoDbRunManifestStore.builder(client(1), TestTables.newName())
                        .build()
                        .create());
        denied(fault, read, () -> store.find(RUN));
        denied(fault, read, () -> manifest.claim(RUN, LEASE));
        denied(fault, "BatchGetItem", () -> store.findAll(List.of(RUN)));
        denied(fault, layout == Layout.NATIVE ? "Query" : "BatchGetItem", () -> store.findAll(runs(250)));
        denied(fault, listing, () -> store.list(RunRange.all()).forEach(record -> {}));
        denied(fault, "GetItem", () -> TestTables.created(client(1), layout).now());
        for (Runnable writing : List.<Runnable>of(
                () -> manifest.claim(RUN, LEASE),
                () -> manifest.add(RUN),
                () -> manifest.skip(RUN, "not wanted"),
                () -> manifest.forget(claim.run()),
                () -> manifest.renew(claim),
                () -> manifest.commit(claim, Map.of()),
                () -> manifest.fail(claim, new IOException("x"), Duration.ZERO),
                () -> manifest.release(claim))) {
            denied(fault, write, writing);
        }

        assertThat(store.find(RUN)).isEmpty();
        assertThat(stored(manifest, claim.run())).isEqualTo(before);
        manifest.commit(claim, Map.of());
        assertThat(manifest.contains(claim.run())).isTrue();
    }

    /** Denies one kind of request and no other. */
    private void denied(Fault fault, String request, Runnable operation) {
        http.heal();
        http.always(request, fault);
        assertThatThrownBy(operation::run)
                .as(request)
                .isInstanceOf(StoreAccessDeniedException.class)
                .hasMessageContaining("DynamoDB table ")
                .hasMessageContaining("access was refused: " + (fault == Fault.DENIED ? "AccessDenied" : "Expired"));
        assertThat(http.requests()).contains(request);
        http.heal();
    }

    // time

    @Test
    void withoutADateTheTimeIsTheHostsAndIsAskedForOnce() {
        DynamoDbRunManifestStore store = TestTables.created(client(1), layout);
        http.answers(answer -> answer.toBuilder().removeHeader("Date").build());
        assertThat(store.now()).isCloseTo(Instant.now(), within(5, ChronoUnit.SECONDS));
        assertThat(store.now()).isCloseTo(Instant.now(), within(5, ChronoUnit.SECONDS));
        assertThat(http.requests()).hasSize(1);
        RunManifest manifest = RunManifest.over(store);
        manifest.commit(granted(manifest.claim(RUN, LEASE)), Map.of());
        assertThat(manifest.find(RUN).orElseThrow().at()).isCloseTo(Instant.now(), within(5, ChronoUnit.SECONDS));
    }

    @Test
    void theTimeIsTheServicesWhateverTheHostSays() {
        DynamoDbRunManifestStore store = TestTables.created(client(1), layout);
        Instant told = Instant.now().plus(Duration.ofHours(1));
        http.answers(answer -> answer.toBuilder()
                .putHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(told.atZone(ZoneOffset.UTC)))
                .build());
        assertThat(store.now()).isCloseTo(told, within(5, ChronoUnit.SECONDS));
        assertThat(store.now()).isCloseTo(told, within(5, ChronoUnit.SECONDS));
        assertThat(http.requests()).hasSize(1);
    }

    @Test
    void aFailureTellsTheTimeToo() {
        DynamoDbRunManifestStore store = TestTables.created(client(1), layout);
        RunManifest.over(store).add(RUN);
        http.heal();
        assertThat(store.compareAndPut(
                        new RunRecord(RUN, 1, RunState.NEW, "o", "t", Instant.EPOCH, Duration.ZERO, 0, null, Map.of())))
                .isFalse();
        http.heal();
        store.now();
        assertThat(http.requests()).isEmpty();
    }
}
