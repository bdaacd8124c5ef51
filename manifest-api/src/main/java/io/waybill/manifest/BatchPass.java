package io.waybill.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call of {@link RunProcessor#processBatches}: its batches and their heartbeats. */
final class BatchPass {

    private static final int HEARTBEATS = 4; // at a time: one that the store keeps waiting must not stop all others

    private final RunManifest manifest;
    private final RunProcessor settings;
    private final BatchHandler handler;
    private final Iterator<RunId> runs;
    private final int size;
    private boolean interrupted; // by another than us: no further run is claimed

    BatchPass(RunManifest manifest, RunProcessor settings, BatchHandler handler, Iterator<RunId> runs, int size) {
        this.manifest = manifest;
        this.settings = settings;
        this.handler = handler;
        this.runs = runs;
        this.size = size;
    }

    RunProcessor.Summary run() throws InterruptedException {
        try (ClaimKeeper keeper = new ClaimKeeper(manifest, settings.lease(), Math.min(size, HEARTBEATS))) {
            Outcomes outcomes = new Outcomes(manifest, settings, keeper);
            Optional<Batch> next = Optional.empty();
            while (next.isPresent() || goesOn(outcomes)) {
                next = next.orElseGet(() -> new Batch(keeper, outcomes)).run();
            }
            if (interrupted) {
                throw new InterruptedException("interrupted between batches, or a handler was");
            }
            return outcomes.summary();
        }
    }

    private boolean goesOn(Outcomes outcomes) {
        return !interrupted && !outcomes.ended() && runs.hasNext();
    }

    /** Whether somebody has asked the calling thread to end: taken note of here, as a store may break by an interrupt. */
    private boolean isInterrupted() {
        interrupted |= Thread.interrupted();
        return interrupted;
    }

    /** Some claims that have one fate. A run that has failed before is on its own, so that it cannot fail others for ever. */
    private final class Batch {

        private final ClaimKeeper keeper;
        private final Outcomes outcomes;
        private final Thread thread = Thread.currentThread();
        private final List<Claim> claims = new ArrayList<>();
        private final List<Future<?>> heartbeats = new ArrayList<>();
        private @Nullable Batch next; // of a run that was claimed with these, and has failed before
        private boolean handling; // guarded by this
        private boolean broken; // a claim is lost; guarded by this

        Batch(ClaimKeeper keeper, Outcomes outcomes) {
            this.keeper = keeper;
            this.outcomes = outcomes;
        }

        /** Claims runs, unless it has one already, and handles them; answers the batch that is begun, if there is one. */
        Optional<Batch> run() throws InterruptedException {
            try {
                if (claims.isEmpty()) {
                    claim();
                }
                process();
                if (next != null && (interrupted || outcomes.ended())) {
                    next.giveBack();
                    return Optional.empty();
                }
                return Optional.ofNullable(next);
            } finally {
                heartbeats.forEach(heartbeat -> heartbeat.cancel(false));
            }
        }

        private void claim() throws InterruptedException {
            try {
                while (claims.size() < size && !hasFailedBefore() && next == null && goesOn(outcomes)) {
                    outcomes.claim(runs.next()).ifPresent(this::take);
                    isInterrupted();
                }
            } catch (RuntimeException | Error e) { // the store or the listing failed
                boolean byInterrupt = isInterrupted();
                try {
                    giveBack();
                } catch (RuntimeException another) {
                    e.addSuppressed(another);
                }
                if (byInterrupt) {
                    throw (InterruptedException)
                            new InterruptedException("interrupted while runs were claimed").initCause(e);
                }
                throw e;
            }
        }

        private void take(Claim claim) {
            if (claims.isEmpty() || claim.attempts() == 0) {
                keep(claim);
            } else {
                next = new Batch(keeper, outcomes);
                next.keep(claim);
            }
        }

        private boolean hasFailedBefore() {
            return claims.stream().anyMatch(claim -> claim.attempts() > 0);
        }

        private void keep(Claim claim) {
            claims.add(claim);
            heartbeats.add(keeper.beat(claim, this::breakUp));
        }

        /** Interrupts the handler, should it be at work. */
        private synchronized void breakUp() {
            broken = true;
            if (handling) {
                thread.interrupt();
            }
        }

        private void process() {
            if (claims.isEmpty()) {
                return;
            }
            Map<RunId, Map<String, String>> details = new HashMap<>();
            try {
                Outcomes.returned(handle()).forEach((run, own) -> details.put(run, Map.copyOf(own)));
            } catch (Throwable e) { // whatever a handler throws is its runs' failure and must not end the others
                if (interrupted || isBroken()) {
                    giveBack();
                } else {
                    conclude(claim -> outcomes.fail(claim, e));
                }
                return;
            }
            conclude(claim ->
                    outcomes.commit(claim, details.getOrDefault(claim.run(), Map.of()), BatchPass.this::isInterrupted));
        }

        private void giveBack() {
            conclude(outcomes::release);
            heartbeats.forEach(heartbeat -> heartbeat.cancel(false));
        }

        private void conclude(Function<Claim, RunState> word) {
            for (Claim claim : claims) {
                isInterrupted();
                outcomes.conclude(claim, () -> word.apply(claim));
            }
        }

        private Map<RunId, Map<String, String>> handle() throws Exception {
            synchronized (this) {
                if (broken || interrupted) {
                    throw new InterruptedException("before the handler was called");
                }
                handling = true;
            }
            try {
                return handler.handle(List.copyOf(claims));
            } catch (InterruptedException e) {
                interrupted |= !isBroken();
                throw e;
            } finally {
                synchronized (this) {
                    handling = false;
                    interrupted |= Thread.interrupted() && !broken; // a store may break when its caller is interrupted
                }
            }
        }

        /** Whether a claim is lost, also if its heartbeat has not come to say so: an action on its loss comes first. */
        private synchronized boolean isBroken() {
            return broken || claims.stream().anyMatch(Claim::isLost);
        }
    }
}
