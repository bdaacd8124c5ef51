package io.waybill.manifest.inmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.waybill.manifest.RunHandler;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the runs under way when the thread that processes is interrupted. */
class InterruptedProcessingTest extends ProcessingTrial {

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

    /** Waits until a thread that processes no more waits for its runs, but for the grace to pass; or has ended. */
    private static void awaitGrace(Thread caller) {
        while (caller.isAlive() && caller.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }
}
