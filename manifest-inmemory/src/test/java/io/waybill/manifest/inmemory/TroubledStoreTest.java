package io.waybill.manifest.inmemory;

import static io.waybill.manifest.tck.FaultInjectingStore.Operation.COMPARE_AND_PUT;
import static io.waybill.manifest.tck.FaultInjectingStore.Operation.FIND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.CorruptRecordException;
import io.waybill.manifest.RunHandler;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunProcessor.Summary;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.tck.FaultInjectingStore.Fault;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker whose store is missing, unavailable, corrupt, or whose answers are lost. */
class TroubledStoreTest extends ProcessingTrial {

    @Test
    void aStoreThatIsMissingEndsThePassWithThatException() {
        RunManifest missing = RunManifest.over(new InMemoryRunManifestStore(clock));
        AtomicBoolean handled = new AtomicBoolean();
        assertThatThrownBy(() -> RunProcessor.builder(missing).build().process(Stream.of(A, B), claim -> {
                    handled.set(true);
                    return Map.of();
                }))
                .isInstanceOf(StoreMissingException.class)
                .hasMessageContaining("call create() first");
        assertThat(handled).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStoreThatIsUnavailableAtAClaimEndsThePassWhenTheHandlersUnderWayHaveEnded(boolean atTheRead)
            throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch unavailable = new CountDownLatch(1);
        store.beforeFind(run -> {
            if (atTheRead && run.equals(B)) {
                await(handling);
                unavailable.countDown();
                throw new StoreUnavailableException("injected: " + run);
            }
        });
        store.beforePut(record -> {
            if (record.id().equals(B)) {
                await(handling);
                unavailable.countDown();
                throw new StoreUnavailableException("injected: " + record.id());
            }
        });
        RunHandler handler = claim -> {
            handling.countDown();
            await(unavailable);
            store.awaitVersion(A, store.version(A) + 3); // it takes its time, and its claim is renewed meanwhile
            return Map.of();
        };
        assertThatThrownBy(() -> processor(p -> p.lease(SHORT).parallelism(2)).process(Stream.of(A, B, C), handler))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessage("injected: run-b");

        assertThat(record(A).state()).isEqualTo(RunState.PROCESSED);
        store.beforeFind(run -> {});
        assertThat(manifest.find(B)).isEmpty();
        assertThat(manifest.find(C)).isEmpty();
    }

    @Test
    void aCorruptRecordLeavesItsRunUndecidedAndDoesNotBlockTheOthers() throws Exception {
        store.beforeFind(run -> {
            if (run.equals(B)) {
                throw new CorruptRecordException("injected: " + run);
            }
        });
        assertThat(process(claim -> Map.of(), A, B, C)).isEqualTo(new Summary(2, 0, 0, 0, 1));
        assertThat(manifest.contains(A)).isTrue();
        assertThat(manifest.contains(C)).isTrue();
        assertThat(events).filteredOn(event -> event.endsWith("run-b")).isEmpty();
        assertThat(events).containsOnlyOnce("undecided run-b CorruptRecordException");
    }

    @Test
    void aClaimOfUnknownOutcomeLeavesItsRunUndecided() throws Exception {
        faults.on(
                COMPARE_AND_PUT,
                Stream.generate(() -> Fault.LOST_BEFORE).limit(5).toArray(Fault[]::new));
        assertThat(process(claim -> Map.of(), A, B)).isEqualTo(new Summary(1, 0, 0, 0, 1));
        assertThat(manifest.find(A)).isEmpty();
        assertThat(manifest.contains(B)).isTrue();
        assertThat(events)
                .containsExactly("undecided run-a OutcomeUnknownException", "claimed run-b", "ended run-b PROCESSED");
    }

    @Test
    void aCommitIsSentAgainWhileTheStoreDoesNotTakeIt() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        store.beforePut(record -> {
            if (record.state() == RunState.PROCESSED && tries.incrementAndGet() < 5) {
                throw new StoreUnavailableException("injected");
            }
        });
        assertThat(processor(p -> p.lease(Duration.ofSeconds(2))).process(Stream.of(A), claim -> Map.of("events", "7")))
                .isEqualTo(new Summary(1, 0, 0, 0, 0));
        assertThat(tries).hasValue(5);
        assertThat(record(A).state()).isEqualTo(RunState.PROCESSED);
        assertThat(record(A).details()).isEqualTo(Map.of("events", "7"));
        assertThat(events).containsExactly("claimed run-a", "ended run-a PROCESSED");
    }

    @Test
    void aCommitThatTheStoreDoesNotTakeInTimeLeavesItsRunUndecidedAndItsLeaseRunsOut() throws Exception {
        noCommitArrives();
        assertThat(processor(p -> p.lease(SHORT)).process(Stream.of(A, B), claim -> Map.of()))
                .isEqualTo(new Summary(0, 0, 0, 0, 2));
        assertThat(record(A).state()).isEqualTo(RunState.PROCESSING);
        assertThat(events)
                .containsExactly(
                        "claimed run-a",
                        "undecided run-a StoreUnavailableException",
                        "claimed run-b",
                        "undecided run-b StoreUnavailableException");

        store.beforePut(record -> {});
        clock.advance(SHORT);
        assertThat(process(claim -> Map.of(), A, B)).isEqualTo(new Summary(2, 0, 0, 0, 0));
    }

    @Test
    void aCommitWhoseAnswerWasLostIsAskedAfterAndNeverAFailure() throws Exception {
        RunHandler handler = claim -> {
            faults.on(COMPARE_AND_PUT, Fault.LOST_AFTER);
            faults.on(FIND, Fault.UNAVAILABLE);
            return Map.of("events", "7");
        };
        assertThat(processor(p -> p.lease(Duration.ofSeconds(2))).process(Stream.of(A), handler))
                .isEqualTo(new Summary(1, 0, 0, 0, 0));
        assertThat(record(A).state()).isEqualTo(RunState.PROCESSED);
        assertThat(record(A).details()).isEqualTo(Map.of("events", "7"));
        assertThat(record(A).version()).isEqualTo(2);
    }

    @Test
    void anInterruptEndsTheWaitForAStoreThatDoesNotTakeTheCommit() throws Exception {
        CountDownLatch committing = new CountDownLatch(1);
        store.beforePut(record -> {
            if (record.state() == RunState.PROCESSED) {
                committing.countDown();
                throw new StoreUnavailableException("injected");
            }
        });
        // a lease of ten minutes is more than this test may take
        Throwable thrown = interrupted(committing, () -> processor().process(Stream.of(A, B), claim -> Map.of()));
        assertThat(thrown).isInstanceOf(InterruptedException.class);
        assertThat(record(A).state()).isEqualTo(RunState.PROCESSING);
        assertThat(manifest.find(B)).isEmpty();
    }

    @Test
    void aHandlersOwnCommitOfUnknownOutcomeIsCountedAsWhatItWas() throws Exception {
        RunHandler handler = claim -> {
            faults.on(COMPARE_AND_PUT, Fault.LOST_AFTER);
            faults.on(FIND, Fault.UNAVAILABLE);
            manifest.commit(claim, Map.of("events", "7"));
            return Map.of();
        };
        assertThat(process(handler, A)).isEqualTo(new Summary(1, 0, 0, 0, 0));
        assertThat(record(A).state()).isEqualTo(RunState.PROCESSED);
        assertThat(record(A).details()).isEqualTo(Map.of("events", "7"));
    }
}
