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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call of {@link RunProcessor#process}: its threads, its heartbeats and its counts. */
final class ProcessingPass {

    private final RunProcessor settings;
    private final RunHandler handler;
    private final Iterator<RunId> runs;

    private final ClaimKeeper keeper;
    private final Outcomes outcomes;
    private final ExecutorService workers;
    private final Set<Attempt> attempts = ConcurrentHashMap.newKeySet();
    private volatile boolean interrupted; // runs under way are given back
    private volatile @Nullable Throwable broken; // why no further run can be begun

    ProcessingPass(RunManifest manifest, RunProcessor settings, RunHandler handler, Iterator<RunId> runs) {
        this.settings = settings;
        this.handler = handler;
        this.runs = runs;
        this.keeper = new ClaimKeeper(manifest, settings.lease(), settings.parallelism());
        this.outcomes = new Outcomes(manifest, settings, keeper);
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
        return outcomes.summary();
    }

    private void awaitOrStop(CountDownLatch working) throws InterruptedException {
        try {
            working.await();
        } catch (InterruptedException e) {
            outcomes.end();
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
                outcomes.claim(run.get()).ifPresent(this::attempt);
            }
        } catch (Throwable e) { // the listing failed, or the store: carried over to the thread that called
            broken = e;
            outcomes.end();
        }
    }

    private synchronized Optional<RunId> next() {
        return !outcomes.ended() && runs.hasNext() ? Optional.of(runs.next()) : Optional.empty();
    }

    private void attempt(Claim claim) {
        Attempt attempt = new Attempt(claim, Thread.currentThread());
        attempts.add(attempt);
        Future<?> heartbeat = keeper.beat(claim, attempt::interrupt);
        try {
            outcomes.conclude(claim, handle(attempt));
        } finally {
            heartbeat.cancel(false);
            attempts.remove(attempt);
        }
    }

    /** Handles the run and tells the last word on its claim. */
    private Supplier<RunState> handle(Attempt attempt) {
        Claim claim = attempt.claim;
        try {
            Map<String, String> details = Outcomes.returned(attempt.handle());
            return () -> outcomes.commit(claim, details, () -> interrupted);
        } catch (Throwable e) { // whatever a handler throws is its run's failure and must not end the others
            return interrupted ? () -> outcomes.release(claim) : () -> outcomes.fail(claim, e);
        }
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
                if (stopped || interrupted) {
                    throw new InterruptedException("before the handler was called");
                }
                handling = true;
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
