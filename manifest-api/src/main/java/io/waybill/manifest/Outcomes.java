package io.waybill.manifest;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the runs of one pass: each is claimed here, and the last word on its claim is said and counted here. Safe
 * for use by several threads.
 */
final class Outcomes {

    private static final Logger log = LoggerFactory.getLogger(RunProcessor.class); // the name that users know

    private final RunManifest manifest;
    private final RunProcessor settings;
    private final ClaimKeeper keeper;
    private final AtomicInteger processed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger undecided = new AtomicInteger();
    private volatile boolean ended;

    Outcomes(RunManifest manifest, RunProcessor settings, ClaimKeeper keeper) {
        this.manifest = manifest;
        this.settings = settings;
        this.keeper = keeper;
    }

    /** What a handler returned, as it was when it did. */
    static <K, V> Map<K, V> returned(@Nullable Map<K, V> map) {
        return Map.copyOf(Objects.requireNonNull(map, "the handler returned null, want a map, which may be empty"));
    }

    /** Whether no further run is to be claimed. */
    boolean ended() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /** Claims the run; counts why if that cannot be. */
    Optional<Claim> claim(RunId run) {
        ClaimResult answer;
        try {
            answer = manifest.claim(run, settings.lease());
        } catch (CorruptRecordException | OutcomeUnknownException e) { // this run's trouble, not the others'
            undecided(run, e);
            return Optional.empty();
        }
        if (answer instanceof ClaimResult.Granted granted) {
            return Optional.of(granted.claim());
        }
        refused.incrementAndGet();
        boolean passed = answer instanceof ClaimResult.Settled settled
                && settled.record().state().isDone();
        if (!passed) {
            endIfInOrder();
        }
        return Optional.empty();
    }

    /**
     * The word that the run is processed; that it failed, if its handler gave details that no record can hold, or ended the
     * claim in a transaction that does not stand.
     */
    RunState commit(Claim claim, Map<String, String> details, BooleanSupplier hurried) {
        try {
            keeper.commit(claim, details, hurried);
            return RunState.PROCESSED;
        } catch (IllegalArgumentException | LeftToTransactionException e) {
            return fail(claim, e);
        }
    }

    /** The word that the run failed. */
    RunState fail(Claim claim, Throwable cause) {
        manifest.fail(claim, cause, settings.retryAfter(claim.record().attempts()));
        log.warn("{} failed", claim, cause); // all of it: the record keeps a line
        return RunState.FAILED;
    }

    /** The word that the run was not processed, through no fault of its own. */
    RunState release(Claim claim) {
        manifest.release(claim);
        return RunState.NEW;
    }

    /** Has the last word on a claim said, unless it is lost or its handler has said it, and counts what the run is then. */
    void conclude(Claim claim, Supplier<RunState> word) {
        if (claim.isLost()) {
            lost();
            return;
        }
        try {
            count(word.get());
        } catch (ClaimLostException e) { // the listener knows
            lost();
        } catch (IllegalStateException e) {
            RunState state = claim.record().state();
            if (state == RunState.PROCESSING) { // its handler has not ended it: the trouble is another
                throw e;
            }
            count(state);
        } catch (ManifestException e) { // the lease runs out, and the run is taken over
            undecided(claim.run(), e);
        }
    }

    /** Counts a run; not one that was released, as it is as if nobody had claimed it. */
    private void count(RunState state) {
        if (state == RunState.PROCESSED) {
            processed.incrementAndGet();
            return;
        }
        if (state == RunState.FAILED) {
            failed.incrementAndGet();
        }
        endIfInOrder();
    }

    private void lost() {
        lost.incrementAndGet();
        endIfInOrder();
    }

    private void undecided(RunId run, ManifestException why) {
        undecided.incrementAndGet();
        endIfInOrder();
        manifest.tell(l -> l.undecided(run, why));
    }

    private void endIfInOrder() {
        if (settings.inOrder()) {
            ended = true;
        }
    }

    RunProcessor.Summary summary() {
        return new RunProcessor.Summary(processed.get(), failed.get(), lost.get(), refused.get(), undecided.get());
    }
}
