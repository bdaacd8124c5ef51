package io.waybill.manifest.inmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.ManifestException;
import io.waybill.manifest.ManifestListener;
import io.waybill.manifest.RunHandler;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunProcessor.Summary;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.tck.FaultInjectingStore;
import io.waybill.manifest.tck.ManualClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * The loop of a worker, over a store whose clock stands still. The heart beats in real time, every third of a lease: a
 * test that wants beats asks for a short lease, and waits for the versions that they write.
 */
@Timeout(120)
abstract class ProcessingTrial {

    static final Duration LONG = Duration.ofMinutes(10);
    static final Duration SHORT = Duration.ofMillis(60); // a beat each 20 ms

    static final RunId A = new RunId("run-a");
    static final RunId B = new RunId("run-b");
    static final RunId C = new RunId("run-c");

    final ManualClock clock = new ManualClock();
    final FaultInjectingStore faults = new FaultInjectingStore(new InMemoryRunManifestStore(clock), clock);
    final WatchedStore store = new WatchedStore(faults);
    final Queue<String> events = new ConcurrentLinkedQueue<>();
    final RunManifest manifest = RunManifest.builder(store)
            .owner("worker")
            .maxAttempts(2)
            .listener(new Recorder(events))
            .build();
    final RunManifest rival =
            RunManifest.builder(faults).owner("rival").maxAttempts(2).build();

    ProcessingTrial() {
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

    RunProcessor processor() {
        return processor(p -> p);
    }

    RunProcessor processor(UnaryOperator<RunProcessor.Builder> settings) {
        return settings.apply(RunProcessor.builder(manifest).lease(LONG)).build();
    }

    Summary process(RunHandler handler, RunId... runs) throws InterruptedException {
        return processor().process(Stream.of(runs), handler);
    }

    RunRecord record(RunId run) {
        return faults.find(run).orElseThrow();
    }

    static Claim granted(ClaimResult result) {
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).claim();
    }

    static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(30, TimeUnit.SECONDS)).as("waited in vain").isTrue();
    }

    /** Waits for an interrupt. */
    static void forever() throws InterruptedException {
        await(new CountDownLatch(1));
    }

    /** What a thread that processes throws when it is interrupted at a certain moment. */
    static @Nullable Throwable interrupted(CountDownLatch moment, ThrowingCallable processing) throws Exception {
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

    /** Has the store take no success. */
    void noCommitArrives() {
        store.beforePut(record -> {
            if (record.state() == RunState.PROCESSED) {
                throw new StoreUnavailableException("injected");
            }
        });
    }

    static Stream<Throwable> whatAStoreShouldNotThrow() {
        return Stream.of(new IllegalArgumentException("a bug"), new NoClassDefFoundError("a/B"));
    }

    /** Writes each event down. */
    record Recorder(Queue<String> events) implements ManifestListener {

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
}
