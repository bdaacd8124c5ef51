package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunFingerprint;
import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ManifestException;
import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Some claims, and the command that works on their runs. */
final class CommandBatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CommandBatch.class);

    private final CommandPass pass;
    private final CommandPass.Settings settings;
    private final RunManifest manifest;
    private final RunArchive archive;
    private final ScheduledExecutorService heart;
    private final List<Claim> claims = new CopyOnWriteArrayList<>();
    private final Future<?> heartbeat;
    private @Nullable CommandProcess process; // guarded by this
    private boolean stopped; // guarded by this

    /** A batch without claims yet, which are renewed by the heart until it is closed. */
    CommandBatch(CommandPass pass, ScheduledExecutorService heart) {
        this.pass = pass;
        this.settings = pass.settings();
        this.manifest = pass.manifest();
        this.archive = pass.archive();
        this.heart = heart;
        long beat = Math.max(1, settings.claims().lease().dividedBy(3).toNanos());
        this.heartbeat = heart.scheduleWithFixedDelay(this::renew, beat, beat, TimeUnit.NANOSECONDS);
    }

    boolean isEmpty() {
        return claims.isEmpty();
    }

    int size() {
        return claims.size();
    }

    boolean hasFailedBefore() {
        return claims.stream().anyMatch(claim -> claim.attempts() > 0);
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
            if (result != CommandResult.PROCESSED) {
                pass.endIfInOrder();
            }
            claims.forEach(claim -> settle(claim, result, code, took));
        } catch (IOException e) { // nothing was run
            pass.end();
            claims.forEach(claim -> settle(claim, () -> manifest.release(claim)));
            throw new UncheckedIOException(e);
        } finally {
            delete(list);
        }
    }

    private int execute(@Nullable Path list) throws IOException {
        CommandProcess started;
        synchronized (this) {
            if (stopped || pass.isInterrupted()) {
                stopped = true;
                return ExitCode.INTERRUPTED;
            }
            started = CommandProcess.start(
                    settings.command(),
                    environment(list),
                    settings.grace(),
                    settings.parallel() == 1 ? null : line -> pass.line(name() + " | " + line));
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
            case FAILED ->
                () -> manifest.fail(
                        claim,
                        new CommandFailure(result.note(code)),
                        settings.claims().retryAfter());
            case LATER, GIVEN_BACK -> () -> manifest.release(claim);
        };
        if (settle(claim, word)) {
            pass.report().ended(claim, result, code, took);
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
                pass.endIfInOrder();
                return false;
            } catch (StoreUnavailableException | OutcomeUnknownException e) {
                if (pass.isInterrupted()
                        || System.nanoTime() - start > settings.claims().lease().toNanos()) {
                    pass.undecided(claim.run(), e);
                    return false;
                }
                log.warn("{} could not be ended, trying again: {}", claim, Main.message(e));
                LockSupport.parkNanos(Math.min(settings.claims().lease().toNanos() / 20, TimeUnit.SECONDS.toNanos(1)));
            } catch (ManifestException e) {
                pass.undecided(claim.run(), e);
                return false;
            }
        }
    }

    private Map<String, String> details(Claim claim, Duration took) {
        Map<String, String> details = new TreeMap<>();
        details.put("archive", archive.location());
        details.put("fence", Long.toString(claim.fence()));
        details.put("took_ms", Long.toString(took.toMillis()));
        pass.takeInspection(claim.run())
                .ifPresent(
                        seen -> details.putAll(RunFingerprint.of(seen.files()).toDetails()));
        return details;
    }

    @Override
    public void close() {
        heartbeat.cancel(false);
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
