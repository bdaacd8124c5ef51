package io.waybill.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/** One call of {@link RunProcessor#processBatches}: its batches and their heartbeats. */
final class BatchPass {

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
        try (ClaimKeeper keeper = new ClaimKeeper(manifest, settings.lease(), 1)) {
            Outcomes outcomes = new Outcomes(manifest, settings, keeper);
            while (goesOn(outcomes)) {
                Batch batch = new Batch(keeper, outcomes);
                try {
                    batch.claim();
                    batch.process();
                } finally {
                    batch.end();
                }
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

    /** Some claims that have one fate. */
    private final class Batch {

        private final ClaimKeeper keeper;
        private final Outcomes outcomes;
        private final Thread thread = Thread.currentThread();
        private final List<Claim> claims = new ArrayList<>();
        private final List<Future<?>> heartbeats = new ArrayList<>();
        private boolean handling; // guarded by this
        private boolean broken; // a claim is lost; guarded by this

        Batch(ClaimKeeper keeper, Outcomes outcomes) {
            this.keeper = keeper;
            this.outcomes = outcomes;
        }

        void claim() {
            try {
                while (claims.size() < size && goesOn(outcomes)) {
                    outcomes.claim(runs.next()).ifPresent(this::keep);
                    interrupted |= Thread.interrupted();
                }
            } catch (RuntimeException | Error e) { // the store or the listing failed
                for (Claim claim : claims) {
                    try {
                        outcomes.conclude(claim, () -> outcomes.release(claim));
                    } catch (RuntimeException another) {
                        e.addSuppressed(another);
                    }
                }
                throw e;
            }
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

        void process() {
            if (claims.isEmpty()) {
                return;
            }
            Map<RunId, Map<String, String>> details = new HashMap<>();
            try {
                Outcomes.returned(handle()).forEach((run, own) -> details.put(run, Map.copyOf(own)));
            } catch (Throwable e) { // whatever a handler throws is its runs' failure and must not end the others
                boolean blameless = interrupted || isBroken();
                claims.forEach(claim ->
                        outcomes.conclude(claim, () -> blameless ? outcomes.release(claim) : outcomes.fail(claim, e)));
                return;
            }
            claims.forEach(claim -> outcomes.conclude(
                    claim,
                    () -> outcomes.commit(claim, details.getOrDefault(claim.run(), Map.of()), () -> interrupted)));
        }

        private Map<RunId, Map<String, String>> handle() throws Exception {
            synchronized (this) {
                handling = true;
                if (broken || interrupted) {
                    thread.interrupt();
                }
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

        void end() {
            heartbeats.forEach(heartbeat -> heartbeat.cancel(false));
        }
    }
}
