package io.waybill.manifest;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of {@link RunProcessor#processBatches}: its heartbeats and its counts. */
final class BatchPass {

    private static final Logger log = LoggerFactory.getLogger(BatchPass.class);

    private final RunManifest manifest;
    private final RunProcessor settings;
    private final BatchHandler handler;
    private final Iterator<RunId> runs;
    private final int size;
    private int processed;
    private int failed;
    private int lost;
    private int refused;
    private int undecided;
    private boolean ended; // no further run is claimed
    private boolean interrupted; // by another than us

    BatchPass(RunManifest manifest, RunProcessor settings, BatchHandler handler, Iterator<RunId> runs, int size) {
        this.manifest = manifest;
        this.settings = settings;
        this.handler = handler;
        this.runs = runs;
        this.size = size;
    }

    RunProcessor.Summary run() throws InterruptedException {
        try (ClaimKeeper keeper = new ClaimKeeper(manifest, settings.lease(), 1)) {
            while (!ended && runs.hasNext()) {
                Batch batch = new Batch(keeper);
                try {
                    batch.claim();
                    batch.process();
                } finally {
                    batch.end();
                }
            }
        }
        if (interrupted) {
            throw new InterruptedException("interrupted between batches, or a handler was");
        }
        return new RunProcessor.Summary(processed, failed, lost, refused, undecided);
    }

    /** Some claims that have one fate. */
    private final class Batch {

        private final ClaimKeeper keeper;
        private final Thread thread = Thread.currentThread();
        private final List<Claim> claims = new ArrayList<>();
        private final List<Future<?>> heartbeats = new ArrayList<>();
        private boolean handling; // guarded by this
        private boolean broken; // a claim is lost; guarded by this

        Batch(ClaimKeeper keeper) {
            this.keeper = keeper;
        }

        void claim() {
            while (!ended && claims.size() < size && runs.hasNext()) {
                RunId run = runs.next();
                try {
                    claim(run);
                } catch (CorruptRecordException | OutcomeUnknownException e) { // this run's trouble, not the others'
                    undecided(run, e);
                } catch (ManifestException e) {
                    claims.forEach(claim -> settle(claim, manifest::release));
                    throw e;
                }
                interrupted |= Thread.interrupted();
                ended |= interrupted;
            }
        }

        private void claim(RunId run) {
            ClaimResult answer = manifest.claim(run, settings.lease());
            if (answer instanceof ClaimResult.Granted granted) {
                claims.add(granted.claim());
                heartbeats.add(keeper.beat(granted.claim(), this::breakUp));
                return;
            }
            refused++;
            boolean passed = answer instanceof ClaimResult.Settled settled
                    && settled.record().state().isDone();
            ended |= settings.inOrder() && !passed;
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
            Map<RunId, Map<String, String>> details;
            try {
                details = handle();
            } catch (Throwable e) { // whatever a handler throws is its runs' failure and must not end the others
                boolean blameless = interrupted || isBroken();
                claims.forEach(claim -> settle(claim, blameless ? manifest::release : open -> fail(open, e)));
                ended |= interrupted || settings.inOrder();
                return;
            }
            for (Claim claim : claims) {
                settle(claim, open -> commit(open, details.getOrDefault(open.run(), Map.of())));
            }
            ended |= interrupted;
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

        private synchronized boolean isBroken() {
            return broken;
        }

        private void commit(Claim claim, Map<String, String> details) {
            try {
                keeper.commit(claim, details, () -> interrupted);
                processed++;
            } catch (IllegalArgumentException e) { // the handler gave details that no record can hold
                fail(claim, e);
            }
        }

        private void fail(Claim claim, Throwable cause) {
            manifest.fail(claim, cause, settings.retryAfter(claim.record().attempts()));
            failed++;
        }

        /** Says the last word on a claim, unless it is lost or its handler has said it. */
        private void settle(Claim claim, Consumer<Claim> word) {
            if (claim.isLost()) {
                lost++;
                return;
            }
            try {
                word.accept(claim);
            } catch (ClaimLostException e) { // the listener knows
                lost++;
            } catch (IllegalStateException e) {
                endedByHandler(claim, e);
            } catch (ManifestException e) { // the lease runs out, and the run is taken over
                undecided(claim.run(), e);
            }
        }

        private void endedByHandler(Claim claim, IllegalStateException refusal) {
            switch (claim.record().state()) {
                case PROCESSED -> processed++;
                case FAILED -> failed++;
                case NEW -> log.debug("{} was released by its handler", claim);
                case PROCESSING, SKIPPED -> throw refusal; // it has not ended: the trouble is another
            }
        }

        void end() {
            heartbeats.forEach(heartbeat -> heartbeat.cancel(false));
        }
    }

    private void undecided(RunId run, ManifestException why) {
        undecided++;
        ended |= settings.inOrder();
        manifest.tell(l -> l.undecided(run, why));
    }
}
