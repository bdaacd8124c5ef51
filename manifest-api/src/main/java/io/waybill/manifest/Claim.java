package io.waybill.manifest;

import java.time.Instant;

/**
 * The right to process one run until its lease ends.
 *
 * <p>Granted by {@link RunManifest#claim}. {@link RunManifest#renew} lengthens it in place;
 * {@link RunManifest#commit}, {@link RunManifest#fail} and {@link RunManifest#release} end it. Safe for use by several
 * threads: operations on one claim take turns.
 */
public final class Claim {

    private final long fence;
    private volatile RunRecord record;
    // a write was sent and its answer has not come; guarded by this
    boolean inDoubt;

    private volatile boolean lost;

    Claim(RunRecord record) {
        this.fence = record.version();
        this.record = record;
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
     * When the lease ends unless it is renewed, by the store's clock.
     *
     * @return the end of the lease
     */
    public Instant until() {
        return record.leaseUntil();
    }

    /**
     * Whether the claim is known to be lost. False does not promise that it still holds: only the store decides that.
     *
     * @return true once an operation on the claim was refused
     */
    public boolean isLost() {
        return lost;
    }

    /** The record that this claim stands on, or the one that ended it. */
    RunRecord record() {
        return record;
    }

    boolean hasEnded() {
        return lost || record.state() != RunState.PROCESSING;
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

    /** Marks the claim as lost; true for the first who does. */
    synchronized boolean lose() {
        boolean first = !lost;
        lost = true;
        return first;
    }

    /** The run and the fence. */
    @Override
    public String toString() {
        return "claim %d on %s".formatted(fence, run());
    }
}
