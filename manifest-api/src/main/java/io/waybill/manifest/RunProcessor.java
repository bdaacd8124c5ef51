package io.waybill.manifest;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * The loop of a worker: claim a run, handle it, commit or fail it; several runs at a time, each claim renewed meanwhile.
 *
 * <p>A run that fails is recorded with the reason and never keeps another from being processed, unless the order was
 * asked for. A claim is renewed until its commit has been answered; the two take turns, so a lease may run out during a slow
 * commit, which counts all the same while nobody took over. Immutable and safe for use by several threads.
 */
public final class RunProcessor {

    /** How long a claim holds unless the builder says otherwise. */
    public static final Duration DEFAULT_LEASE = Duration.ofMinutes(10);

    private final RunManifest manifest;
    private final Duration lease;
    private final Duration retryAfter;
    private final Duration longestWait;
    private final Duration grace;
    private final int parallelism;
    private final boolean inOrder;

    private RunProcessor(Builder builder) {
        this.manifest = builder.manifest;
        this.lease = builder.lease;
        this.retryAfter = builder.retryAfter;
        this.longestWait = builder.longestWait;
        this.grace = builder.grace;
        this.parallelism = builder.parallelism;
        this.inOrder = builder.inOrder;
    }

    /**
     * Begins a processor.
     *
     * @param manifest the manifest to claim from
     * @return a builder
     */
    public static Builder builder(RunManifest manifest) {
        return new Builder(manifest);
    }

    /**
     * Claims and handles each of the given runs, in their order of listing, and returns when all have ended.
     *
     * <p>Feed it {@link RunManifest#pending}, or everything if runs must keep their order. The stream is read lazily, a
     * run at a time, on the threads that process, one of them at a time.
     *
     * @param runs the runs; closed at the end
     * @param handler what to do with each, called on several threads at once
     * @return what became of them
     * @throws InterruptedException if the calling thread was interrupted: no further run was begun; the handlers under
     *     way have finished within the grace, or they have been interrupted and have ended, and their claims were released
     * @throws ManifestException if the store cannot be worked with any more; the handlers under way have ended
     */
    public Summary process(Stream<RunId> runs, RunHandler handler) throws InterruptedException {
        try (runs) {
            return new ProcessingPass(manifest, this, handler, runs.iterator()).run();
        }
    }

    /**
     * Claims runs in batches, in their order of listing, and has each batch handled as one. When the handler returns, all
     * runs of its batch are committed; when it throws, all are failed. Each claim is renewed meanwhile.
     *
     * <p>The records are written one after the other: a worker that dies in between leaves a batch of which some runs are
     * processed, and the others are claimed again. So output must replace by run, or the handler commits the claims itself
     * in the transaction of its output.
     *
     * <p>A run that has failed before is handled in a batch of its own, so that one that cannot be processed takes others
     * with it once, and not until all of them need an operator.
     *
     * <p>Where one claim of a batch is lost while the handler works, the handler is interrupted, and the other runs are
     * released when it has thrown. There is one batch at a time, on the calling thread.
     *
     * @param runs the runs; closed at the end
     * @param size the most runs of a batch, from 1; there are fewer only where no more can be claimed
     * @param handler what to do with a batch
     * @return what became of the runs
     * @throws IllegalStateException if this processor has a parallelism of more than one, or a grace
     * @throws InterruptedException if the calling thread was interrupted: the handler has ended, and the claims it had not
     *     done were released
     * @throws ManifestException if the store cannot be worked with any more
     */
    public Summary processBatches(Stream<RunId> runs, int size, BatchHandler handler) throws InterruptedException {
        if (size < 1) {
            throw new IllegalArgumentException("a batch of %d runs, want 1 or more".formatted(size));
        }
        if (parallelism > 1 || !grace.isZero()) {
            throw new IllegalStateException(("parallelism is %d and the grace %s, want 1 and %s:"
                            + " there is one batch at a time, on the calling thread, which an interrupt reaches at once")
                    .formatted(parallelism, grace, Duration.ZERO));
        }
        try (runs) {
            return new BatchPass(manifest, this, handler, runs.iterator(), size).run();
        }
    }

    Duration lease() {
        return lease;
    }

    /** How long a run waits that has failed as often as that before. */
    Duration retryAfter(int failures) {
        Duration wait = retryAfter;
        for (int i = 0; i < failures && wait.compareTo(longestWait) < 0; i++) {
            wait = wait.plus(wait);
        }
        return wait.compareTo(longestWait) < 0 ? wait : longestWait;
    }

    Duration grace() {
        return grace;
    }

    int parallelism() {
        return parallelism;
    }

    boolean inOrder() {
        return inOrder;
    }

    /**
     * What became of the runs that were given to {@link RunProcessor#process}.
     *
     * @param processed committed
     * @param failed the handler threw, and the run is recorded as failed
     * @param lost the claim was lost while the run was handled
     * @param refused not claimed: held by another, settled, or not yet to be retried
     * @param undecided the store gave no answer; the run is claimable again when its lease has run out
     */
    public record Summary(int processed, int failed, int lost, int refused, int undecided) {}

    /** Builds a {@link RunProcessor}. Not safe for use by several threads. */
    public static final class Builder {

        private final RunManifest manifest;
        private Duration lease = DEFAULT_LEASE;
        private Duration retryAfter = Duration.ZERO;
        private Duration longestWait = Duration.ZERO;
        private Duration grace = Duration.ZERO;
        private int parallelism = 1;
        private boolean inOrder;

        private Builder(RunManifest manifest) {
            this.manifest = manifest;
        }

        /**
         * Sets how long a claim holds after each renewal; it is renewed three times in that time.
         *
         * @param lease from a millisecond to 365 days
         * @return this builder
         */
        public Builder lease(Duration lease) {
            RunManifest.requireLease(lease);
            this.lease = lease;
            return this;
        }

        /**
         * Sets how long a failed run waits for its next attempt; zero by default. How many attempts there are is the
         * manifest's: {@link RunManifest.Builder#maxAttempts}.
         *
         * @param retryAfter from zero to 365 days
         * @return this builder
         */
        public Builder retryAfter(Duration retryAfter) {
            return retryAfter(retryAfter, retryAfter);
        }

        /**
         * Sets how long a failed run waits for its next attempt: twice as long after each failure as after the one before.
         *
         * @param first after the first failure; from zero to 365 days
         * @param longest where the doubling ends; from {@code first} to 365 days
         * @return this builder
         */
        public Builder retryAfter(Duration first, Duration longest) {
            RunManifest.requireWait(first);
            RunManifest.requireWait(longest);
            if (longest.compareTo(first) < 0) {
                throw new IllegalArgumentException(
                        "the longest wait is %s, want no less than the first, %s".formatted(longest, first));
            }
            this.retryAfter = first;
            this.longestWait = longest;
            return this;
        }

        /**
         * Sets how long the handlers under way may go on after the calling thread was interrupted, such as by a shutdown hook
         * at SIGTERM; zero by default. Those that finish in that time are committed. The others are then interrupted, and
         * their claims released when they have ended; a second interrupt of the calling thread cuts the grace short.
         *
         * @param grace from zero to 365 days; less than what a process is given to end
         * @return this builder
         */
        public Builder grace(Duration grace) {
            RunManifest.requireWait(grace);
            this.grace = grace;
            return this;
        }

        /**
         * Sets how many runs are handled at a time; one by default.
         *
         * @param parallelism 1 or more
         * @return this builder
         */
        public Builder parallelism(int parallelism) {
            if (parallelism < 1) {
                throw new IllegalArgumentException("parallelism is " + parallelism + ", want 1 or more");
            }
            this.parallelism = parallelism;
            return this;
        }

        /**
         * Keeps the order: one run at a time, and none is begun while an earlier one is not done. The pass ends at the
         * first run that fails, is held by another or waits for its time; runs that are processed or skipped are passed.
         *
         * @return this builder
         */
        public Builder inOrder() {
            this.inOrder = true;
            return this;
        }

        /**
         * The processor.
         *
         * @return a processor with these settings
         */
        public RunProcessor build() {
            if (inOrder && parallelism > 1) {
                throw new IllegalArgumentException(
                        "parallelism is %d, want 1: runs in order are processed one at a time".formatted(parallelism));
            }
            return new RunProcessor(this);
        }
    }
}
