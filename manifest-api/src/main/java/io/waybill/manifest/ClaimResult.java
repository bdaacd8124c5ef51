package io.waybill.manifest;

import java.time.Instant;

/** The answer to {@link RunManifest#claim}. A refusal is an ordinary answer and says why. */
public sealed interface ClaimResult {

    /**
     * The run is the caller's until the lease ends.
     *
     * @param claim the right to process it
     */
    record Granted(Claim claim) implements ClaimResult {}

    /**
     * Another worker holds a live claim.
     *
     * @param by that worker's name
     * @param until when its lease ends unless it is renewed, by the store's clock
     */
    record Held(String by, Instant until) implements ClaimResult {}

    /**
     * There is nothing to wait for: the run is processed, skipped, or has failed for good and needs an operator's
     * {@link RunManifest#retry}.
     *
     * @param record what stands in the manifest
     */
    record Settled(RunRecord record) implements ClaimResult {}

    /**
     * The run may be claimed again later: it failed and waits for its time, or others contend for it just now.
     *
     * @param retryAt from when on it may be claimed, by the store's clock
     */
    record NotYet(Instant retryAt) implements ClaimResult {}
}
