package io.waybill.manifest.inmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the loop of a worker hands out, what it takes back, and what it tells. */
class RunProcessorTest extends ProcessingTrial {

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
