package io.waybill.manifest;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of {@link RunProcessor#process}: its threads, its heartbeats and its counts. */
final class ProcessingPass {

    private static final Logger log = LoggerFactory.getLogger(ProcessingPass.class);

    private final RunManifest manifest;
    private final RunProcessor settings;
    private final RunHandler handler;
    private final Iterator<RunId> runs;

    private final ClaimKeeper keeper;
    private final ExecutorService workers;
    private final Set<Attempt> attempts = ConcurrentHashMap.newKeySet();
    private final AtomicInteger processed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger undecided = new AtomicInteger();
    private volatile boolean ended; // no further run is begun
    private volatile boolean interrupted; // and those under way are given back
    private volatile @Nullable Throwable broken; // why no further run can be begun

    ProcessingPass(RunManifest manifest, RunProcessor settings, RunHandler handler, Iterator<RunId> runs) {
        this.manifest = manifest;
        this.settings = settings;
        this.handler = handler;
        this.runs = runs;
        this.keeper = new ClaimKeeper(manifest, settings.lease(), settings.parallelism());
        this.workers = Executors.newFixedThreadPool(settings.parallelism(), ClaimKeeper.threads("waybill-worker"));
    }

    RunProcessor.Summary run() throws InterruptedException {
        CountDownLatch working = new CountDownLatch(settings.parallelism());
        try {
            for (int i = 0; i < settings.parallelism(); i++) {
                workers.execute(() -> {
                    try {
                        work();
                    } finally {
                        working.countDown();
                    }
                });
            }
            awaitOrStop(working);
        } finally {
            workers.shutdown();
            keeper.close();
        }
        throwIfBroken();
        return new RunProcessor.Summary(processed.get(), failed.get(), lost.get(), refused.get(), undecided.get());
    }

    private void awaitOrStop(CountDownLatch working) throws InterruptedException {
        try {
            working.await();
        } catch (InterruptedException e) {
            ended = true;
            if (!finishInGrace(working)) {
                interrupted = true;
                attempts.forEach(Attempt::interrupt);
                working.await(); // one more interrupt leaves the claims to their leases
            }
            throw e;
        }
    }

    private boolean finishInGrace(CountDownLatch working) {
        try {
            return working.await(settings.grace().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) { // whoever asked is in a hurry
            return false;
        }
    }

    private void throwIfBroken() {
        Throwable cause = broken;
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
    }

    private void work() {
        try {
            for (Optional<RunId> run = next(); run.isPresent(); run = next()) {
                process(run.get());
            }
        } catch (Throwable e) { // the listing failed, or the store: carried over to the thread that called
            broken = e;
            ended = true;
        }
    }

    private synchronized Optional<RunId> next() {
        return !ended && runs.hasNext() ? Optional.of(runs.next()) : Optional.empty();
    }

    private void process(RunId run) {
        ClaimResult answer;
        try {
            answer = manifest.claim(run, settings.lease());
        } catch (CorruptRecordException | OutcomeUnknownException e) { // this run's trouble, not the others'
            undecided(run, e);
            return;
        }
        if (answer instanceof ClaimResult.Granted granted) {
            attempt(granted.claim());
        } else {
            refused.incrementAndGet();
            boolean passed = answer instanceof ClaimResult.Settled settled
                    && settled.record().state().isDone();
            if (!passed) {
                endIfInOrder();
            }
        }
    }

    private void endIfInOrder() {
        if (settings.inOrder()) {
            ended = true;
        }
    }

    private void attempt(Claim claim) {
        Attempt attempt = new Attempt(claim, Thread.currentThread());
        attempts.add(attempt);
        Future<?> heartbeat = keeper.beat(claim, attempt::interrupt);
        boolean done = false;
        try {
            done = finish(claim, attempt);
        } catch (ClaimLostException e) { // the listener knows
            lost.incrementAndGet();
        } catch (IllegalStateException e) {
            done = endedByHandler(claim, e);
        } catch (ManifestException e) { // the lease runs out, and the run is taken over
            undecided(claim.run(), e);
        } finally {
            heartbeat.cancel(false);
            attempts.remove(attempt);
            if (!done) {
                endIfInOrder();
            }
        }
    }

    /** Counts a claim that its handler committed, failed or released itself; true if the run is processed. */
    private boolean endedByHandler(Claim claim, IllegalStateException refusal) {
        switch (claim.record().state()) {
            case PROCESSED -> processed.incrementAndGet();
            case FAILED -> failed.incrementAndGet();
            case NEW -> log.debug("{} was released by its handler", claim);
            case PROCESSING, SKIPPED -> throw refusal; // it has not ended: the trouble is another
        }
        return claim.record().state() == RunState.PROCESSED;
    }

    /** Handles the run and records what became of it; true if it is processed. */
    private boolean finish(Claim claim, Attempt attempt) {
        Map<String, String> details;
        try {
            details = Map.copyOf(attempt.handle());
        } catch (Throwable e) { // whatever a handler throws is its run's failure and must not end the others
            if (claim.isLost()) {
                lost.incrementAndGet();
            } else if (interrupted) {
                manifest.release(claim);
            } else {
                fail(claim, e);
            }
            return false;
        }
        try {
            keeper.commit(claim, details, () -> interrupted);
        } catch (IllegalArgumentException e) { // the handler gave details that no record can hold
            fail(claim, e);
            return false;
        }
        processed.incrementAndGet();
        return true;
    }

    private void fail(Claim claim, Throwable cause) {
        manifest.fail(claim, cause, settings.retryAfter(claim.record().attempts()));
        failed.incrementAndGet();
    }

    private void undecided(RunId run, ManifestException why) {
        undecided.incrementAndGet();
        endIfInOrder();
        manifest.tell(l -> l.undecided(run, why));
    }

    /** A claim and the thread that handles it, which may be interrupted while it is in the handler and not elsewhere. */
    private final class Attempt {

        final Claim claim;
        private final Thread thread;
        private boolean handling; // guarded by this
        private boolean stopped; // guarded by this

        Attempt(Claim claim, Thread thread) {
            this.claim = claim;
            this.thread = thread;
        }

        Map<String, String> handle() throws Exception {
            synchronized (this) {
                handling = true;
                if (stopped || interrupted) {
                    thread.interrupt();
                }
            }
            try {
                return handler.handle(claim);
            } finally {
                synchronized (this) {
                    handling = false;
                    Thread.interrupted(); // meant for the handler: a store may break when its caller is interrupted
                }
            }
        }

        synchronized void interrupt() {
            stopped = true;
            if (handling) {
                thread.interrupt();
            }
        }
    }
}
