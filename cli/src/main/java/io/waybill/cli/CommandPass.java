package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunInspection;
import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.CorruptRecordException;
import io.waybill.manifest.ManifestException;
import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * One pass of {@code run}: claims the ready runs, a batch at a time, and has a command work on each batch.
 *
 * <p>No thread is interrupted: a worker waits for its command, which ends by itself or is stopped by a signal.
 */
final class CommandPass {

    /**
     * How a pass works.
     *
     * @param command the program and its arguments
     * @param batch how many runs one command gets, and whether by a file; 0 for one run by the environment
     */
    record Settings(List<String> command, int batch, int parallel, ClaimChoice claims, Duration grace, int laterCode) {}

    private final Settings settings;
    private final RunManifest manifest;
    private final RunArchive archive;
    private final CommandReport report;
    private final Map<RunId, RunInspection> ready = new ConcurrentHashMap<>();
    private final Set<CommandBatch> batches = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService heart;
    private volatile boolean ended; // no further run is begun
    private volatile boolean interrupted; // and those under way are given back

    CommandPass(Settings settings, RunManifest manifest, RunArchive archive, CommandReport report) {
        this.settings = settings;
        this.manifest = manifest;
        this.archive = archive;
        this.report = report;
        this.heart = Executors.newScheduledThreadPool(settings.parallel() + 1, task -> {
            Thread thread = new Thread(task, "waybill-heartbeat");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Remembers what a look into a run found, until it is claimed. */
    void expect(RunInspection inspection) {
        ready.put(inspection.run(), inspection);
    }

    /**
     * Works through the runs; returns or throws when all commands have ended.
     *
     * @throws InterruptedException if this thread was; the commands were stopped and their runs given back
     */
    void run(Iterator<RunId> runs) throws InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(settings.parallel());
        try {
            List<CompletableFuture<@Nullable Void>> working = new ArrayList<>();
            for (int i = 0; i < settings.parallel(); i++) {
                working.add(CompletableFuture.runAsync(() -> work(runs), workers));
            }
            awaitOrStop(CompletableFuture.allOf(working.toArray(CompletableFuture[]::new)));
        } finally {
            workers.shutdown();
            heart.shutdownNow();
        }
        if (interrupted) {
            throw new InterruptedException();
        }
    }

    private void awaitOrStop(CompletableFuture<@Nullable Void> working) throws InterruptedException {
        while (true) {
            try {
                working.get();
                return;
            } catch (InterruptedException e) {
                if (interrupted) { // a second one leaves the claims to their leases
                    throw e;
                }
                interrupted = true;
                ended = true;
                batches.forEach(CommandBatch::stop);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException(e);
            }
        }
    }

    private void work(Iterator<RunId> runs) {
        try {
            Optional<CommandBatch> next = Optional.empty();
            while (next.isPresent() || !ended) {
                next = process(next.orElseGet(this::begin), runs);
            }
        } catch (RuntimeException e) { // the listing failed, or the store: no other worker begins another run
            ended = true;
            throw e;
        }
    }

    private CommandBatch begin() {
        CommandBatch batch = new CommandBatch(this, heart);
        batches.add(batch);
        if (interrupted) { // which those that were there have been told
            batch.stop();
        }
        return batch;
    }

    /** Has the command work on a batch, for which runs are claimed if it has none; answers the one that is begun by then. */
    private Optional<CommandBatch> process(CommandBatch batch, Iterator<RunId> runs) {
        Optional<CommandBatch> next = Optional.empty();
        try {
            if (batch.isEmpty()) {
                next = claim(batch, runs);
            }
            if (!batch.isEmpty()) {
                batch.process();
            }
        } catch (RuntimeException e) {
            next.ifPresent(CommandBatch::stop);
            next.ifPresent(stopped -> process(stopped, runs));
            throw e;
        } finally {
            batch.close();
            batches.remove(batch);
        }
        if (ended && settings.claims().inOrder()) {
            next.ifPresent(CommandBatch::stop);
        }
        return next;
    }

    /** Fills a batch. A run that has failed before is on its own, so that it cannot fail others for ever: it is answered. */
    private Optional<CommandBatch> claim(CommandBatch batch, Iterator<RunId> runs) {
        synchronized (runs) {
            int size = Math.max(1, settings.batch());
            while (!ended && batch.size() < size && !batch.hasFailedBefore()) {
                if (!runs.hasNext()) {
                    ended = true;
                    break;
                }
                Optional<Claim> claim = claim(runs.next(), batch.isEmpty());
                if (claim.isPresent() && !batch.isEmpty() && claim.get().attempts() > 0) {
                    CommandBatch next = begin();
                    next.add(claim.get());
                    return Optional.of(next);
                }
                claim.ifPresent(batch::add);
            }
            return Optional.empty();
        }
    }

    private Optional<Claim> claim(RunId run, boolean first) {
        try {
            ClaimResult answer = manifest.claim(run, settings.claims().lease());
            if (answer instanceof ClaimResult.Granted granted) {
                return Optional.of(granted.claim());
            }
            if (!(answer instanceof ClaimResult.Settled settled
                    && settled.record().state().isDone())) {
                endIfInOrder();
            }
        } catch (CorruptRecordException | OutcomeUnknownException e) { // this run's trouble, not the others'
            undecided(run, e);
        } catch (ManifestException e) { // what was claimed before can still be worked on
            ended = true;
            if (first) {
                throw e;
            }
            undecided(run, e);
        }
        return Optional.empty();
    }

    Settings settings() {
        return settings;
    }

    RunManifest manifest() {
        return manifest;
    }

    RunArchive archive() {
        return archive;
    }

    CommandReport report() {
        return report;
    }

    /** Takes a line that one of several commands has written. */
    void line(String line) {
        report.say(line);
    }

    /** Has no further run begun. */
    void end() {
        ended = true;
    }

    /** Has no further run begun if they are done in order: one was not done. */
    void endIfInOrder() {
        ended |= settings.claims().inOrder();
    }

    /** Whether what is under way is to be given back. */
    boolean isInterrupted() {
        return interrupted;
    }

    /** What {@link #expect} was told of a run. */
    Optional<RunInspection> takeInspection(RunId run) {
        return Optional.ofNullable(ready.remove(run));
    }

    void undecided(RunId run, ManifestException why) {
        endIfInOrder();
        report.undecided(run, why);
    }
}
