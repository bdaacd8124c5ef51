package io.waybill.manifest.inmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.BatchHandler;
import io.waybill.manifest.Claim;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunProcessor.Summary;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.tck.FaultInjectingStore;
import io.waybill.manifest.tck.FaultInjectingStore.Fault;
import io.waybill.manifest.tck.FaultInjectingStore.Operation;
import io.waybill.manifest.tck.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several runs handled as one, over a store whose clock stands still; the heart beats in real time. */
@Timeout(120)
class BatchProcessingTest {

    private static final Duration SHORT = Duration.ofMillis(60); // a beat each 20 ms

    private final ManualClock clock = new ManualClock();
    private final FaultInjectingStore store = new FaultInjectingStore(new InMemoryRunManifestStore(clock), clock);
    private final RunManifest manifest =
            RunManifest.builder(store).owner("worker").maxAttempts(2).build();
    private final RunManifest rival = RunManifest.builder(store).owner("rival").build();
    private final List<RunId> runs =
            IntStream.range(0, 5).mapToObj(i -> new RunId("run-" + i)).toList();

    BatchProcessingTest() {
        store.create();
    }

    private static List<RunId> runsOf(List<Claim> claims) {
        return claims.stream().map(Claim::run).toList();
    }

    private RunState state(RunId run) {
        return manifest.find(run).map(RunRecord::state).orElse(RunState.NEW);
    }

    @Test
    void runsAreHandledInBatchesInTheirOrderAndCommittedWithTheirOwnDetails() throws InterruptedException {
        List<List<RunId>> batches = new ArrayList<>();

        Summary summary = processor().processBatches(runs.stream(), 2, claims -> {
            batches.add(runsOf(claims));
            assertThat(claims)
                    .allSatisfy(claim -> assertThat(state(claim.run())).isEqualTo(RunState.PROCESSING));
            return Map.of(claims.get(0).run(), Map.of("rows", "7"));
        });

        assertThat(summary).isEqualTo(new Summary(5, 0, 0, 0, 0));
        assertThat(batches).containsExactly(runs.subList(0, 2), runs.subList(2, 4), runs.subList(4, 5));
        assertThat(manifest.find(runs.get(2)).orElseThrow().details()).containsExactly(Map.entry("rows", "7"));
        assertThat(manifest.find(runs.get(3)).orElseThrow().details()).isEmpty();
        assertThat(runs).allMatch(manifest::contains);
    }

    @Test
    void aBatchIsFilledUpWithLaterRunsWhereOthersAreHeld() throws InterruptedException {
        rival.claim(runs.get(1), Duration.ofMinutes(1));
        manifest.add(runs.get(2));
        List<List<RunId>> batches = new ArrayList<>();

        Summary summary = processor().processBatches(runs.stream(), 2, claims -> {
            batches.add(runsOf(claims));
            return Map.of();
        });

        assertThat(summary).isEqualTo(new Summary(3, 0, 0, 2, 0));
        assertThat(batches).containsExactly(List.of(runs.get(0), runs.get(3)), List.of(runs.get(4)));
    }

    @Test
    void aHandlerThatThrowsFailsAllRunsOfItsBatchAndNoOther() throws InterruptedException {
        Summary summary = processor().processBatches(runs.stream(), 2, claims -> {
            if (claims.get(0).run().equals(runs.get(2))) {
                throw new IOException("disk full");
            }
            return Map.of();
        });

        assertThat(summary).isEqualTo(new Summary(3, 2, 0, 0, 0));
        assertThat(manifest.records(runs.subList(2, 4).stream())).allSatisfy(record -> {
            assertThat(record.state()).isEqualTo(RunState.FAILED);
            assertThat(record.details().get(RunRecord.REASON)).isEqualTo("java.io.IOException: disk full");
        });
    }

    @Test
    void everyClaimIsRenewedWhileTheBatchIsHandled() throws InterruptedException {
        Summary summary = processor(SHORT).processBatches(runs.stream(), 5, claims -> {
            while (runs.stream()
                    .anyMatch(run -> manifest.find(run).orElseThrow().version() < 4)) {
                Thread.onSpinWait();
            }
            return Map.of();
        });

        assertThat(summary).isEqualTo(new Summary(5, 0, 0, 0, 0));
    }

    @Test
    void aLostClaimInterruptsTheHandlerAndTheOtherRunsAreReleased() throws InterruptedException {
        Summary summary = processor(SHORT).processBatches(runs.stream(), 3, claims -> {
            if (claims.get(0).run().equals(runs.get(0))) {
                rival.add(runs.get(1));
                new CountDownLatch(1).await();
            }
            return Map.of();
        });

        assertThat(summary).isEqualTo(new Summary(2, 0, 1, 0, 0));
        assertThat(state(runs.get(0))).isEqualTo(RunState.NEW);
        assertThat(state(runs.get(1))).isEqualTo(RunState.PROCESSED);
        assertThat(state(runs.get(2))).isEqualTo(RunState.NEW);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aHandlerThatEndsByAnActionOnALossIsNotBlamedForIt() throws InterruptedException {
        CompletableFuture<Void> told = new CompletableFuture<>();
        CompletableFuture<Void> written = new CompletableFuture<>();
        store.before(call -> {
            if (call.next() != null
                    && call.next().id().equals(runs.get(0))
                    && call.next().state() != RunState.PROCESSING) {
                written.complete(null);
            }
        });

        Summary summary = processor(SHORT).processBatches(runs.stream().limit(3), 3, claims -> {
            claims.get(1).onLost(why -> {
                told.complete(null);
                written.join(); // the heartbeat is held up here until the others have their last word
            });
            rival.add(runs.get(1));
            told.join();
            throw new IOException("cancelled");
        });

        assertThat(summary).isEqualTo(new Summary(0, 0, 1, 0, 0));
        assertThat(state(runs.get(0))).isEqualTo(RunState.NEW);
        assertThat(state(runs.get(2))).isEqualTo(RunState.NEW);
    }

    @Test
    void anInterruptReachesTheHandlerAndTheRunsAreReleasedAndNoMoreBegun() {
        List<RunId> handled = new ArrayList<>();

        assertThatThrownBy(() -> processor().processBatches(runs.stream(), 2, claims -> {
                    handled.addAll(runsOf(claims));
                    Thread.currentThread().interrupt();
                    new CountDownLatch(1).await();
                    return Map.of();
                }))
                .isInstanceOf(InterruptedException.class);

        assertThat(handled).containsExactlyElementsOf(runs.subList(0, 2));
        assertThat(runs).allSatisfy(run -> assertThat(state(run)).isEqualTo(RunState.NEW));
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void whatAHandlerHasDoneInSpiteOfAnInterruptIsCommitted() {
        assertThatThrownBy(() -> processor().processBatches(runs.stream(), 2, claims -> {
                    Thread.currentThread().interrupt();
                    return Map.of();
                }))
                .isInstanceOf(InterruptedException.class);

        assertThat(runs).filteredOn(manifest::contains).containsExactlyElementsOf(runs.subList(0, 2));
        assertThat(state(runs.get(2))).isEqualTo(RunState.NEW);
    }

    @Test
    void anInterruptWhileTheRecordsAreWrittenLosesNoneOfThem() {
        store.before(call -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new StoreUnavailableException("interrupted"); // as stores are that wait for a connection
            }
            if (isWrite(call, RunState.PROCESSED, runs.get(0))) {
                Thread.currentThread().interrupt();
            }
        });

        assertThatThrownBy(() -> processor().processBatches(runs.stream(), 3, claims -> Map.of()))
                .isInstanceOf(InterruptedException.class);

        assertThat(runs).filteredOn(manifest::contains).containsExactlyElementsOf(runs.subList(0, 3));
        assertThat(state(runs.get(3))).isEqualTo(RunState.NEW);
    }

    @Test
    void anInterruptThatBreaksACommitHasItTriedOnceMore() {
        AtomicInteger tries = new AtomicInteger();
        store.before(call -> {
            if (isWrite(call, RunState.PROCESSED, runs.get(0)) && tries.incrementAndGet() == 1) {
                Thread.currentThread().interrupt();
                throw new StoreUnavailableException("interrupted");
            }
        });

        assertThatThrownBy(() -> processor().processBatches(runs.stream(), 1, claims -> Map.of()))
                .isInstanceOf(InterruptedException.class);

        assertThat(tries).hasValue(2);
        assertThat(runs).filteredOn(manifest::contains).containsExactly(runs.get(0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptWhileRunsAreClaimedGivesThemBackAndCallsNoHandler(boolean breaksTheStore) {
        store.before(call -> {
            if (isWrite(call, RunState.PROCESSING, runs.get(1))) {
                Thread.currentThread().interrupt();
                if (breaksTheStore) {
                    throw new StoreUnavailableException("interrupted");
                }
            }
        });
        AtomicInteger handled = new AtomicInteger();

        assertThatThrownBy(() -> processor().processBatches(runs.stream(), 3, claims -> {
                    handled.incrementAndGet();
                    return Map.of();
                }))
                .isInstanceOf(InterruptedException.class);

        assertThat(handled).hasValue(0);
        assertThat(runs).allSatisfy(run -> assertThat(state(run)).isEqualTo(RunState.NEW));
    }

    private static boolean isWrite(FaultInjectingStore.Call call, RunState state, RunId run) {
        RunRecord next = call.next();
        return next != null && next.state() == state && next.id().equals(run);
    }

    @Test
    void aRunThatHasFailedBeforeIsHandledOnItsOwnAndFailsNoOther() throws InterruptedException {
        RunProcessor processor =
                RunProcessor.builder(manifest).retryAfter(Duration.ZERO).build();
        RunId damaged = runs.get(2);
        List<List<RunId>> batches = new ArrayList<>();
        BatchHandler handler = claims -> {
            batches.add(runsOf(claims));
            if (runsOf(claims).contains(damaged)) {
                throw new IOException("not gzip");
            }
            return Map.of();
        };

        Summary first = processor.processBatches(runs.stream(), 3, handler);
        Summary second = processor.processBatches(runs.stream(), 3, handler);

        assertThat(first).isEqualTo(new Summary(2, 3, 0, 0, 0));
        assertThat(second).isEqualTo(new Summary(2, 1, 0, 2, 0));
        assertThat(batches)
                .containsExactly(
                        runs.subList(0, 3),
                        runs.subList(3, 5),
                        runs.subList(0, 1),
                        runs.subList(1, 2),
                        runs.subList(2, 3));
        assertThat(state(damaged)).isEqualTo(RunState.FAILED);
    }

    @Test
    void aRunThatHasFailedBeforeEndsTheBatchThatItIsClaimedWithInTheOrderOfTheListing() throws InterruptedException {
        RunProcessor inOrder = RunProcessor.builder(manifest)
                .inOrder()
                .retryAfter(Duration.ZERO)
                .build();
        inOrder.process(Stream.of(runs.get(2)), claim -> {
            throw new IOException("a while ago");
        });
        List<List<RunId>> batches = new ArrayList<>();

        Summary summary = inOrder.processBatches(runs.stream(), 3, claims -> {
            batches.add(runsOf(claims));
            return Map.of();
        });

        assertThat(summary).isEqualTo(new Summary(5, 0, 0, 0, 0));
        assertThat(batches).containsExactly(runs.subList(0, 2), runs.subList(2, 3), runs.subList(3, 5));
    }

    @Test
    void aRunThatHasFailedBeforeIsGivenBackIfTheBatchBeforeItEndsThePass() throws InterruptedException {
        RunProcessor inOrder = RunProcessor.builder(manifest)
                .inOrder()
                .retryAfter(Duration.ZERO)
                .build();
        BatchHandler failing = claims -> {
            throw new IOException("disk full");
        };
        inOrder.processBatches(Stream.of(runs.get(2)), 1, failing);

        Summary summary = inOrder.processBatches(runs.stream(), 3, failing);

        assertThat(summary).isEqualTo(new Summary(0, 2, 0, 0, 0));
        assertThat(state(runs.get(2))).isEqualTo(RunState.NEW);
    }

    @Test
    void claimsThatTheHandlerCommittedItselfAreCounted() throws InterruptedException {
        Summary summary = processor().processBatches(runs.stream(), 5, claims -> {
            manifest.commit(claims.get(0), Map.of("rows", "1"));
            manifest.release(claims.get(1));
            return Map.of();
        });

        assertThat(summary).isEqualTo(new Summary(4, 0, 0, 0, 0));
        assertThat(manifest.find(runs.get(0)).orElseThrow().details()).containsExactly(Map.entry("rows", "1"));
        assertThat(state(runs.get(1))).isEqualTo(RunState.NEW);
    }

    @Test
    void aStoreThatFailsWhileABatchIsClaimedGivesBackWhatWasClaimed() {
        store.on(Operation.FIND, Fault.NONE, Fault.NONE, Fault.UNAVAILABLE);

        assertThatThrownBy(() -> processor().processBatches(runs.stream(), 5, claims -> Map.of()))
                .isInstanceOf(StoreUnavailableException.class);

        assertThat(runs).allSatisfy(run -> assertThat(state(run)).isEqualTo(RunState.NEW));
    }

    @Test
    void runsInOrderEndWhereOneIsHeld() throws InterruptedException {
        manifest.add(runs.get(0));
        rival.claim(runs.get(2), Duration.ofMinutes(1));
        RunProcessor inOrder = RunProcessor.builder(manifest).inOrder().build();

        Summary summary = inOrder.processBatches(runs.stream(), 2, claims -> Map.of());

        assertThat(summary).isEqualTo(new Summary(1, 0, 0, 2, 0));
        assertThat(runs).filteredOn(manifest::contains).containsExactly(runs.get(0), runs.get(1));
    }

    @Test
    void runsInOrderEndWithABatchThatIsLostOrWhoseDetailsNoRecordHolds() throws InterruptedException {
        RunProcessor inOrder =
                RunProcessor.builder(manifest).lease(SHORT).inOrder().build();

        Summary refused = inOrder.processBatches(
                runs.stream(), 1, claims -> Map.of(runs.get(0), Map.of(RunRecord.REASON, "the manifest's own")));
        assertThat(refused).isEqualTo(new Summary(0, 1, 0, 0, 0));

        Summary overtaken = inOrder.processBatches(runs.stream(), 1, claims -> {
            rival.add(runs.get(0));
            new CountDownLatch(1).await();
            return Map.of();
        });
        assertThat(overtaken).isEqualTo(new Summary(0, 0, 1, 0, 0));
        assertThat(state(runs.get(1))).isEqualTo(RunState.NEW);
    }

    @Test
    void aListingThatFailsWhileABatchIsClaimedGivesBackWhatWasClaimed() {
        Stream<RunId> breaking = runs.stream().peek(run -> {
            if (run.equals(runs.get(2))) {
                throw new IllegalArgumentException("no such bucket");
            }
        });

        assertThatThrownBy(() -> processor().processBatches(breaking, 5, claims -> Map.of()))
                .hasMessage("no such bucket");

        assertThat(runs).allSatisfy(run -> assertThat(state(run)).isEqualTo(RunState.NEW));
    }

    @Test
    @SuppressWarnings("NullAway") // what a program without such checks might do
    void aHandlerThatAnswersNullFailsItsRuns() throws InterruptedException {
        Summary summary = processor().processBatches(runs.stream(), 5, claims -> null);

        assertThat(summary).isEqualTo(new Summary(0, 5, 0, 0, 0));
        assertThat(manifest.find(runs.get(0)).orElseThrow().details().get(RunRecord.REASON))
                .isEqualTo("java.lang.NullPointerException: the handler returned null, want a map, which may be empty");
    }

    @Test
    @SuppressWarnings("NullAway") // what a program without such checks might do
    void aNullAmongTheDetailsFailsTheBatchLikeAnyOtherException() throws InterruptedException {
        Map<String, String> details = new HashMap<>();
        details.put("rows", null);

        Summary summary = processor().processBatches(runs.stream(), 5, claims -> Map.of(runs.get(1), details));

        assertThat(summary).isEqualTo(new Summary(0, 5, 0, 0, 0));
    }

    @Test
    void inOrderTheRunsOfABatchThatAreProcessedAreKeptAndTheNextBatchIsNotBegun() throws InterruptedException {
        RunProcessor inOrder = RunProcessor.builder(manifest).inOrder().build();

        Summary summary = inOrder.processBatches(
                runs.stream(), 3, claims -> Map.of(runs.get(0), Map.of(RunRecord.REASON, "the manifest's own")));

        assertThat(summary).isEqualTo(new Summary(2, 1, 0, 0, 0));
        assertThat(state(runs.get(3))).isEqualTo(RunState.NEW);
    }

    @Test
    void whatBatchesCannotHaveIsRefused() {
        RunProcessor parallel = RunProcessor.builder(manifest).parallelism(4).build();
        RunProcessor patient =
                RunProcessor.builder(manifest).grace(Duration.ofSeconds(9)).build();

        assertThatThrownBy(() -> parallel.processBatches(runs.stream(), 2, claims -> Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("parallelism is 4 and the grace PT0S, want 1 and PT0S: there is one batch");
        assertThatThrownBy(() -> patient.processBatches(runs.stream(), 2, claims -> Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("parallelism is 1 and the grace PT9S, want 1 and PT0S:");
    }

    @Test
    void theListingIsClosedAndABatchHasAtLeastOneRun() throws InterruptedException {
        boolean[] closed = {false};
        processor().processBatches(Stream.<RunId>empty().onClose(() -> closed[0] = true), 1, claims -> Map.of());
        assertThat(closed[0]).isTrue();
        assertThatThrownBy(() -> processor().processBatches(runs.stream(), 0, claims -> Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a batch of 0 runs, want 1 or more");
    }

    private RunProcessor processor() {
        return processor(Duration.ofMinutes(10));
    }

    private RunProcessor processor(Duration lease) {
        return RunProcessor.builder(manifest).lease(lease).build();
    }
}
