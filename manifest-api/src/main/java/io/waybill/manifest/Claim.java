package io.waybill.manifest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The right to process one run until its lease ends.
 *
 * <p>Granted by {@link RunManifest#claim}. {@link RunManifest#renew} lengthens it in place;
 * {@link RunManifest#commit}, {@link RunManifest#fail} and {@link RunManifest#release} end it. Safe for use by several
 * threads: operations on one claim take turns.
 */
public final class Claim {

    private final long fence;
    private final int attempts;
    private final LongSupplier nanoTime;
    private final Object losing = new Object(); // not this, which is locked while the store is asked
    private final List<Consumer<ClaimLostException>> onLost = new ArrayList<>(); // guarded by losing
    private volatile RunRecord record;
    private volatile long askedAt; // before the last lease was asked for, in the nanoseconds of nanoTime
    private volatile @Nullable ClaimLostException loss;
    // a write was sent and its answer has not come; guarded by this
    boolean inDoubt;
    // its end was made part of a transaction of the caller's, so it is not to be committed without one; guarded by this
    boolean leftToTransaction;

    Claim(RunRecord record, LongSupplier nanoTime, long askedAt) {
        this.fence = record.version();
        this.attempts = record.attempts();
        this.record = record;
        this.nanoTime = nanoTime;
        this.askedAt = askedAt;
    }

    /**
     * The run that may be processed.
     *
     * @return its id
     */
    public RunId run() {
        return record.id();
    }

    /**
     * A number greater than that of every earlier claim on this run, the same for the whole life of the claim. Where
     * output goes to a system that can refuse smaller numbers, a paused worker cannot overwrite its successor.
     *
     * @return the version at which the claim was granted
     */
    public long fence() {
        return fence;
    }

    /**
     * How many attempts of the run had failed when it was claimed, since it was new or an operator had it retried. Claims
     * that ran out or were released are not counted.
     *
     * @return zero or more
     */
    public int attempts() {
        return attempts;
    }

    /**
     * When the lease ends unless it is renewed, by the store's clock.
     *
     * @return the end of the lease
     */
    public Instant until() {
        return record.leaseUntil();
    }

    /**
     * For how long the lease surely holds, without asking anybody: counted on this process's monotonic clock from before
     * the lease, or its last renewal, was asked for. Nobody takes the run over in this time, unless an operator decides
     * on it or the store's clock jumps; so it bounds how long a step that cannot be fenced may take.
     *
     * @return what is left of the lease; zero when it may be over, or the claim has ended
     */
    public Duration remaining() {
        Duration left = record.lease().minusNanos(nanoTime.getAsLong() - askedAt);
        return left.isNegative() || isLost() ? Duration.ZERO : left;
    }

    /**
     * Whether the claim is known to be lost. False does not promise that it still holds: only the store decides that.
     *
     * @return true once an operation on the claim was refused
     */
    public boolean isLost() {
        return loss != null;
    }

    /**
     * Has an action run when the claim is found lost, such as to stop work that takes no notice of interrupts. It runs
     * once, on the thread whose operation was refused, often that of a heartbeat; at once if the claim is lost already.
     * What it throws there is logged and changes nothing.
     *
     * @param action told why; the exception names the winner
     */
    public void onLost(Consumer<ClaimLostException> action) {
        ClaimLostException why;
        synchronized (losing) {
            why = loss;
            if (why == null) {
                onLost.add(action);
                return;
            }
        }
        action.accept(why);
    }

    /** The record that this claim stands on, or the one that ended it. */
    RunRecord record() {
        return record;
    }

    boolean hasEnded() {
        return isLost() || record.state() != RunState.PROCESSING;
    }

    boolean endedAs(RunState state) {
        return state != RunState.PROCESSING && record.state() == state;
    }

    void advance(RunRecord next) {
        record = next;
        inDoubt = false;
    }

    /** Takes back what was advanced: whether it counts is decided when the transaction that it was written in ends. */
    void suspend(RunRecord before) {
        record = before;
        inDoubt = true;
    }

    /** Counts the lease from a moment before it was asked for. */
    void countFrom(long nanoTime) {
        askedAt = nanoTime;
    }

    /** Marks the claim as lost; true for the first who does, who is to run {@link #lossActions}. */
    boolean lose(ClaimLostException why) {
        synchronized (losing) {
            boolean first = loss == null;
            if (first) {
                loss = why;
            }
            return first;
        }
    }

    /** Who asked to be told of the loss, in their order; complete once the claim is lost. */
    List<Consumer<ClaimLostException>> lossActions() {
        synchronized (losing) {
            return List.copyOf(onLost);
        }
    }

    /** The run and the fence. */
    @Override
    public String toString() {
        return "claim %d on %s".formatted(fence, run());
    }
}
