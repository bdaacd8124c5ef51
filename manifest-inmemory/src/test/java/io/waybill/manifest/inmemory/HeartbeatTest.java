package io.waybill.manifest.inmemory;

import static io.waybill.manifest.tck.FaultInjectingStore.Operation.COMPARE_AND_PUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunHandler;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunProcessor.Summary;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.tck.FaultInjectingStore.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Claims that are lost, and the heartbeats that find it out or keep them. */
class HeartbeatTest extends ProcessingTrial {

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

    /** Has the rival take a run over, however many heartbeats come in between. */
    private void overtake(RunId run) {
        do {
            clock.advance(SHORT);
        } while (!(rival.claim(run, LONG) instanceof ClaimResult.Granted));
    }
}
