package io.waybill.manifest.tck;

import static io.waybill.manifest.tck.FaultInjectingStore.Operation.COMPARE_AND_PUT;
import static io.waybill.manifest.tck.FaultInjectingStore.Operation.FIND;
import static io.waybill.manifest.tck.FaultInjectingStore.Operation.LIST;
import static io.waybill.manifest.tck.FaultInjectingStore.Operation.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.FaultInjectingStore.Fault;
import io.waybill.manifest.tck.FaultInjectingStore.Operation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guarantee 7: what the manifest says when the store's answers do not arrive. */
abstract class LostAnswersContract extends RunManifestContract {

    LostAnswersContract() {}

    /** Each operation that writes. */
    enum Writing {
        ADD,
        CLAIM,
        RENEW,
        COMMIT,
        FAIL,
        RELEASE,
        SKIP,
        RETRY,
        FORGET
    }

    /** A run that an operation can be tried on, and asked again. */
    private final class Trial {

        final FaultInjectingStore store;
        private final RunManifest manifest;
        private final Writing writing;
        private final RunId run;
        private final @Nullable Claim claim;

        Trial(RunManifestStore behind, Writing writing, String run) {
            this.store = new FaultInjectingStore(behind, clock);
            this.manifest = manifest(store, "a");
            this.writing = writing;
            this.run = new RunId(run);
            this.claim = switch (writing) { // brings the run to where the operation finds it
                case ADD, CLAIM, SKIP -> null;
                case RENEW, COMMIT, FAIL, RELEASE, RETRY, FORGET -> granted(manifest.claim(this.run, LEASE));
            };
            if (writing == Writing.RETRY) {
                manifest.fail(claim(), new IOException("x"), Duration.ZERO);
            } else if (writing == Writing.FORGET) {
                manifest.commit(claim(), Map.of());
            }
        }

        private Claim claim() {
            return Optional.ofNullable(claim).orElseThrow();
        }

        /** Does what is tried; returns what it says, without what differs from run to run. */
        Object ask() {
            return switch (writing) {
                case ADD -> manifest.add(run);
                case SKIP -> manifest.skip(run, "not wanted");
                case RETRY -> manifest.retry(run);
                case FORGET -> manifest.forget(run);
                case CLAIM -> {
                    ClaimResult answer = manifest.claim(run, LEASE);
                    yield answer instanceof ClaimResult.Granted granted
                            ? List.of(granted.claim().fence(), granted.claim().until())
                            : answer;
                }
                case RENEW -> {
                    manifest.renew(claim());
                    yield claim().until();
                }
                case COMMIT -> {
                    manifest.commit(claim(), Map.of("events", "7"));
                    yield "committed";
                }
                case FAIL -> {
                    manifest.fail(claim(), new IOException("disk full"), Duration.ofMinutes(3));
                    yield "failed";
                }
                case RELEASE -> {
                    manifest.release(claim());
                    yield "released";
                }
            };
        }

        /** What is stored, without what names this run and its writer's chance. */
        RunRecord stored() {
            RunRecord r = store.find(run).orElseGet(() -> RunRecord.none(run));
            return new RunRecord(
                    RUN,
                    r.version(),
                    r.state(),
                    r.owner(),
                    r.token().isEmpty() ? "" : "token",
                    r.at(),
                    r.lease(),
                    r.attempts(),
                    r.retryAt(),
                    r.details());
        }
    }

    @ParameterizedTest
    @EnumSource
    void g7OneToThreeLostAnswersGiveTheSameResultAndTheSameRecordAsNone(Writing writing) {
        RunManifestStore behind = created();
        Trial good = new Trial(behind, writing, "none lost");
        Object result = good.ask();
        List<List<Fault>> combinations = new ArrayList<>(losses(Fault.LOST_BEFORE, Fault.LOST_AFTER, 3));
        combinations.addAll(losses(Fault.LATE, Fault.SENT_TWICE, 2));
        for (List<Fault> faults : combinations) {
            Trial trial = new Trial(behind, writing, faults.toString());
            trial.store.on(COMPARE_AND_PUT, faults.toArray(Fault[]::new));

            assertThat(trial.ask()).as("the result after %s", faults).isEqualTo(result);
            assertThat(trial.stored()).as("the record after %s", faults).isEqualTo(good.stored());
        }
    }

    /**
     * All sequences of two faults, up to a length. After the second fault there is none: the write was carried out by then,
     * which the look after it tells, and so it is not sent again.
     */
    private static List<List<Fault>> losses(Fault notDone, Fault done, int longest) {
        List<List<Fault>> all = new ArrayList<>();
        List<Fault> before = new ArrayList<>();
        for (int length = 1; length <= longest; length++) {
            List<Fault> last = new ArrayList<>(before);
            last.add(done);
            before.add(notDone);
            all.add(last);
            all.add(List.copyOf(before));
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void g7BeyondTheRetriesTheOutcomeIsUnknownAndAskingAgainDoesWhatWasNotDone(Writing writing) {
        RunManifestStore behind = created();
        Trial good = new Trial(behind, writing, "none lost");
        Object result = good.ask();
        Trial trial = new Trial(behind, writing, "all lost");
        RunRecord before = trial.stored();
        trial.store.plan(call -> call.operation() == COMPARE_AND_PUT ? Fault.LOST_BEFORE : Fault.NONE);

        assertThatThrownBy(trial::ask)
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("run all lost")
                .hasMessageContaining("ask again");
        assertThat(trial.stored()).isEqualTo(before);

        trial.store.plan(call -> Fault.NONE);
        assertThat(trial.ask()).isEqualTo(result);
        assertThat(trial.stored()).isEqualTo(good.stored());
    }

    @ParameterizedTest
    @EnumSource
    void g7WhatNobodyKnowsIsNeverReportedAndAskingAgainTellsThatItWasDone(Writing writing) {
        RunManifestStore behind = created();
        Trial good = new Trial(behind, writing, "none lost");
        Object result = good.ask();
        Trial trial = new Trial(behind, writing, "done");
        trial.store.on(COMPARE_AND_PUT, Fault.LOST_AFTER);
        trial.store.before(call -> {
            if (call.operation() == COMPARE_AND_PUT) {
                trial.store.on(FIND, Fault.LOST_AFTER); // the look after the write, not the one before it
            }
        });

        assertThatThrownBy(trial::ask)
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("run done");
        assertThat(trial.stored()).isEqualTo(good.stored());

        trial.store.before(call -> {});
        Instant until = clock.instant().plus(LEASE);
        switch (writing) {
            case ADD, SKIP, RETRY, FORGET -> assertThat(trial.ask()).isEqualTo(false);
            case CLAIM -> assertThat(trial.ask()).isEqualTo(new ClaimResult.Held("a", until));
            case RENEW, COMMIT, FAIL, RELEASE -> assertThat(trial.ask()).isEqualTo(result);
        }
        // only a renewal may be carried out twice
        assertThat(trial.stored().version()).isEqualTo(good.stored().version() + (writing == Writing.RENEW ? 1 : 0));
        assertThat(trial.stored().state()).isEqualTo(good.stored().state());
    }

    /** What reads, or makes the table; by the store's operation that it is answered by. */
    private static Object ask(RunManifest manifest, Operation operation) {
        return switch (operation) {
            case CREATE -> {
                manifest.create();
                yield "created";
            }
            case FIND -> List.of(manifest.contains(RUN), manifest.find(RUN));
            case FIND_ALL -> manifest.records(Stream.of(RUN)).toList();
            case LIST -> manifest.records(RunRange.all()).toList();
            case NOW -> manifest.claim(RUN, LEASE);
            case COMPARE_AND_PUT -> throw new IllegalArgumentException("a write");
        };
    }

    @ParameterizedTest
    @EnumSource(names = "COMPARE_AND_PUT", mode = EnumSource.Mode.EXCLUDE)
    void g7AnAnswerThatDoesNotArriveIsAnErrorAndNeverAnAnswer(Operation operation) {
        FaultInjectingStore store = store();
        RunManifest manifest = manifest(store, "a");
        manifest.skip(RUN, "why");
        RunRecord before = record(manifest);
        Object answer = ask(manifest, operation);

        store.on(operation, Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.UNAVAILABLE);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> ask(manifest, operation)).isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(ask(manifest, operation)).isEqualTo(answer);
        assertThat(record(manifest)).isEqualTo(before);
    }

    @Test
    void g7AListThatBreaksOffIsAnErrorAndNotAShorterList() {
        FaultInjectingStore store = store();
        RunManifest manifest = manifest(store, "a");
        List.of("a", "b", "c").forEach(key -> manifest.add(new RunId(key)));
        store.on(LIST, Fault.CUT_SHORT);
        List<String> read = new ArrayList<>();
        try (Stream<RunRecord> records = manifest.records(RunRange.all())) {
            assertThatThrownBy(() -> records.forEach(r -> read.add(r.id().key())))
                    .isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(read).containsExactly("a");
        assertThat(manifest.records(RunRange.all())).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void g7AStoreWhoseClockDoesNotAnswerIsWrittenNothing(Writing writing) {
        RunManifestStore behind = created();
        Trial good = new Trial(behind, writing, "good");
        Object result = good.ask();
        Trial trial = new Trial(behind, writing, "no clock");
        RunRecord before = trial.stored();
        trial.store.on(NOW, Fault.LOST_AFTER);

        assertThatThrownBy(trial::ask).isInstanceOf(StoreUnavailableException.class);

        assertThat(trial.stored()).isEqualTo(before);
        assertThat(trial.ask()).isEqualTo(result);
        assertThat(trial.stored()).isEqualTo(good.stored());
    }

    @ParameterizedTest
    @EnumSource
    void g7AnUnavailableStoreSaysSoAndNothingIsWritten(Writing writing) {
        RunManifestStore behind = created();
        Trial good = new Trial(behind, writing, "good");
        Object result = good.ask();
        Trial trial = new Trial(behind, writing, "throttled");
        RunRecord before = trial.stored();
        trial.store.on(COMPARE_AND_PUT, Fault.UNAVAILABLE);

        assertThatThrownBy(trial::ask).isInstanceOf(StoreUnavailableException.class);

        assertThat(trial.stored()).isEqualTo(before);
        assertThat(trial.ask()).isEqualTo(result);
        assertThat(trial.stored()).isEqualTo(good.stored());
    }

    @Test
    void g7AnUnknownOutcomeStaysUnknownWhateverASecondTryMeets() {
        FaultInjectingStore store = store();
        RunManifest manifest = manifest(store, "a");

        store.on(COMPARE_AND_PUT, Fault.LOST_BEFORE, Fault.UNAVAILABLE);

        assertThatThrownBy(() -> manifest.add(RUN)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(manifest.find(RUN)).isEmpty();
        assertThat(manifest.add(RUN)).isTrue();
    }

    @Test
    void g7AWriteThatArrivesAfterItsSenderGaveUpCountsOnceOrNotAtAll() {
        FaultInjectingStore store = store();
        RunManifest a = manifest(store, "a");
        RunManifest b = manifest(store, "b");
        Claim claim = granted(a.claim(RUN, LEASE));
        store.on(COMPARE_AND_PUT, Fault.LATE);
        store.on(FIND, Fault.UNAVAILABLE);
        assertThatThrownBy(() -> a.commit(claim, Map.of("events", "7"))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(b.contains(RUN)).isFalse();

        clock.advance(LEASE);
        // the commit arrives before the takeover, which then finds the run processed
        assertThat(b.claim(RUN, LEASE)).isInstanceOf(ClaimResult.Settled.class);
        a.commit(claim, Map.of("events", "7"));
        assertThat(record(b).version()).isEqualTo(2);
        assertThat(record(b).details()).containsExactly(Map.entry("events", "7"));
    }

    @Test
    void g7AfterACommitOfUnknownOutcomeAFailureCannotUndoIt() {
        FaultInjectingStore store = store();
        RunManifest manifest = manifest(store, "a");
        Claim claim = granted(manifest.claim(RUN, LEASE));
        store.on(COMPARE_AND_PUT, Fault.LOST_AFTER);
        store.on(FIND, Fault.UNAVAILABLE);
        assertThatThrownBy(() -> manifest.commit(claim, Map.of())).isInstanceOf(OutcomeUnknownException.class);

        assertThatThrownBy(() -> manifest.fail(claim, new IOException("x"), Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PROCESSED");

        assertThat(manifest.contains(RUN)).isTrue();
        assertThat(claim.isLost()).isFalse();
    }

    // every loop ends

    @ParameterizedTest
    @EnumSource(names = {"ADD", "CLAIM", "SKIP"})
    void aDecisionThatOthersAlwaysPrecedeIsGivenUp(Writing writing) {
        RunManifestStore behind = created();
        Trial trial = new Trial(behind, writing, "contended");
        RunManifest rival = manifest(new FaultInjectingStore(behind, clock), "rival");
        AtomicInteger writes = new AtomicInteger();
        trial.store.before(call -> {
            if (call.operation() == COMPARE_AND_PUT) {
                assertThat(writes.incrementAndGet()).as("tries").isLessThan(20);
                RunId run = new RunId("contended");
                rival.release(granted(rival.claim(run, LEASE)));
            }
        });
        if (writing == Writing.CLAIM) {
            assertThat(trial.ask()).isEqualTo(new ClaimResult.NotYet(clock.instant()));
        } else {
            assertThatThrownBy(trial::ask)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("run contended")
                    .hasMessageContaining("other writers were faster");
        }
        assertThat(trial.stored().owner()).isEqualTo("rival");
        assertThat(writes).hasValueGreaterThan(1);
    }
}
