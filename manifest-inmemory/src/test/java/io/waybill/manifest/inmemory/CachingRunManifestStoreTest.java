package io.waybill.manifest.inmemory;

import static io.waybill.manifest.tck.FaultInjectingStore.Operation.COMPARE_AND_PUT;
import static io.waybill.manifest.tck.FaultInjectingStore.Operation.FIND;
import static io.waybill.manifest.tck.FaultInjectingStore.Operation.FIND_ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.FaultInjectingStore;
import io.waybill.manifest.tck.FaultInjectingStore.Call;
import io.waybill.manifest.tck.FaultInjectingStore.Fault;
import io.waybill.manifest.tck.FaultInjectingStore.Operation;
import io.waybill.manifest.tck.ManualClock;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered from memory, for how long, and what is asked. */
@Timeout(60)
class CachingRunManifestStoreTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Duration STALENESS = Duration.ofMinutes(5);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // a monotonic clock may overflow
    private final ManualClock clock = new ManualClock();
    private final InMemoryRunManifestStore shared = new InMemoryRunManifestStore(clock);
    private final FaultInjectingStore behind = new FaultInjectingStore(shared, clock);
    private final List<Call> asked = new ArrayList<>();
    private final CachingRunManifestStore store = new CachingRunManifestStore(behind, STALENESS, 10_000, nanos::get);
    private final RunManifest manifest =
            RunManifest.builder(store).owner("worker").build();
    private final RunManifest elsewhere =
            RunManifest.builder(shared).owner("elsewhere").build();

    CachingRunManifestStoreTest() {
        store.create();
        behind.before(asked::add);
    }

    private boolean isPending() {
        return manifest.pending(Stream.of(RUN)).findAny().isPresent();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static Claim granted(ClaimResult result) {
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).claim();
    }

    // what it saves

    @Test
    void aListingThatIsComparedAgainAsksOnlyForWhatIsNotSettled() {
        List<RunId> listing =
                IntStream.range(0, 5_000).mapToObj(i -> new RunId("run-" + i)).toList();
        listing.forEach(elsewhere::add);
        Set<RunId> unsettled = new HashSet<>();
        for (int i = 2_000; i < 3_000; i++) {
            RunId run = listing.get(i);
            elsewhere.forget(run);
            Claim claim = granted(elsewhere.claim(run, LEASE));
            if (i % 2 == 0) {
                elsewhere.fail(claim, new IOException("x"), LEASE);
            }
            unsettled.add(run);
        }

        assertThat(manifest.pending(listing.stream())).isEmpty();
        assertThat(asked).filteredOn(call -> call.operation() == FIND_ALL).hasSize(5);

        asked.clear();
        assertThat(manifest.pending(listing.stream())).isEmpty();
        assertThat(asked)
                .filteredOn(call -> call.operation() == FIND_ALL)
                .singleElement()
                .satisfies(call -> assertThat(call.runs()).containsExactlyInAnyOrderElementsOf(unsettled));
    }

    @Test
    void whatAWorkerCommittedItselfIsNotAskedForEither() {
        manifest.commit(granted(manifest.claim(RUN, LEASE)), Map.of("rows", "42"));
        manifest.skip(new RunId("another"), "not wanted");
        RunRecord stored = shared.find(RUN).orElseThrow();
        asked.clear();

        assertThat(manifest.records(Stream.of(RUN))).containsExactly(stored);
        assertThat(manifest.pending(Stream.of(RUN, new RunId("another"), RUN))).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void noMoreRecordsAreKeptThanAskedFor() {
        CachingRunManifestStore small = new CachingRunManifestStore(behind, STALENESS, 10, nanos::get);
        List<RunId> runs =
                IntStream.range(0, 100).mapToObj(i -> new RunId("run-" + i)).toList();
        runs.forEach(elsewhere::add);
        small.findAll(runs);
        asked.clear();

        assertThat(small.findAll(runs)).hasSize(100);
        assertThat(asked)
                .singleElement()
                .satisfies(call -> assertThat(call.runs()).hasSizeBetween(90, 99));
    }

    // what is weaker, and for how long

    @Test
    void aRunThatWasForgottenElsewhereIsPendingWhenTheStalenessHasPassed() {
        elsewhere.add(RUN);
        assertThat(isPending()).isFalse();
        elsewhere.forget(RUN);

        pass(STALENESS.minusNanos(1));
        assertThat(isPending()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(isPending()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theStalenessIsCountedFromBeforeTheQuestion(boolean written) {
        behind.after(call -> pass(STALENESS.minusSeconds(1)));
        if (written) {
            store.compareAndPut(settled(1));
        } else {
            elsewhere.add(RUN);
            assertThat(isPending()).isFalse();
        }
        behind.after(call -> {});
        elsewhere.forget(RUN);

        assertThat(isPending()).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(isPending()).isTrue();
    }

    @Test
    void anAnswerThatWasLongerUnderWayThanTheStalenessIsNotKept() {
        elsewhere.add(RUN);
        behind.after(call -> pass(STALENESS.multipliedBy(3)));
        assertThat(isPending()).isFalse();
        elsewhere.forget(RUN);
        assertThat(isPending()).isTrue();
    }

    private RunRecord settled(long version) {
        elsewhere.add(new RunId("for its form"));
        RunRecord r = shared.find(new RunId("for its form")).orElseThrow();
        return new RunRecord(
                RUN, version, r.state(), r.owner(), r.token(), r.at(), r.lease(), r.attempts(), null, Map.of());
    }

    @Test
    void decisionsGoByWhatIsStoredAndNotByWhatIsKept() {
        List<Function<RunManifest, Object>> decisions = List.of(
                m -> m.contains(RUN),
                m -> m.forget(RUN),
                m -> m.add(RUN),
                m -> m.skip(RUN, "why"),
                m -> granted(m.claim(RUN, LEASE)).fence());
        List<Object> answers = List.of(false, false, true, true, 15L);
        for (int i = 0; i < decisions.size(); i++) {
            elsewhere.add(RUN);
            assertThat(isPending()).isFalse();
            elsewhere.forget(RUN);
            assertThat(isPending()).as("it is kept").isFalse();

            assertThat(decisions.get(i).apply(manifest)).isEqualTo(answers.get(i));
            elsewhere.forget(RUN);
            pass(STALENESS);
        }
    }

    @Test
    void whoSawThatARunWasForgottenFindsItPendingAtOnce() {
        elsewhere.add(RUN);
        assertThat(isPending()).isFalse();
        elsewhere.forget(RUN);
        assertThat(manifest.contains(RUN)).isFalse();
        assertThat(isPending()).isTrue();
    }

    // writes through it

    @Test
    void whatIsForgottenThroughItIsPendingAtOnce() {
        manifest.add(RUN);
        assertThat(isPending()).isFalse();
        manifest.forget(RUN);
        assertThat(isPending()).isTrue();
    }

    /** Runs a task on a thread of its own, and holds its first answer of an operation up until it may go on. */
    private FutureTask<Void> heldUp(Operation operation, CountDownLatch answered, CountDownLatch goOn, Runnable task) {
        Thread[] thread = new Thread[1];
        behind.after(call -> {
            if (Thread.currentThread() == thread[0] && call.operation() == operation) {
                answered.countDown();
                assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
            }
        });
        FutureTask<Void> future = new FutureTask<>(task, null);
        thread[0] = new Thread(future);
        thread[0].start();
        return future;
    }

    @ParameterizedTest
    @EnumSource(names = {"FIND", "FIND_ALL"})
    void anAnswerThatIsOvertakenByAForgetIsNotKept(Operation read) throws Exception {
        elsewhere.add(RUN);
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FutureTask<Void> reader = heldUp(read, answered, goOn, () -> {
            if (read == FIND) {
                store.find(RUN);
            } else {
                store.findAll(List.of(RUN));
            }
        });
        assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue(); // processed, the store has said
        manifest.forget(RUN);
        goOn.countDown();
        reader.get(30, TimeUnit.SECONDS);

        assertThat(isPending()).isTrue();
    }

    @Test
    void aCommitWhoseAnswerIsOvertakenByAForgetIsNotKept() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FutureTask<Void> writer = heldUp(COMPARE_AND_PUT, written, goOn, () -> manifest.add(RUN));
        assertThat(written.await(30, TimeUnit.SECONDS)).isTrue();
        manifest.forget(RUN);
        goOn.countDown();
        writer.get(30, TimeUnit.SECONDS);

        assertThat(isPending()).isTrue();
    }

    // writes of unknown outcome, and none

    @ParameterizedTest
    @EnumSource(names = {"LOST_BEFORE", "LOST_AFTER", "LATE", "UNAVAILABLE"})
    void aWriteThatWasNotAcknowledgedIsNotKept(Fault fault) {
        behind.on(COMPARE_AND_PUT, fault);
        assertThatThrownBy(() -> store.compareAndPut(settled(1)))
                .isInstanceOf(
                        fault == Fault.UNAVAILABLE ? StoreUnavailableException.class : OutcomeUnknownException.class);
        asked.clear();
        store.findAll(List.of(RUN));
        assertThat(asked).hasSize(1);
    }

    @Test
    void aRefusedWriteIsNotKeptAndWhatWasKeptIsLookedAtAgain() {
        elsewhere.add(RUN);
        assertThat(isPending()).isFalse();
        elsewhere.forget(RUN);
        assertThat(store.compareAndPut(settled(2))).isFalse();
        assertThat(isPending()).isTrue();
    }

    @Test
    void aForgetThatWasDoneWithoutAnAnswerIsSeenAtOnce() {
        manifest.add(RUN);
        loseAnswer(Fault.LOST_AFTER);
        assertThat(isPending()).isTrue();
        assertThat(manifest.forget(RUN)).isFalse();
    }

    @Test
    void aForgetThatArrivesAfterItsSenderGaveUpIsSeenWhenTheStalenessHasPassed() {
        manifest.add(RUN);
        loseAnswer(Fault.LATE);
        assertThat(isPending()).isFalse();
        behind.compareAndPut(settled(7)); // refused, and the other arrives before it
        assertThat(shared.find(RUN).orElseThrow().version()).isEqualTo(2);

        pass(STALENESS.minusNanos(1));
        assertThat(isPending()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(isPending()).isTrue();
    }

    /** Forgets the run, and learns neither from the write nor from the look after it what became of that. */
    private void loseAnswer(Fault fault) {
        behind.on(FIND, Fault.NONE, Fault.UNAVAILABLE);
        behind.on(COMPARE_AND_PUT, fault);
        assertThatThrownBy(() -> manifest.forget(RUN)).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void anErrorOfTheStoreIsNeverAnAbsence() {
        elsewhere.add(RUN);
        assertThat(isPending()).isFalse();
        behind.on(FIND_ALL, Fault.UNAVAILABLE);
        assertThatThrownBy(() -> store.findAll(List.of(RUN, new RunId("another"))))
                .isInstanceOf(StoreUnavailableException.class);
    }

    // what it stands in front of

    @Test
    void itClosesNothingButItself() {
        manifest.add(RUN);
        store.close();
        assertThat(isPending()).isFalse();
        assertThat(store).hasToString(behind.toString());
    }

    @Test
    void aStoreThatHasJoinedATransactionIsRefused() {
        RunManifestStore joined = (RunManifestStore) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RunManifestStore.class},
                (proxy, method, arguments) ->
                        method.getName().equals("isJoined") ? true : method.invoke(shared, arguments));
        assertThatThrownBy(() -> new CachingRunManifestStore(joined, STALENESS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has joined a transaction");
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new CachingRunManifestStore(shared, Duration.ZERO))
                .hasMessage("a staleness of PT0S, want 1 ms to 365 days");
        assertThatThrownBy(() -> new CachingRunManifestStore(shared, Duration.ofDays(366)))
                .hasMessageContaining("want 1 ms to 365 days");
        assertThatThrownBy(() -> new CachingRunManifestStore(shared, STALENESS, 0))
                .hasMessage("maxRecords is 0, want 1 or more");
    }
}
