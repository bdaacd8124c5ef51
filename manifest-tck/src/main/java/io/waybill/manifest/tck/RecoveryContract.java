package io.waybill.manifest.tck;

import static io.waybill.manifest.tck.FaultInjectingStore.Operation.COMPARE_AND_PUT;
import static io.waybill.manifest.tck.FaultInjectingStore.Operation.FIND;
import static io.waybill.manifest.tck.FaultInjectingStore.Operation.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunHandler;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.FaultInjectingStore.Fault;
import io.waybill.manifest.tck.FaultInjectingStore.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guarantees 5 and 6: clocks that are wrong, processes that die, and processes that were only paused. */
abstract class RecoveryContract extends HistoryContract {

    RecoveryContract() {}

    // clocks

    /** What a host's clock shows, beside the store's. */
    enum HostClock {
        BEHIND,
        RIGHT,
        AHEAD,
        JUMPING
    }

    /** A worker on a host whose every clock is wrong, even the one that should only go forward. */
    private RunManifest host(RunManifestStore store, HostClock shows) {
        AtomicInteger readings = new AtomicInteger();
        LongSupplier nanoTime = () -> {
            long right = Duration.between(Instant.EPOCH, clock.instant()).toNanos();
            long hour = TimeUnit.HOURS.toNanos(1);
            return switch (shows) {
                case BEHIND -> right - hour;
                case RIGHT -> right;
                case AHEAD -> right + hour;
                case JUMPING -> right + hour * (readings.incrementAndGet() % 3 - 1);
            };
        };
        return RunManifest.builder(store)
                .owner(shows.toString())
                .nanoTime(nanoTime)
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void g5WhateverTheHostsClocksShowALiveHolderKeepsItsRunAndADeadOneIsOvertakenAtTheEndOfItsLease(HostClock holders) {
        FaultInjectingStore store = store();
        RunManifest holder = host(store, holders);
        List<RunManifest> rivals = new ArrayList<>();
        for (HostClock shows : HostClock.values()) {
            rivals.add(host(store, shows));
        }
        Claim claim = granted(holder.claim(RUN, LEASE));
        for (int quarter = 1; quarter <= 12; quarter++) { // over three leases
            clock.advance(LEASE.dividedBy(4));
            if (quarter % 3 == 0) {
                holder.renew(claim);
            }
            for (RunManifest rival : rivals) {
                assertThat(rival.claim(RUN, LEASE))
                        .as("%s after %d quarters of the lease", rival, quarter)
                        .isEqualTo(new ClaimResult.Held(holders.toString(), claim.until()));
            }
        }

        clock.advance(Duration.between(clock.instant(), claim.until()).minusMillis(1));
        for (RunManifest rival : rivals) {
            assertThat(rival.claim(RUN, LEASE)).isInstanceOf(ClaimResult.Held.class);
        }
        clock.advance(Duration.ofMillis(1));
        assertThat(granted(rivals.get(0).claim(RUN, LEASE)).fence()).isGreaterThan(claim.fence());
        assertThatThrownBy(() -> holder.renew(claim)).isInstanceOf(ClaimLostException.class);
    }

    @Test
    void g5ATakeoverOfALapsedClaimWaitsForNothing() {
        FaultInjectingStore store = store();
        granted(manifest(store, "dead").claim(RUN, LEASE));
        clock.advance(LEASE);
        List<Operation> asked = new ArrayList<>();
        store.before(call -> asked.add(call.operation()));

        granted(manifest(store, "never saw the claim").claim(RUN, LEASE));

        assertThat(asked).containsExactly(FIND, NOW, COMPARE_AND_PUT);
    }

    @Test
    void g5AClaimCountsItsLeaseFromBeforeItAskedForIt() {
        FaultInjectingStore store = store();
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // a monotonic clock may begin anywhere, and overflow
        RunManifest manifest = RunManifest.builder(store).nanoTime(nanos::get).build();
        Duration minute = Duration.ofMinutes(1);
        store.after(call -> nanos.addAndGet(minute.toNanos()));

        Claim claim = granted(manifest.claim(RUN, LEASE)); // found, then a minute each for the time and the write
        assertThat(claim.remaining()).isEqualTo(LEASE.minus(minute.multipliedBy(2)));

        store.on(COMPARE_AND_PUT, Fault.UNAVAILABLE);
        assertThatThrownBy(() -> manifest.renew(claim)).isInstanceOf(StoreUnavailableException.class);
        assertThat(claim.remaining()).isEqualTo(LEASE.minus(minute.multipliedBy(3)));

        manifest.renew(claim);
        assertThat(claim.remaining()).isEqualTo(LEASE.minus(minute.multipliedBy(2)));

        store.on(COMPARE_AND_PUT, Fault.LOST_AFTER);
        manifest.renew(claim); // and a minute for the look
        assertThat(claim.remaining()).isEqualTo(LEASE.minus(minute.multipliedBy(3)));

        nanos.addAndGet(LEASE.toNanos());
        assertThat(claim.remaining()).isZero();
        manifest.renew(claim);
        manifest.commit(claim, Map.of());
        assertThat(claim.remaining()).isZero();
    }

    @Test
    void g3WhoAskedForItIsToldOnceThatTheClaimIsLostAndToWhom() {
        FaultInjectingStore store = store();
        RunManifest a = manifest(store, "a");
        Claim claim = granted(a.claim(RUN, LEASE));
        List<String> told = new ArrayList<>();
        claim.onLost(why -> {
            told.add("first");
            throw new IllegalStateException("injected");
        });
        claim.onLost(why -> told.add(why.winner().map(RunRecord::owner).orElseThrow()));
        a.renew(claim);
        assertThat(told).isEmpty();

        manifest(store, "b").skip(RUN, "not wanted");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> a.renew(claim)).isInstanceOf(ClaimLostException.class);
        }
        assertThat(told).containsExactly("first", "b");
        assertThat(claim.remaining()).isZero();

        claim.onLost(why -> told.add("late"));
        assertThat(told).containsExactly("first", "b", "late");
    }

    // processes that die or are paused at any step

    /** Where runs are published: a later fence replaces an earlier one, which is refused afterwards. */
    private static final class Output {

        private final Map<RunId, Long> fences = new ConcurrentHashMap<>();
        private final AtomicInteger published = new AtomicInteger();

        void publish(Claim claim) {
            published.incrementAndGet();
            fences.merge(claim.run(), claim.fence(), Math::max);
        }
    }

    /** What a process cannot catch and go on. */
    private static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A worker's pass, each step of which something may happen at: a call of the store, its answer, publishing. */
    private final class Pass {

        private final RunManifestStore behind;
        private final Output output;
        private final Runnable step;

        Pass(RunManifestStore behind, Output output, Runnable step) {
            this.behind = behind;
            this.output = output;
            this.step = step;
        }

        void over(List<RunId> runs) throws InterruptedException {
            FaultInjectingStore store = new FaultInjectingStore(behind, clock);
            store.before(call -> step.run());
            store.after(call -> step.run());
            RunManifest manifest = manifest(store, "worker");
            RunHandler handler = claim -> {
                step.run();
                output.publish(claim);
                step.run();
                return Map.of();
            };
            RunProcessor.builder(manifest).lease(LEASE).build().process(manifest.pending(runs.stream()), handler);
        }
    }

    @Test
    void g6WhereverAProcessDiesEachRunIsPublishedOnceAndProcessedWhenItsLeaseIsOver() throws Exception {
        RunManifestStore behind = created();
        int at = 0;
        for (boolean died = true; died; at++) {
            assertThat(at).as("steps of a pass").isLessThan(100);
            List<RunId> runs = List.of(new RunId("death " + at + "/a"), new RunId("death " + at + "/b"));
            Output output = new Output();
            int last = at;
            AtomicInteger steps = new AtomicInteger();
            Throwable end = catchThrowable(() -> new Pass(behind, output, () -> {
                        if (steps.getAndIncrement() >= last) { // and whatever it would still do does not happen either
                            throw new Died();
                        }
                    })
                    .over(runs));
            died = end != null;
            if (died) {
                assertThat(end).isInstanceOf(Died.class);
            }

            clock.advance(LEASE);
            new Pass(behind, output, () -> {}).over(runs);

            assertPublishedAndProcessed(behind, runs, output);
        }
        assertThat(at).as("steps of a pass").isGreaterThan(22);
    }

    @Test
    void g6WhereverAProcessIsPausedAndOvertakenEachRunIsPublishedOnceAndProcessed() throws Exception {
        RunManifestStore behind = created();
        int at = 0;
        for (boolean paused = true; paused; at++) {
            assertThat(at).as("steps of a pass").isLessThan(100);
            List<RunId> runs = List.of(new RunId("pause " + at + "/a"), new RunId("pause " + at + "/b"));
            Output output = new Output();
            int pause = at;
            AtomicInteger steps = new AtomicInteger();
            AtomicBoolean was = new AtomicBoolean();
            new Pass(behind, output, () -> {
                        if (steps.getAndIncrement() == pause) {
                            was.set(true);
                            clock.advance(LEASE);
                            quietly(() -> new Pass(behind, output, () -> {}).over(runs));
                        }
                    })
                    .over(runs);
            paused = was.get();
            assertPublishedAndProcessed(behind, runs, output);
        }
        assertThat(at).as("steps of a pass").isGreaterThan(22);
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private static void quietly(Step step) {
        try {
            step.run();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts", e);
        }
    }

    private static void assertPublishedAndProcessed(RunManifestStore store, List<RunId> runs, Output output) {
        assertThat(output.fences).containsOnlyKeys(runs);
        for (RunId run : runs) {
            RunRecord record = store.find(run).orElseThrow();
            assertThat(record.state()).as(run.key()).isEqualTo(RunState.PROCESSED);
            // what stands published is what the claim that committed has published
            assertThat(output.fences.get(run)).as(run.key()).isEqualTo(record.version() - 1);
        }
    }

    @Test
    void g6OfManyWhoWorkAtOnceEachRunIsCommittedByOne() {
        RunManifestStore behind = created();
        List<RunId> runs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            runs.add(new RunId("shared/" + i));
        }
        Output output = new Output();
        Race.of(6, i -> {
            new Pass(behind, output, () -> {}).over(runs);
            return i;
        });
        assertPublishedAndProcessed(behind, runs, output);
        assertThat(output.published).hasValue(runs.size());
    }

    @Test
    void g6OfACommitAndAnAddOneSaysThatItWasTheOne() {
        FaultInjectingStore store = store();
        RunManifest worker = manifest(store, "worker");
        RunManifest operator = manifest(store, "operator");
        List<Consumer<Claim>> inEachOrder = List.of(
                claim -> {
                    worker.commit(claim, Map.of());
                    assertThat(operator.add(RUN)).isFalse();
                },
                claim -> {
                    assertThat(operator.add(RUN)).isTrue();
                    assertThatThrownBy(() -> worker.commit(claim, Map.of())).isInstanceOf(ClaimLostException.class);
                });
        for (Consumer<Claim> order : inEachOrder) {
            Claim claim = granted(worker.claim(RUN, LEASE));
            order.accept(claim);
            assertThat(record(operator).version()).isEqualTo(claim.fence() + 1);
            operator.forget(RUN);
        }
    }
}
