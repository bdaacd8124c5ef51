package io.waybill.manifest.inmemory;

import static io.waybill.manifest.tck.FaultInjectingStore.Operation.COMPARE_AND_PUT;
import static io.waybill.manifest.tck.FaultInjectingStore.Operation.FIND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.CorruptRecordException;
import io.waybill.manifest.ManifestException;
import io.waybill.manifest.ManifestListener;
import io.waybill.manifest.RunHandler;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunProcessor.Summary;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.tck.FaultInjectingStore;
import io.waybill.manifest.tck.FaultInjectingStore.Fault;
import io.waybill.manifest.tck.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The loop of a worker, over a store whose clock stands still. The heart beats in real time, every third of a lease: a
 * test that wants beats asks for a short lease, and waits for the versions that they write.
 */
@Timeout(120)
class RunProcessorTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(60); // a beat each 20 ms

    private static final RunId A = new RunId("run-a");
    private static final RunId B = new RunId("run-b");
    private static final RunId C = new RunId("run-c");

    private final ManualClock clock = new ManualClock();
    private final FaultInjectingStore faults = new FaultInjectingStore(new InMemoryRunManifestStore(clock), clock);
    private final WatchedStore store = new WatchedStore(faults);
    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private final RunManifest manifest = RunManifest.builder(store)
            .owner("worker")
            .maxAttempts(2)
            .listener(new Recorder(events))
            .build();
    private final RunManifest rival =
            RunManifest.builder(faults).owner("rival").maxAttempts(2).build();

    RunProcessorTest() {
        faults.create();
    }

    @AfterEach
    void noThreadIsLeftBehind() throws InterruptedException {
        Thread[] threads = new Thread[Thread.activeCount() + 10];
        int count = Thread.enumerate(threads);
        for (Thread thread : Arrays.copyOf(threads, count)) {
            if (thread.getName().startsWith("waybill-")) {
                thread.join(Duration.ofSeconds(30).toMillis());
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    // several at a time

    @Test
    void asManyRunsAreHandledAtOnceAsAskedForAndNeverMore() throws Exception {
        CyclicBarrier together = new CyclicBarrier(3);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<RunId> runs =
                IntStream.range(0, 12).mapToObj(i -> new RunId("run-" + i)).toList();

        Summary summary = processor(p -> p.parallelism(3)).process(runs.stream(), claim -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            together.await(30, TimeUnit.SECONDS); // passes only when three are here
            now.decrementAndGet();
            return Map.of();
        });

        assertThat(summary).isEqualTo(new Summary(12, 0, 0, 0, 0));
        assertThat(most).hasValue(3);
        assertThat(runs).allMatch(manifest::contains);
    }

    @Test
    void withoutParallelismRunsAreHandledOneByOneInTheirOrderOfListing() throws Exception {
        List<RunId> runs =
                IntStream.range(0, 50).mapToObj(i -> new RunId("run-" + i)).toList();
        Queue<RunId> handled = new ConcurrentLinkedQueue<>();
        AtomicInteger now = new AtomicInteger();

        Summary summary = processor().process(runs.stream(), claim -> {
            assertThat(now.incrementAndGet()).isEqualTo(1);
            handled.add(claim.run());
            now.decrementAndGet();
            return Map.of();
        });

        assertThat(summary).isEqualTo(new Summary(50, 0, 0, 0, 0));
        assertThat(handled).containsExactlyElementsOf(runs);
    }

    @Test
    void theListingIsReadNoFurtherThanThereAreHandlersForIt() throws Exception {
        AtomicInteger read = new AtomicInteger();
        Stream<RunId> listing = Stream.of(A, B, C)
                .peek(run -> assertThat(read.incrementAndGet()).isPositive());
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        processor().process(listing, claim -> {
            seen.add(read.get());
            return Map.of();
        });
        assertThat(seen).containsExactly(1, 2, 3);
    }

    @Test
    void thereMayBeNothingToDo() throws Exception {
        assertThat(processor(p -> p.parallelism(4)).process(Stream.of(), claim -> Map.of()))
                .isEqualTo(new Summary(0, 0, 0, 0, 0));
    }

    // what a handler returns and throws

    @Test
    void detailsOfTheHandlerAreCommitted() throws Exception {
        Summary summary =
                process(claim -> Map.of("events", "7", "from", claim.run().key()), A, B);
        assertThat(summary).isEqualTo(new Summary(2, 0, 0, 0, 0));
        assertThat(record(A).details()).isEqualTo(Map.of("events", "7", "from", "run-a"));
        assertThat(record(B).details()).isEqualTo(Map.of("events", "7", "from", "run-b"));
        assertThat(events)
                .containsExactly("claimed run-a", "ended run-a PROCESSED", "claimed run-b", "ended run-b PROCESSED");
    }

    static Stream<Throwable> whateverAHandlerThrows() {
        return Stream.of(
                new IOException("disk full"),
                new IllegalStateException("wrong"),
                new InterruptedException("its own"),
                new AssertionError("never"),
                new StackOverflowError("deep"),
                new NoClassDefFoundError("a/B"));
    }

    @ParameterizedTest
    @MethodSource("whateverAHandlerThrows")
    void aFailingHandlerIsRecordedWithItsReasonAndTheOthersGoOn(Throwable failure) throws Exception {
        RunHandler handler = claim -> {
            if (claim.run().equals(A)) {
                throwIt(failure);
            }
            return Map.of();
        };
        Summary summary = processor(p -> p.retryAfter(Duration.ofMinutes(3))).process(Stream.of(A, B), handler);

        assertThat(summary).isEqualTo(new Summary(1, 1, 0, 0, 0));
        assertThat(record(A).state()).isEqualTo(RunState.FAILED);
        assertThat(record(A).details()).containsExactly(Map.entry(RunRecord.REASON, failure.toString()));
        assertThat(record(A).attempts()).isEqualTo(1);
        assertThat(record(A).retryAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(3)));
        assertThat(manifest.contains(B)).isTrue();
        assertThat(events)
                .containsExactly("claimed run-a", "ended run-a FAILED", "claimed run-b", "ended run-b PROCESSED");
    }

    @Test
    void eachFailureDoublesTheWaitUpToTheLongest() throws Exception {
        RunManifest patient =
                RunManifest.builder(store).owner("worker").maxAttempts(6).build();
        RunProcessor processor = RunProcessor.builder(patient)
                .retryAfter(Duration.ofMinutes(1), Duration.ofMinutes(5))
                .build();
        RunHandler handler = claim -> {
            throw new IOException("still broken");
        };
        List<Long> minutes = new ArrayList<>();
        for (int attempt = 1; attempt < 6; attempt++) {
            assertThat(processor.process(Stream.of(A), handler)).isEqualTo(new Summary(0, 1, 0, 0, 0));
            Duration wait = Duration.between(
                    clock.instant(), Objects.requireNonNull(record(A).retryAt()));
            minutes.add(wait.toMinutes());
            clock.advance(wait.minusMillis(1));
            assertThat(processor.process(Stream.of(A), handler)).isEqualTo(new Summary(0, 0, 0, 1, 0));
            clock.advance(Duration.ofMillis(1));
        }
        assertThat(minutes).containsExactly(1L, 2L, 4L, 5L, 5L);

        processor.process(Stream.of(A), handler); // the last attempt
        assertThat(record(A).retryAt()).isNull();
        assertThat(record(A).attempts()).isEqualTo(6);
    }

    /** Throws an error or exception of any kind as it is. */
    private static void throwIt(Throwable failure) throws Exception {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (Exception) failure;
    }

    static Stream<@Nullable Map<String, String>> detailsThatNoRecordCanHold() {
        Map<String, @Nullable String> withoutValue = new HashMap<>();
        withoutValue.put("events", null);
        @SuppressWarnings("NullAway") // a handler compiled without it
        Map<String, String> hostile = withoutValue;
        return Stream.of(
                null,
                hostile,
                Map.of("big", "x".repeat(4094)),
                Map.of("broken", "\uD83D"),
                Map.of(RunRecord.TAKEOVERS, "x"));
    }

    @ParameterizedTest
    @MethodSource("detailsThatNoRecordCanHold")
    @SuppressWarnings("NullAway") // a handler compiled without it
    void detailsThatNoRecordCanHoldFailTheirRunAndTheOthersGoOn(@Nullable Map<String, String> details)
            throws Exception {
        Summary summary = process(claim -> claim.run().equals(A) ? details : Map.of(), A, B);

        assertThat(summary).isEqualTo(new Summary(1, 1, 0, 0, 0));
        assertThat(record(A).state()).isEqualTo(RunState.FAILED);
        assertThat(record(A).details().get(RunRecord.REASON)).matches("java\\.lang\\.\\w+Exception.*");
        assertThat(manifest.contains(B)).isTrue();
    }

    @Test
    void aHandlerMayEndItsClaimItself() throws Exception {
        RunHandler handler = claim -> {
            if (claim.run().equals(A)) {
                manifest.commit(claim, Map.of("with", "the output"));
            } else if (claim.run().equals(B)) {
                manifest.fail(claim, new IOException("by itself"), Duration.ZERO);
                throw new IOException("and then it throws");
            } else {
                manifest.release(claim);
            }
            return Map.of("ignored", "x");
        };
        RunId last = new RunId("run-d");
        Summary summary = process(claim -> claim.run().equals(last) ? Map.of() : handler.handle(claim), A, B, C, last);

        assertThat(summary).isEqualTo(new Summary(2, 1, 0, 0, 0));
        assertThat(record(A).details()).isEqualTo(Map.of("with", "the output"));
        assertThat(record(B).details().get(RunRecord.REASON)).contains("by itself");
        assertThat(record(C).state()).isEqualTo(RunState.NEW);
        assertThat(manifest.contains(last)).isTrue();
    }

    @Test
    void aClaimThatTheHandlerLostElsewhereIsTheFailureOfThisRun() throws Exception {
        RunHandler handler = claim -> {
            Claim other = granted(manifest.claim(B, LONG));
            rival.forget(B);
            manifest.renew(other);
            return Map.of();
        };
        assertThat(process(handler, A)).isEqualTo(new Summary(0, 1, 0, 0, 0));
        assertThat(record(A).state()).isEqualTo(RunState.FAILED);
        assertThat(record(A).details().get(RunRecord.REASON)).contains("ClaimLostException", "run-b");
    }

    // claims that are lost

    @Test
    void aClaimThatIsLostInterruptsTheHandlerIsCountedAsLostAndNeverCommits() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        RunHandler handler = claim -> {
            if (claim.run().equals(A)) {
                rival.skip(A, "not wanted");
                try {
                    forever();
                } catch (InterruptedException e) {
                    interrupted.set(true);
                    throw e;
                }
            }
            return Map.of();
        };
        Summary summary = processor(p -> p.lease(SHORT)).process(Stream.of(A, B), handler);

        assertThat(summary).isEqualTo(new Summary(1, 0, 1, 0, 0));
        assertThat(interrupted).isTrue();
        assertThat(record(A).state()).isEqualTo(RunState.SKIPPED);
        assertThat(record(A).details()).isEqualTo(Map.of(RunRecord.REASON, "not wanted"));
        assertThat(manifest.contains(B)).isTrue();
        assertThat(events).containsExactly("claimed run-a", "lost run-a", "claimed run-b", "ended run-b PROCESSED");
        assertThat(store.wasAskedByInterruptedThread()).isFalse();
    }

    @Test
    void aHandlerThatTakesNoNoticeOfItsLossDoesNotCommitEither() throws Exception {
        CountDownLatch noticed = new CountDownLatch(1);
        RunHandler handler = claim -> {
            overtake(A);
            try {
                forever();
            } catch (InterruptedException e) {
                noticed.countDown(); // and goes on as if nothing had happened
            }
            return Map.of();
        };
        Summary summary = processor(p -> p.lease(SHORT)).process(Stream.of(A), handler);

        assertThat(noticed.getCount()).isZero();
        assertThat(summary).isEqualTo(new Summary(0, 0, 1, 0, 0));
        assertThat(record(A).state()).isEqualTo(RunState.PROCESSING);
        assertThat(record(A).owner()).isEqualTo("rival");
        assertThat(events).containsExactly("claimed run-a", "lost run-a");
    }

    @Test
    void aLossThatIsFoundOutAtTheCommitIsToldOnceToo() throws Exception {
        RunHandler handler = claim -> {
            rival.forget(A);
            return Map.of();
        };
        assertThat(process(handler, A)).isEqualTo(new Summary(0, 0, 1, 0, 0));
        assertThat(record(A).state()).isEqualTo(RunState.NEW);
        assertThat(events).containsExactly("claimed run-a", "lost run-a");
    }

    @Test
    void aFailureOfAHandlerWhoseClaimWasLostIsNotRecorded() throws Exception {
        RunHandler handler = claim -> {
            rival.add(A);
            throw new IOException("no matter");
        };
        assertThat(process(handler, A)).isEqualTo(new Summary(0, 0, 1, 0, 0));
        assertThat(manifest.contains(A)).isTrue();
        assertThat(record(A).details()).isEmpty();
    }

    // heartbeats

    @Test
    void theHeartbeatRenewsTheClaimWhileTheHandlerRuns() throws Exception {
        RunHandler handler = claim -> {
            for (int i = 0; i < 5; i++) {
                clock.advance(Duration.ofMillis(40)); // two thirds of the lease
                store.awaitVersion(A, store.version(A) + 2); // the first beat may have looked at the clock before
                assertThat(rival.claim(A, LONG)).isEqualTo(new ClaimResult.Held("worker", claim.until()));
            }
            assertThat(claim.fence()).isEqualTo(1);
            return Map.of();
        };
        Summary summary = processor(p -> p.lease(SHORT)).process(Stream.of(A), handler);

        assertThat(summary).isEqualTo(new Summary(1, 0, 0, 0, 0));
        assertThat(record(A).version()).isGreaterThan(10);
        assertThat(record(A).details()).isEmpty();
        assertThat(events).containsExactly("claimed run-a", "ended run-a PROCESSED");
    }

    @Test
    void theHeartbeatEndsWithItsRun() throws Exception {
        RunHandler handler = claim -> {
            if (claim.run().equals(B)) {
                store.awaitVersion(B, 5); // time in which another beat for A would come
            }
            return Map.of();
        };
        processor(p -> p.lease(SHORT)).process(Stream.of(A, B), handler);
        assertThat(events)
                .containsExactly("claimed run-a", "ended run-a PROCESSED", "claimed run-b", "ended run-b PROCESSED");
        assertThat(record(A).version()).isEqualTo(store.version(A)).isLessThan(4);
    }

    @Test
    void theHeartbeatSurvivesAStoreThatFails() throws Exception {
        RunHandler handler = claim -> {
            store.awaitVersion(A, 2);
            faults.on(COMPARE_AND_PUT, Fault.UNAVAILABLE, Fault.UNAVAILABLE, Fault.LOST_BEFORE, Fault.LOST_AFTER);
            store.awaitVersion(A, 7);
            return Map.of();
        };
        Summary summary = processor(p -> p.lease(SHORT)).process(Stream.of(A), handler);

        assertThat(summary).isEqualTo(new Summary(1, 0, 0, 0, 0));
        assertThat(manifest.contains(A)).isTrue();
    }

    static Stream<Throwable> whatAStoreShouldNotThrow() {
        return Stream.of(new IllegalArgumentException("a bug"), new NoClassDefFoundError("a/B"));
    }

    @ParameterizedTest
    @MethodSource("whatAStoreShouldNotThrow")
    void theHeartbeatSurvivesAStoreThatIsBroken(Throwable failure) throws Exception {
        AtomicInteger failures = new AtomicInteger();
        store.beforePut(record -> {
            if (record.version() == 3 && failures.incrementAndGet() <= 2) {
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) failure;
            }
        });
        RunHandler handler = claim -> {
            store.awaitVersion(A, 4);
            return Map.of();
        };
        assertThat(processor(p -> p.lease(SHORT)).process(Stream.of(A), handler))
                .isEqualTo(new Summary(1, 0, 0, 0, 0));
        assertThat(failures.get()).isGreaterThan(2);
    }

    @Test
    void theFirstHeartbeatOfAClaimThatWasLongInComingDoesNotWait() throws Exception {
        AtomicLong nanos = new AtomicLong();
        RunManifest slow =
                RunManifest.builder(store).owner("worker").nanoTime(nanos::get).build();
        store.beforePut(record -> {
            if (record.version() == 1) {
                nanos.addAndGet(LONG.toNanos()); // the lease may be over when the claim is granted
            }
        });
        RunHandler handler = claim -> {
            store.awaitVersion(A, 2); // in vain, if the beat came after a third of ten minutes
            return Map.of();
        };
        Summary summary = RunProcessor.builder(slow).lease(LONG).build().process(Stream.of(A), handler);
        assertThat(summary).isEqualTo(new Summary(1, 0, 0, 0, 0));
    }

    @Test
    void theHeartbeatGoesOnWhileTheStoreDoesNotTakeTheCommit() throws Exception {
        store.beforePut(record -> {
            if (record.state() == RunState.PROCESSED && record.version() < 3) { // until a beat has come between
                throw new StoreUnavailableException("injected");
            }
        });
        assertThat(processor(p -> p.lease(Duration.ofSeconds(2))).process(Stream.of(A), claim -> Map.of()))
                .isEqualTo(new Summary(1, 0, 0, 0, 0));
        assertThat(manifest.contains(A)).isTrue();
    }

    @Test
    void aHandlerThatTakesNoNoticeOfInterruptsIsToldOfItsLossByItsClaim() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        Queue<String> winners = new ConcurrentLinkedQueue<>();
        RunHandler handler = claim -> {
            claim.onLost(why -> {
                winners.add(why.winner().map(RunRecord::owner).orElseThrow());
                stopped.countDown();
            });
            overtake(A);
            Thread working = new Thread(() -> {
                try {
                    await(stopped);
                } catch (InterruptedException e) {
                    throw new AssertionError("nobody interrupts this one", e);
                }
            });
            working.start();
            while (working.isAlive()) {
                try {
                    working.join();
                } catch (InterruptedException e) {
                    assertThat(claim.isLost()).isTrue(); // and goes on waiting for the work
                }
            }
            return Map.of();
        };
        assertThat(processor(p -> p.lease(SHORT)).process(Stream.of(A), handler))
                .isEqualTo(new Summary(0, 0, 1, 0, 0));
        assertThat(winners).containsExactly("rival");
    }

    // A commit and a renewal of one claim take turns, as either would refuse the other's version. So while a commit
    // waits
    // for the store's answer no beat can reach the store, and its lease may lapse. What can be seen from outside is
    // that
    // this does no harm: the next three tests.

    @Test
    void aCommitThatTakesLongerThanTheLeaseCountsWhileNobodyTookOver() throws Exception {
        store.beforePut(record -> {
            if (record.state() == RunState.PROCESSED) {
                clock.advance(SHORT.multipliedBy(10));
            }
        });
        assertThat(processor(p -> p.lease(SHORT)).process(Stream.of(A), claim -> Map.of()))
                .isEqualTo(new Summary(1, 0, 0, 0, 0));
        assertThat(manifest.contains(A)).isTrue();
        assertThat(events).containsExactly("claimed run-a", "ended run-a PROCESSED");
    }

    @Test
    void aCommitThatTakesLongerThanTheLeaseIsRefusedOnceAnotherTookOver() throws Exception {
        store.beforePut(record -> {
            if (record.state() == RunState.PROCESSED) {
                clock.advance(SHORT);
                granted(rival.claim(A, LONG));
            }
        });
        assertThat(processor(p -> p.lease(SHORT)).process(Stream.of(A), claim -> Map.of()))
                .isEqualTo(new Summary(0, 0, 1, 0, 0));
        assertThat(record(A).state()).isEqualTo(RunState.PROCESSING);
        assertThat(record(A).owner()).isEqualTo("rival");
        assertThat(events).containsExactly("claimed run-a", "lost run-a");
    }

    @Test
    void aSlowCommitKeepsNoOtherClaimFromBeingRenewed() throws Exception {
        CountDownLatch committing = new CountDownLatch(1);
        store.beforePut(record -> {
            if (record.id().equals(A) && record.state() == RunState.PROCESSED) {
                committing.countDown();
                store.awaitVersion(B, store.version(B) + 6); // B's beats go on while A's commit hangs
            }
        });
        RunHandler handler = claim -> {
            if (claim.run().equals(B)) {
                await(committing);
                store.awaitVersion(B, store.version(B) + 6);
            }
            return Map.of();
        };
        assertThat(processor(p -> p.lease(SHORT).parallelism(2)).process(Stream.of(A, B), handler))
                .isEqualTo(new Summary(2, 0, 0, 0, 0));
    }

    @Test
    void aCommitWaitsForTheRenewalUnderWayAndIsNotRefusedByIt() throws Exception {
        CountDownLatch renewing = new CountDownLatch(1);
        CountDownLatch handled = new CountDownLatch(1);
        store.beforePut(record -> {
            if (record.state() == RunState.PROCESSING && record.version() == 2) {
                renewing.countDown();
                await(handled);
            }
        });
        RunHandler handler = claim -> {
            await(renewing);
            handled.countDown();
            return Map.of();
        };
        assertThat(processor(p -> p.lease(SHORT)).process(Stream.of(A), handler))
                .isEqualTo(new Summary(1, 0, 0, 0, 0));
        assertThat(manifest.contains(A)).isTrue();
    }

    // interrupts

    @Test
    void interruptingTheCallerInterruptsTheHandlersAndReleasesTheirClaims() throws Exception {
        CountDownLatch handling = new CountDownLatch(2);
        AtomicInteger interrupted = new AtomicInteger();
        AtomicBoolean closed = new AtomicBoolean();
        RunHandler handler = claim -> {
            handling.countDown();
            try {
                forever();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw new IOException("stopped", e);
            }
            return Map.of();
        };
        Throwable thrown = interrupted(
                handling,
                () -> processor(p -> p.parallelism(2))
                        .process(Stream.of(A, B, C).onClose(() -> closed.set(true)), handler));

        assertThat(thrown).isInstanceOf(InterruptedException.class);
        assertThat(interrupted).hasValue(2);
        for (RunId run : List.of(A, B)) {
            assertThat(record(run).state()).isEqualTo(RunState.NEW);
            assertThat(record(run).attempts()).isZero();
            assertThat(record(run).details()).isEmpty();
        }
        assertThat(manifest.find(C)).isEmpty();
        assertThat(closed).isTrue();
        assertThat(store.wasAskedByInterruptedThread()).isFalse();
        assertThat(events)
                .containsExactlyInAnyOrder("claimed run-a", "claimed run-b", "ended run-a NEW", "ended run-b NEW");
    }

    @Test
    void aHandlerThatFinishesInSpiteOfTheInterruptIsCommitted() throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        RunHandler handler = claim -> {
            handling.countDown();
            try {
                forever();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // it was done in any case
            }
            return Map.of("events", "7");
        };
        Throwable thrown = interrupted(handling, () -> processor().process(Stream.of(A, B), handler));

        assertThat(thrown).isInstanceOf(InterruptedException.class);
        assertThat(record(A).state()).isEqualTo(RunState.PROCESSED);
        assertThat(record(A).details()).isEqualTo(Map.of("events", "7"));
        assertThat(manifest.find(B)).isEmpty();
        assertThat(store.wasAskedByInterruptedThread()).isFalse();
    }

    @Test
    void afterAnInterruptNoFurtherRunIsBegunHoweverManyAreListed() throws Exception {
        for (int round = 0; round < 20; round++) {
            CountDownLatch begun = new CountDownLatch(100);
            Stream<RunId> endless = Stream.generate(() -> A).peek(run -> begun.countDown());
            granted(rival.claim(A, LONG)); // each is refused, which takes no time
            Throwable thrown =
                    interrupted(begun, () -> processor(p -> p.parallelism(4)).process(endless, claim -> Map.of()));
            assertThat(thrown).isInstanceOf(InterruptedException.class);
            rival.forget(A);
        }
    }

    @Test
    void handlersThatFinishWithinTheGraceAreCommittedAndNoOtherRunIsBegun() throws Exception {
        CountDownLatch handling = new CountDownLatch(2);
        CountDownLatch finish = new CountDownLatch(1);
        RunHandler handler = claim -> {
            handling.countDown();
            await(finish); // throws when it is interrupted
            return Map.of();
        };
        RunProcessor processor = processor(p -> p.parallelism(2).grace(LONG));
        FutureTask<@Nullable Throwable> task =
                new FutureTask<>(() -> catchThrowable(() -> processor.process(Stream.of(A, B, C), handler)));
        Thread caller = new Thread(task, "the caller");
        caller.start();
        await(handling);
        caller.interrupt();
        awaitGrace(caller);
        finish.countDown();

        assertThat(task.get(60, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(manifest.contains(A)).isTrue();
        assertThat(manifest.contains(B)).isTrue();
        assertThat(manifest.find(C)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void handlersThatDoNotFinishWithinTheGraceAreInterruptedAndTheirClaimsReleased(boolean cutShort) throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        RunHandler handler = claim -> {
            handling.countDown();
            forever();
            return Map.of();
        };
        RunProcessor processor = processor(p -> p.grace(cutShort ? LONG : Duration.ofMillis(1)));
        FutureTask<@Nullable Throwable> task =
                new FutureTask<>(() -> catchThrowable(() -> processor.process(Stream.of(A, B), handler)));
        Thread caller = new Thread(task, "the caller");
        caller.start();
        await(handling);
        caller.interrupt();
        if (cutShort) {
            awaitGrace(caller);
            caller.interrupt();
        }

        assertThat(task.get(60, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(record(A).state()).isEqualTo(RunState.NEW);
        assertThat(record(A).attempts()).isZero();
        assertThat(manifest.find(B)).isEmpty();
    }

    /** Has the rival take a run over, however many heartbeats come in between. */
    private void overtake(RunId run) {
        do {
            clock.advance(SHORT);
        } while (!(rival.claim(run, LONG) instanceof ClaimResult.Granted));
    }

    /** Waits until a thread that processes no more waits for its runs, but for the grace to pass; or has ended. */
    private static void awaitGrace(Thread caller) {
        while (caller.isAlive() && caller.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    /** What a thread that processes throws when it is interrupted at a certain moment. */
    private static @Nullable Throwable interrupted(CountDownLatch moment, ThrowingCallable processing)
            throws Exception {
        FutureTask<@Nullable Throwable> task = new FutureTask<>(() -> catchThrowable(processing::call));
        Thread thread = new Thread(task, "the caller");
        thread.start();
        await(moment);
        thread.interrupt();
        return task.get(60, TimeUnit.SECONDS);
    }

    interface ThrowingCallable {
        void call() throws Exception;
    }

    // refusals

    @Test
    void runsThatCannotBeClaimedAreCountedAsRefusedAndTold() throws Exception {
        RunId settled = new RunId("settled");
        RunId held = new RunId("held");
        RunId waiting = new RunId("waiting");
        RunId failedForGood = new RunId("failed for good");
        rival.add(settled);
        granted(rival.claim(held, LONG));
        rival.fail(granted(rival.claim(waiting, LONG)), new IOException("x"), LONG);
        for (int i = 0; i < 2; i++) {
            rival.fail(granted(rival.claim(failedForGood, LONG)), new IOException("x"), Duration.ZERO);
        }
        Map<RunId, RunRecord> before = Map.of(
                settled, record(settled),
                held, record(held),
                waiting, record(waiting),
                failedForGood, record(failedForGood));

        Summary summary = process(claim -> Map.of(), settled, held, waiting, failedForGood, A);

        assertThat(summary).isEqualTo(new Summary(1, 0, 0, 4, 0));
        assertThat(before).allSatisfy((run, record) -> assertThat(record(run)).isEqualTo(record));
        assertThat(events)
                .containsExactly(
                        "refused settled Settled",
                        "refused held Held",
                        "refused waiting NotYet",
                        "refused failed for good Settled",
                        "claimed run-a",
                        "ended run-a PROCESSED");
    }

    // in order

    @Test
    void inOrderRunsThatAreProcessedOrSkippedArePassedAndTheOthersHandledInOrder() throws Exception {
        RunId first = new RunId("z");
        rival.add(A);
        rival.skip(B, "not wanted");
        Queue<RunId> handled = new ConcurrentLinkedQueue<>();
        Summary summary = processor(RunProcessor.Builder::inOrder).process(Stream.of(first, A, B, C), claim -> {
            handled.add(claim.run());
            return Map.of();
        });
        assertThat(handled).containsExactly(first, C);
        assertThat(summary).isEqualTo(new Summary(2, 0, 0, 2, 0));
    }

    @Test
    void inOrderAFailedRunEndsThePass() throws Exception {
        RunHandler handler = claim -> {
            if (claim.run().equals(B)) {
                throw new IOException("x");
            }
            return Map.of();
        };
        assertThat(inOrder(handler, A, B, C)).isEqualTo(new Summary(1, 1, 0, 0, 0));
        assertThat(record(B).state()).isEqualTo(RunState.FAILED);
        assertThat(manifest.find(C)).isEmpty();

        // its time has come, and it fails for good
        assertThat(inOrder(handler, A, B, C)).isEqualTo(new Summary(0, 1, 0, 1, 0));
        assertThat(inOrder(handler, A, B, C)).isEqualTo(new Summary(0, 0, 0, 2, 0));
        assertThat(manifest.find(C)).isEmpty();

        manifest.skip(B, "hopeless");
        assertThat(inOrder(handler, A, B, C)).isEqualTo(new Summary(1, 0, 0, 2, 0));
        assertThat(manifest.contains(C)).isTrue();
    }

    @Test
    void inOrderARunThatIsHeldEndsThePass() throws Exception {
        granted(rival.claim(B, LONG));
        assertThat(inOrder(claim -> Map.of(), A, B, C)).isEqualTo(new Summary(1, 0, 0, 1, 0));
        assertThat(manifest.find(C)).isEmpty();

        clock.advance(LONG);
        assertThat(inOrder(claim -> Map.of(), A, B, C)).isEqualTo(new Summary(2, 0, 0, 1, 0));
    }

    @Test
    void inOrderARunThatWaitsForItsRetryEndsThePass() throws Exception {
        rival.fail(granted(rival.claim(B, LONG)), new IOException("x"), LONG);
        assertThat(inOrder(claim -> Map.of(), A, B, C)).isEqualTo(new Summary(1, 0, 0, 1, 0));
        assertThat(manifest.find(C)).isEmpty();

        clock.advance(LONG);
        assertThat(inOrder(claim -> Map.of(), A, B, C)).isEqualTo(new Summary(2, 0, 0, 1, 0));
    }

    @Test
    void inOrderARunWhoseClaimIsLostEndsThePass() throws Exception {
        RunHandler handler = claim -> {
            rival.forget(claim.run());
            return Map.of();
        };
        assertThat(inOrder(handler, A, B)).isEqualTo(new Summary(0, 0, 1, 0, 0));
        assertThat(manifest.find(B)).isEmpty();
    }

    @Test
    void inOrderARunThatIsUndecidedEndsThePass() throws Exception {
        store.beforeFind(run -> {
            if (run.equals(A)) {
                throw new CorruptRecordException("injected: " + run);
            }
        });
        assertThat(inOrder(claim -> Map.of(), A, B)).isEqualTo(new Summary(0, 0, 0, 0, 1));
        assertThat(manifest.find(B)).isEmpty();

        store.beforeFind(run -> {});
        noCommitArrives();
        assertThat(processor(p -> p.lease(SHORT).inOrder()).process(Stream.of(A, B), claim -> Map.of()))
                .isEqualTo(new Summary(0, 0, 0, 0, 1));
        assertThat(record(A).state()).isEqualTo(RunState.PROCESSING);
        assertThat(manifest.find(B)).isEmpty();
    }

    @Test
    void inOrderARunThatItsHandlerReleasedEndsThePassAndOneThatItCommittedDoesNot() throws Exception {
        RunHandler handler = claim -> {
            if (claim.run().equals(A)) {
                manifest.commit(claim, Map.of());
            } else {
                manifest.release(claim);
            }
            return Map.of();
        };
        assertThat(inOrder(handler, A, B, C)).isEqualTo(new Summary(1, 0, 0, 0, 0));
        assertThat(record(B).state()).isEqualTo(RunState.NEW);
        assertThat(manifest.find(C)).isEmpty();
    }

    private Summary inOrder(RunHandler handler, RunId... runs) throws InterruptedException {
        return processor(RunProcessor.Builder::inOrder).process(Stream.of(runs), handler);
    }

    // trouble with the listing and the store

    @Test
    void aListingThatThrowsCarriesItsExceptionToTheCallerAndIsClosed() throws Exception {
        IllegalStateException broken = new IllegalStateException("the listing broke");
        AtomicBoolean closed = new AtomicBoolean();
        Stream<RunId> listing = Stream.of(A, B, C)
                .peek(run -> {
                    if (run.equals(C)) {
                        throw broken;
                    }
                })
                .onClose(() -> closed.set(true));
        CyclicBarrier together = new CyclicBarrier(2);

        assertThatThrownBy(() -> processor(p -> p.parallelism(2)).process(listing, claim -> {
                    together.await(30, TimeUnit.SECONDS);
                    return Map.of();
                }))
                .isSameAs(broken);

        assertThat(closed).isTrue();
        assertThat(manifest.contains(A)).isTrue();
        assertThat(manifest.contains(B)).isTrue();
    }

    @Test
    void aListingThatThrowsAnErrorOrAtOnceIsNoDifferent() {
        AssertionError broken = new AssertionError("the listing broke");
        AtomicInteger closed = new AtomicInteger();
        Stream<RunId> error = Stream.<RunId>generate(() -> {
                    throw broken;
                })
                .onClose(closed::incrementAndGet);
        assertThatThrownBy(() -> processor().process(error, claim -> Map.of())).isSameAs(broken);

        Stream<RunId> used = Stream.of(A).onClose(closed::incrementAndGet);
        assertThat(used.iterator().hasNext()).isTrue();
        assertThatThrownBy(() -> processor().process(used, claim -> Map.of()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(closed).hasValue(2);
        assertThat(manifest.find(A)).isEmpty();
    }

    @Test
    void theStreamIsClosedAtTheEnd() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        processor().process(Stream.of(A).onClose(closed::incrementAndGet), claim -> Map.of());
        assertThat(closed).hasValue(1);
    }

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

    private void noCommitArrives() {
        store.beforePut(record -> {
            if (record.state() == RunState.PROCESSED) {
                throw new StoreUnavailableException("injected");
            }
        });
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

    // listeners

    @ParameterizedTest
    @MethodSource("whatAStoreShouldNotThrow")
    void aListenerThatThrowsChangesNothing(Throwable failure) throws Exception {
        RunManifest withBadListener = RunManifest.builder(store)
                .listener(new Thrower(failure))
                .listener(new Recorder(events))
                .build();
        rival.add(B);
        store.beforeFind(run -> {
            if (run.equals(C)) {
                throw new CorruptRecordException("injected: " + run);
            }
        });
        RunId last = new RunId("run-d");
        Summary summary = RunProcessor.builder(withBadListener).build().process(Stream.of(A, B, C, last), claim -> {
            if (claim.run().equals(last)) {
                rival.forget(last);
            }
            return Map.of();
        });
        assertThat(summary).isEqualTo(new Summary(1, 0, 1, 1, 1));
        assertThat(events)
                .containsExactly(
                        "claimed run-a",
                        "ended run-a PROCESSED",
                        "refused run-b Settled",
                        "undecided run-c CorruptRecordException",
                        "claimed run-d",
                        "lost run-d");
    }

    // settings

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        RunProcessor.Builder builder = RunProcessor.builder(manifest);
        assertThatThrownBy(() -> builder.lease(Duration.ofNanos(999_999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a lease of PT0.000999999S, want 1 ms to 365 days");
        assertThatThrownBy(() -> builder.lease(Duration.ofDays(366)))
                .hasMessage("a lease of PT8784H, want 1 ms to 365 days");
        assertThatThrownBy(() -> builder.retryAfter(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a wait of PT-0.000000001S, want 0 to 365 days");
        assertThatThrownBy(() -> builder.retryAfter(Duration.ofMinutes(2), Duration.ofMinutes(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the longest wait is PT1M, want no less than the first, PT2M");
        assertThatThrownBy(() -> builder.grace(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a wait of PT-0.000000001S, want 0 to 365 days");
        assertThatThrownBy(() -> builder.parallelism(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parallelism is 0, want 1 or more");
        assertThatThrownBy(() -> builder.parallelism(2).inOrder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parallelism is 2, want 1: runs in order are processed one at a time");
    }

    // helpers

    private RunProcessor processor() {
        return processor(p -> p);
    }

    private RunProcessor processor(UnaryOperator<RunProcessor.Builder> settings) {
        return settings.apply(RunProcessor.builder(manifest).lease(LONG)).build();
    }

    private Summary process(RunHandler handler, RunId... runs) throws InterruptedException {
        return processor().process(Stream.of(runs), handler);
    }

    private RunRecord record(RunId run) {
        return faults.find(run).orElseThrow();
    }

    private static Claim granted(ClaimResult result) {
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).claim();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(30, TimeUnit.SECONDS)).as("waited in vain").isTrue();
    }

    /** Waits for an interrupt. */
    private static void forever() throws InterruptedException {
        await(new CountDownLatch(1));
    }

    /** Writes each event down. */
    private record Recorder(Queue<String> events) implements ManifestListener {

        @Override
        public void claimed(Claim claim) {
            events.add("claimed " + claim.run());
        }

        @Override
        public void refused(RunId run, ClaimResult answer) {
            events.add("refused " + run + " " + answer.getClass().getSimpleName());
        }

        @Override
        public void ended(Claim claim, RunRecord record) {
            events.add("ended " + claim.run() + " " + record.state());
        }

        @Override
        public void lost(Claim claim, ClaimLostException why) {
            events.add("lost " + claim.run());
        }

        @Override
        public void undecided(RunId run, ManifestException why) {
            events.add("undecided " + run + " " + why.getClass().getSimpleName());
        }
    }

    /** Throws at each event. */
    private record Thrower(Throwable failure) implements ManifestListener {

        @Override
        public void claimed(Claim claim) {
            fail();
        }

        @Override
        public void refused(RunId run, ClaimResult answer) {
            fail();
        }

        @Override
        public void ended(Claim claim, RunRecord record) {
            fail();
        }

        @Override
        public void lost(Claim claim, ClaimLostException why) {
            fail();
        }

        @Override
        public void undecided(RunId run, ManifestException why) {
            fail();
        }

        private void fail() {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        }
    }
}
