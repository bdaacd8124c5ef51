package io.waybill.manifest.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.tck.FaultInjectingStore.Operation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the manifest guarantees over any store: by the numbers of the guarantees, then by operation. */
abstract class RunManifestContract extends BackendContract {

    // the guarantees

    @Test
    void g1WhileAClaimIsLiveNobodyElseIsGrantedOne() {
        RunManifest a = manifest("a");
        RunManifest b = manifest("b");
        granted(a.claim(RUN, LEASE));
        Instant until = clock.instant().plus(LEASE);

        clock.advance(LEASE.minusMillis(1));

        assertThat(b.claim(RUN, LEASE)).isEqualTo(new ClaimResult.Held("a", until));
        assertThat(a.claim(RUN, LEASE)).isEqualTo(new ClaimResult.Held("a", until));
    }

    @Test
    void g1OfManyWhoClaimAtOnceExactlyOneIsGranted() {
        created();
        for (int round = 0; round < 10; round++) {
            RunId run = new RunId("run-" + round);
            List<ClaimResult> results = Race.of(6, i -> manifest("w" + i).claim(run, LEASE));
            assertThat(results)
                    .filteredOn(ClaimResult.Granted.class::isInstance)
                    .hasSize(1);
            assertThat(results).filteredOn(ClaimResult.Held.class::isInstance).hasSize(5);
        }
    }

    @Test
    void g1WhoSawTheRunAsNewIsRefusedWhereAnotherWasFasterMeanwhile() {
        RunManifest a = manifest("a");
        RunManifest b = manifest("b");
        assertThat(a.pending(Stream.of(RUN))).containsExactly(RUN);
        Claim claim = granted(b.claim(RUN, LEASE));
        assertThat(a.claim(RUN, LEASE)).isEqualTo(new ClaimResult.Held("b", claim.until()));

        b.forget(RUN);
        assertThat(a.pending(Stream.of(RUN))).containsExactly(RUN);
        assertThat(granted(a.claim(RUN, LEASE)).fence()).isEqualTo(3);
    }

    @Test
    void g1WhoSawTheRunAsNewIsToldThatItIsDoneMeanwhile() {
        RunManifest a = manifest("a");
        assertThat(a.pending(Stream.of(RUN))).containsExactly(RUN);
        manifest("b").add(RUN);

        assertThat(a.claim(RUN, LEASE)).isEqualTo(new ClaimResult.Settled(record(a)));
    }

    @Test
    void g2EveryClaimHasAGreaterFenceThanAllBefore() {
        RunManifest manifest = manifest("a");
        List<Long> fences = new ArrayList<>();
        List<Consumer<Claim>> endings = List.of(
                claim -> clock.advance(LEASE),
                manifest::release,
                claim -> manifest.fail(claim, new IOException("x"), Duration.ZERO),
                claim -> manifest.forget(RUN),
                claim -> {
                    manifest.commit(claim, Map.of());
                    manifest.forget(RUN);
                });
        for (Consumer<Claim> ending : endings) {
            Claim claim = granted(manifest.claim(RUN, LEASE));
            fences.add(claim.fence());
            manifest.renew(claim);
            assertThat(claim.fence()).isEqualTo(fences.get(fences.size() - 1));
            ending.accept(claim);
        }
        assertThat(fences).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void g3OnceAnotherClaimIsGrantedNoEarlierOneCanDoAnything() {
        RunManifest a = manifest("a");
        RunManifest b = manifest("b");
        List<Consumer<Claim>> operations = List.of(
                a::renew,
                a::release,
                claim -> a.commit(claim, Map.of()),
                claim -> a.fail(claim, new IOException("late"), Duration.ZERO));
        for (Consumer<Claim> operation : operations) {
            Claim late = granted(a.claim(RUN, LEASE));
            clock.advance(LEASE);
            Claim successor = granted(b.claim(RUN, LEASE));
            RunRecord before = record(b);

            assertThatThrownBy(() -> operation.accept(late))
                    .isInstanceOf(ClaimLostException.class)
                    .hasMessageContaining(RUN.key())
                    .hasMessageContaining("'b'");
            assertThat(record(b)).isEqualTo(before);
            assertThat(late.isLost()).isTrue();

            b.release(successor);
        }
    }

    @Test
    void g3ARunThatWasForgottenOrAddedMeanwhileRefusesTheClaim() {
        RunManifest a = manifest("a");
        RunManifest operator = manifest("operator");
        List<Consumer<RunManifest>> decisions =
                List.of(m -> m.forget(RUN), m -> m.add(RUN), m -> m.forget(RUN), m -> m.skip(RUN, "why"));
        for (Consumer<RunManifest> decision : decisions) {
            operator.forget(RUN);
            Claim claim = granted(a.claim(RUN, LEASE));
            decision.accept(operator);
            RunRecord decided = record(operator);

            assertThatThrownBy(() -> a.commit(claim, Map.of()))
                    .isInstanceOfSatisfying(
                            ClaimLostException.class,
                            e -> assertThat(e.winner()).contains(decided));
            assertThat(record(operator)).isEqualTo(decided);
        }
    }

    @Test
    void g4OnlyForgetTakesBackThatARunIsContained() {
        RunManifest manifest = manifest("a");
        for (int i = 0; i < 2; i++) {
            if (i == 0) {
                manifest.add(RUN);
            } else {
                manifest.skip(RUN, "not wanted");
            }
            assertThat(manifest.contains(RUN)).isTrue();
            assertThat(manifest.retry(RUN)).isFalse();
            assertThat(manifest.skip(RUN, "again")).isFalse();
            clock.advance(LEASE.multipliedBy(1000));
            assertThat(manifest.claim(RUN, LEASE)).isEqualTo(new ClaimResult.Settled(record(manifest)));
            assertThat(manifest.contains(RUN)).isTrue();

            assertThat(manifest.forget(RUN)).isTrue();
            assertThat(manifest.contains(RUN)).isFalse();
        }
    }

    @Test
    void g5AClaimWhoseLeaseHasRunOutIsTakenOverHoweverOftenAndThatIsCounted() {
        RunManifest manifest = manifest("a");
        for (int takeovers = 0; takeovers < 6; takeovers++) {
            granted(manifest.claim(RUN, LEASE));
            assertThat(record(manifest).details().getOrDefault(RunRecord.TAKEOVERS, "0"))
                    .isEqualTo(Integer.toString(takeovers));
            assertThat(record(manifest).attempts()).isZero();
            clock.advance(LEASE);
        }
    }

    @Test
    void g5ARenewedClaimHoldsForAFullLeaseFromThen() {
        RunManifest a = manifest("a");
        RunManifest b = manifest("b");
        Claim claim = granted(a.claim(RUN, LEASE));
        clock.advance(LEASE.minusMillis(1));
        a.renew(claim);
        assertThat(claim.until()).isEqualTo(clock.instant().plus(LEASE));
        clock.advance(LEASE.minusMillis(1));
        assertThat(b.claim(RUN, LEASE)).isInstanceOf(ClaimResult.Held.class);
        clock.advance(Duration.ofMillis(1));
        granted(b.claim(RUN, LEASE));
    }

    @Test
    void g6ALateCommitCountsWhileNobodyTookOver() {
        RunManifest manifest = manifest("a");
        Claim claim = granted(manifest.claim(RUN, LEASE));
        clock.advance(LEASE.multipliedBy(2));

        manifest.renew(claim);
        clock.advance(LEASE.multipliedBy(2));
        manifest.commit(claim, Map.of("events", "7"));

        assertThat(manifest.contains(RUN)).isTrue();
        assertThat(record(manifest).details()).containsExactly(Map.entry("events", "7"));
    }

    // the operations

    @Test
    void addMakesARunProcessedOnceAndSaysWhetherItDid() {
        RunManifest manifest = manifest("a");
        assertThat(manifest.contains(RUN)).isFalse();
        assertThat(manifest.add(RUN)).isTrue();
        assertThat(manifest.add(RUN)).isFalse();
        assertThat(record(manifest).version()).isEqualTo(1);
        assertThat(manifest.contains(RUN)).isTrue();
    }

    @Test
    void ofManyWhoAddAtOnceExactlyOneMadeItSo() {
        created();
        List<Boolean> added = Race.of(6, i -> manifest("w" + i).add(RUN));
        assertThat(added).containsOnlyOnce(true);
    }

    @Test
    void aRunIsContainedOnlyWhenItIsProcessedOrSkipped() {
        RunManifest manifest = manifest("a");
        Claim claim = granted(manifest.claim(RUN, LEASE));
        assertThat(manifest.contains(RUN)).isFalse();
        manifest.fail(claim, new IOException("x"), Duration.ZERO);
        assertThat(manifest.contains(RUN)).isFalse();
        manifest.release(granted(manifest.claim(RUN, LEASE)));
        assertThat(manifest.contains(RUN)).isFalse();
    }

    @Test
    void theManifestsOwnDetailsCannotBeWrittenByAHandler() {
        RunManifest manifest = manifest("a");
        Claim claim = granted(manifest.claim(RUN, LEASE));
        assertThatThrownBy(() -> manifest.commit(claim, Map.of(RunRecord.TAKEOVERS, "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(RunRecord.TAKEOVERS);
        assertThat(record(manifest).state()).isEqualTo(RunState.PROCESSING);
    }

    @Test
    void aFailureKeepsItsReasonOnOneLineAndWithinBounds() {
        RunManifest manifest = manifest("a");
        Throwable cause = new IllegalStateException("line\n" + "🚚".repeat(5000), new IOException("disk"));
        manifest.fail(granted(manifest.claim(RUN, LEASE)), cause, Duration.ZERO);

        String reason = record(manifest).details().getOrDefault(RunRecord.REASON, "");
        assertThat(reason)
                .startsWith("java.lang.IllegalStateException: line 🚚")
                .doesNotContain("\n");
        assertThat(reason.codePointCount(0, reason.length())).isEqualTo(500);
    }

    @Test
    void aFailedRunWaitsForItsTimeAndAfterTheLastAttemptForAnOperator() {
        RunManifest manifest = manifest("a");
        Duration wait = Duration.ofMinutes(3);
        for (int attempt = 1; attempt <= 3; attempt++) {
            manifest.fail(granted(manifest.claim(RUN, LEASE)), new IOException("x"), wait);
            assertThat(record(manifest).attempts()).isEqualTo(attempt);
            if (attempt < 3) {
                assertThat(manifest.claim(RUN, LEASE))
                        .isEqualTo(new ClaimResult.NotYet(clock.instant().plus(wait)));
            }
            clock.advance(wait);
        }
        assertThat(manifest.claim(RUN, LEASE)).isEqualTo(new ClaimResult.Settled(record(manifest)));
        assertThat(manifest.pending(Stream.of(RUN))).isEmpty();

        assertThat(manifest.retry(RUN)).isTrue();
        assertThat(manifest.retry(RUN)).isFalse();
        assertThat(record(manifest).attempts()).isZero();
        granted(manifest.claim(RUN, LEASE));
    }

    @Test
    void aReleasedRunIsNewAndTheAttemptIsNotCounted() {
        RunManifest manifest = manifest("a");
        manifest.release(granted(manifest.claim(RUN, LEASE)));
        assertThat(record(manifest).state()).isEqualTo(RunState.NEW);
        assertThat(record(manifest).attempts()).isZero();
        assertThat(granted(manifest.claim(RUN, LEASE)).fence()).isEqualTo(3);
    }

    @Test
    void forgettingARunKeepsItsVersions() {
        RunManifest manifest = manifest("a");
        assertThat(manifest.forget(RUN)).isFalse();
        assertThat(manifest.find(RUN)).isEmpty();
        manifest.add(RUN);
        assertThat(manifest.forget(RUN)).isTrue();
        assertThat(manifest.forget(RUN)).isFalse();
        assertThat(record(manifest).version()).isEqualTo(2);
    }

    @Test
    void aClaimThatHasEndedCannotEndAgain() {
        RunManifest manifest = manifest("a");
        Claim claim = granted(manifest.claim(RUN, LEASE));
        manifest.commit(claim, Map.of());
        List<Consumer<Claim>> operations =
                List.of(manifest::renew, manifest::release, c -> manifest.commit(c, Map.of()));
        for (Consumer<Claim> operation : operations) {
            assertThatThrownBy(() -> operation.accept(claim))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("PROCESSED");
        }
        assertThat(record(manifest).version()).isEqualTo(2);
    }

    @Test
    void pendingAreTheRunsThatCouldBeClaimedNowInTheirOrder() {
        RunManifest manifest = manifest("a");
        List<RunId> runs =
                IntStream.range(0, 2500).mapToObj(i -> new RunId("run-" + i)).toList();
        manifest.add(runs.get(3));
        manifest.skip(runs.get(4), "why");
        manifest.fail(granted(manifest.claim(runs.get(5), LEASE)), new IOException("x"), Duration.ofMinutes(1));
        manifest.claim(runs.get(6), LEASE);
        manifest.claim(runs.get(1999), LEASE);
        manifest.fail(granted(manifest.claim(runs.get(7), LEASE)), new IOException("x"), Duration.ZERO);
        List<RunId> expected = new ArrayList<>(runs);
        expected.removeAll(List.of(runs.get(3), runs.get(4), runs.get(5), runs.get(6), runs.get(1999)));

        assertThat(manifest.pending(runs.stream())).containsExactlyElementsOf(expected);

        clock.advance(LEASE);
        assertThat(manifest.pending(runs.stream())).contains(runs.get(5), runs.get(6), runs.get(1999));
    }

    @Test
    void pendingAsksOncePerBatchAndReadsNoFurtherThanOneAhead() {
        FaultInjectingStore store = store();
        RunManifest manifest = manifest(store, "a");
        manifest.add(new RunId("run-0"));
        List<Integer> batches = new ArrayList<>();
        List<Operation> others = new ArrayList<>();
        store.before(call -> {
            if (call.operation() == Operation.FIND_ALL) {
                batches.add(call.runs().size());
            } else {
                others.add(call.operation());
            }
        });
        int[] furthest = {0, 0}; // how far the listing was read, and how far it was ahead of what came out
        Stream<RunId> listing =
                IntStream.range(0, 10_500).mapToObj(i -> new RunId("run-" + i)).peek(run -> furthest[0]++);
        int[] out = {1};
        manifest.pending(listing).forEach(run -> {
            assertThat(run.key()).isEqualTo("run-" + out[0]);
            furthest[1] = Math.max(furthest[1], furthest[0] - out[0]++);
        });

        assertThat(out[0]).isEqualTo(10_500);
        assertThat(batches).hasSize(11).allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(1000));
        assertThat(others).as("no time matters to what is new or done").isEmpty();
        assertThat(furthest[1]).isLessThanOrEqualTo(1001);
    }

    @Test
    void pendingOfAnEndlessListingGivesWhatIsAskedForAndIsClosedWithIt() {
        RunManifest manifest = manifest("a");
        boolean[] closed = {false};
        Stream<RunId> endless =
                Stream.iterate(0, i -> i + 1).map(i -> new RunId("run-" + i)).onClose(() -> closed[0] = true);
        try (Stream<RunId> pending = manifest.pending(endless)) {
            assertThat(pending.limit(1500)).hasSize(1500);
        }
        assertThat(closed[0]).isTrue();
    }

    @Test
    void theRecordsOfGivenRunsStandInTheirOrderAndOneWithoutARecordIsNew() {
        RunManifest manifest = manifest("a");
        RunId unknown = new RunId("unknown");
        manifest.add(RUN);
        assertThat(manifest.records(Stream.of(unknown, RUN)))
                .containsExactly(RunRecord.none(unknown), record(manifest));
        assertThat(manifest.records(RunRange.all())).containsExactly(record(manifest));
    }
}
