package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunFingerprint;
import io.waybill.archive.RunInspection;
import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.CorruptRecordException;
import io.waybill.manifest.ManifestException;
import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    record Settings(
            List<String> command,
            int batch,
            int parallel,
            boolean inOrder,
            Duration lease,
            Duration retryAfter,
            Duration grace,
            int laterCode) {}

    private static final Logger log = LoggerFactory.getLogger(CommandPass.class);

    private final Settings settings;
    private final RunManifest manifest;
    private final RunArchive archive;
    private final CommandReport report;
    private final Consumer<String> lines;
    private final Map<RunId, RunInspection> ready = new ConcurrentHashMap<>();
    private final Set<Batch> batches = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService heart;
    private volatile boolean ended; // no further run is begun
    private volatile boolean interrupted; // and those under way are given back

    CommandPass(
            Settings settings, RunManifest manifest, RunArchive archive, CommandReport report, Consumer<String> lines) {
        this.settings = settings;
        this.manifest = manifest;
        this.archive = archive;
        this.report = report;
        this.lines = lines;
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
                batches.forEach(Batch::stop);
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
            while (!ended) {
                Batch batch = new Batch();
                try {
                    claim(batch, runs);
                    if (!batch.claims.isEmpty()) {
                        batch.process();
                    }
                } finally {
                    batch.close();
                }
            }
        } catch (RuntimeException e) { // the listing failed, or the store: no other worker begins another run
            ended = true;
            throw e;
        }
    }

    private void claim(Batch batch, Iterator<RunId> runs) {
        synchronized (runs) {
            int size = Math.max(1, settings.batch());
            while (!ended && batch.claims.size() < size) {
                if (!runs.hasNext()) {
                    ended = true;
                } else {
                    claim(runs.next(), batch);
                }
            }
        }
    }

    private void claim(RunId run, Batch batch) {
        try {
            ClaimResult answer = manifest.claim(run, settings.lease());
            if (answer instanceof ClaimResult.Granted granted) {
                batch.add(granted.claim());
            } else if (settings.inOrder()
                    && !(answer instanceof ClaimResult.Settled settled
                            && settled.record().state().isDone())) {
                ended = true;
            }
        } catch (CorruptRecordException | OutcomeUnknownException e) { // this run's trouble, not the others'
            undecided(run, e);
        } catch (ManifestException e) { // what was claimed before can still be worked on
            ended = true;
            if (batch.claims.isEmpty()) {
                throw e;
            }
            undecided(run, e);
        }
    }

    private void undecided(RunId run, ManifestException why) {
        ended |= settings.inOrder();
        report.undecided(run, why);
    }

    /** Some claims, and the command that works on their runs. */
    private final class Batch implements AutoCloseable {

        private final List<Claim> claims = new CopyOnWriteArrayList<>();
        private final Future<?> heartbeat;
        private @Nullable CommandProcess process; // guarded by this
        private boolean stopped; // guarded by this

        Batch() {
            long beat = Math.max(1, settings.lease().dividedBy(3).toNanos());
            this.heartbeat = heart.scheduleWithFixedDelay(this::renew, beat, beat, TimeUnit.NANOSECONDS);
            batches.add(this);
        }

        void add(Claim claim) {
            claims.add(claim);
            claim.onLost(why -> stop());
        }

        private void renew() {
            for (Claim claim : claims) {
                try {
                    manifest.renew(claim);
                } catch (ClaimLostException | IllegalStateException e) { // the batch knows; or it has just ended
                    log.trace("{} is not renewed", claim, e);
                } catch (RuntimeException e) { // whatever it is, the next beat may succeed, and must be made
                    log.warn("{} could not be renewed, trying again: {}", claim, Main.message(e));
                }
            }
        }

        /** Stops the command; what it has not done by then is given back. */
        synchronized void stop() {
            if (!stopped) {
                stopped = true;
                if (process != null) {
                    process.stop(heart);
                }
            }
        }

        private synchronized boolean isStopped() {
            return stopped;
        }

        void process() {
            Path list = null;
            try {
                list = settings.batch() == 0 ? null : writeList();
                long start = System.nanoTime();
                int code = execute(list);
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                CommandResult result = result(code);
                ended |= settings.inOrder() && result != CommandResult.PROCESSED;
                claims.forEach(claim -> settle(claim, result, code, took));
            } catch (IOException e) { // nothing was run
                ended = true;
                claims.forEach(claim -> settle(claim, () -> manifest.release(claim)));
                throw new UncheckedIOException(e);
            } finally {
                delete(list);
            }
        }

        private int execute(@Nullable Path list) throws IOException {
            CommandProcess started;
            synchronized (this) {
                if (stopped || interrupted) {
                    stopped = true;
                    return ExitCode.INTERRUPTED;
                }
                started = CommandProcess.start(
                        settings.command(),
                        environment(list),
                        settings.grace(),
                        settings.parallel() == 1 ? null : line -> lines.accept(name() + " | " + line));
                process = started;
            }
            try {
                return started.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts a worker", e);
            }
        }

        private String name() {
            Claim first = claims.get(0);
            String more = claims.size() == 1 ? "" : " and %d more".formatted(claims.size() - 1);
            return archive.path(first.run()).replaceFirst("/$", "") + more;
        }

        private Map<String, String> environment(@Nullable Path list) {
            if (list != null) {
                return Map.of("WAYBILL_RUNS", list.toString());
            }
            Claim claim = claims.get(0);
            return Map.of(
                    "WAYBILL_RUN_ID", claim.run().key(),
                    "WAYBILL_RUN_URI", archive.location(claim.run()),
                    "WAYBILL_RUN_FENCE", Long.toString(claim.fence()));
        }

        private Path writeList() throws IOException {
            StringBuilder text = new StringBuilder();
            for (Claim claim : claims) { // none of the three can hold a tab or a line end
                text.append(claim.run()).append('\t');
                text.append(archive.location(claim.run())).append('\t');
                text.append(claim.fence()).append('\n');
            }
            Path list = Files.createTempFile("waybill-runs-", ".tsv");
            return Files.writeString(list, text, StandardCharsets.UTF_8);
        }

        private CommandResult result(int code) {
            if (code == 0) {
                return CommandResult.PROCESSED;
            }
            if (isStopped()) {
                return CommandResult.GIVEN_BACK;
            }
            return code == settings.laterCode() ? CommandResult.LATER : CommandResult.FAILED;
        }

        private void settle(Claim claim, CommandResult result, int code, Duration took) {
            Runnable word = switch (result) {
                case PROCESSED -> {
                    Map<String, String> details = details(claim, took);
                    yield () -> manifest.commit(claim, details);
                }
                case FAILED -> () -> manifest.fail(claim, new CommandFailure(result.note(code)), settings.retryAfter());
                case LATER, GIVEN_BACK -> () -> manifest.release(claim);
            };
            if (settle(claim, word)) {
                report.ended(claim, result, code, took);
            }
        }

        /** Says the last word on a claim, again while the store does not answer and the lease could hold; true if it counts. */
        private boolean settle(Claim claim, Runnable word) {
            long start = System.nanoTime();
            while (true) {
                try {
                    word.run();
                    return true;
                } catch (ClaimLostException e) { // the report knows
                    ended |= settings.inOrder();
                    return false;
                } catch (StoreUnavailableException | OutcomeUnknownException e) {
                    if (interrupted
                            || System.nanoTime() - start > settings.lease().toNanos()) {
                        undecided(claim.run(), e);
                        return false;
                    }
                    log.warn("{} could not be ended, trying again: {}", claim, Main.message(e));
                    LockSupport.parkNanos(Math.min(settings.lease().toNanos() / 20, TimeUnit.SECONDS.toNanos(1)));
                } catch (ManifestException e) {
                    undecided(claim.run(), e);
                    return false;
                }
            }
        }

        private Map<String, String> details(Claim claim, Duration took) {
            Map<String, String> details = new TreeMap<>();
            details.put("archive", archive.location());
            details.put("fence", Long.toString(claim.fence()));
            details.put("took_ms", Long.toString(took.toMillis()));
            RunInspection inspection = ready.remove(claim.run());
            if (inspection != null) {
                details.putAll(RunFingerprint.of(inspection.files()).toDetails());
            }
            return details;
        }

        @Override
        public void close() {
            heartbeat.cancel(false);
            batches.remove(this);
        }
    }

    private static void delete(@Nullable Path list) {
        if (list != null) {
            try {
                Files.deleteIfExists(list);
            } catch (IOException e) {
                log.warn("{} could not be removed: {}", list, Main.message(e));
            }
        }
    }

    /** Why a run failed, in the words of a record: its class says nothing. */
    private static final class CommandFailure extends Exception {
        private static final long serialVersionUID = 1;

        CommandFailure(String message) {
            super(message);
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // which the record keeps
        public String toString() {
            return String.valueOf(getMessage());
        }
    }
}
