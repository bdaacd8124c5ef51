package io.waybill.manifest;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps claims while they are worked on: renews them, and commits them as long as that may still count. */
final class ClaimKeeper implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ClaimKeeper.class);

    private final RunManifest manifest;
    private final Duration lease;
    private final ScheduledExecutorService heart;

    /** Keeps claims of that lease with as many threads as there are claims that must not wait for each other. */
    ClaimKeeper(RunManifest manifest, Duration lease, int threads) {
        this.manifest = manifest;
        this.lease = lease;
        this.heart = Executors.newScheduledThreadPool(threads, threads("waybill-heartbeat"));
    }

    /** Daemons with numbered names. */
    static ThreadFactory threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Renews the claim three times in each lease, until the answer is cancelled; tells when it turns out to be lost. */
    Future<?> beat(Claim claim, Runnable onLoss) {
        Duration pause = lease.dividedBy(3);
        // a claim that was long in coming has used up some of its lease already
        Duration first = claim.remaining().minus(pause).minus(pause);
        return heart.scheduleWithFixedDelay(
                () -> renew(claim, onLoss), first.toNanos(), Math.max(1, pause.toNanos()), TimeUnit.NANOSECONDS);
    }

    private void renew(Claim claim, Runnable onLoss) {
        try {
            manifest.renew(claim);
        } catch (ClaimLostException e) { // the listener knows
            onLoss.run();
        } catch (IllegalStateException e) { // it was committed or failed a moment ago: the last beat came too late
            log.trace("{} has ended", claim, e);
        } catch (Throwable e) { // whatever it is, the next beat may succeed, and must be made
            log.warn("{} could not be renewed, trying again", claim, e);
        }
    }

    /**
     * Commits; while the store does not answer, again until the lease, which heartbeats would have kept, could be over, or
     * somebody is in a hurry; then it is tried once more, as the hurry may be an interrupt that broke the last try.
     */
    void commit(Claim claim, Map<String, String> details, BooleanSupplier hurried) {
        long start = System.nanoTime();
        while (true) {
            boolean last = hurried.getAsBoolean();
            try {
                manifest.commit(claim, details);
                return;
            } catch (StoreUnavailableException | OutcomeUnknownException e) {
                if (last || System.nanoTime() - start > lease.toNanos()) {
                    throw e;
                }
                log.warn("{} could not be committed, trying again", claim, e);
                LockSupport.parkNanos(Math.min(lease.toNanos() / 20, TimeUnit.SECONDS.toNanos(1)));
            }
        }
    }

    /** Ends the beats without interrupts, as a store may break by them; a last beat may still have to say of a loss. */
    @Override
    public void close() {
        heart.shutdown();
        try {
            if (!heart.awaitTermination(5, TimeUnit.SECONDS)) {
                log.warn("a heartbeat waits for the store");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
