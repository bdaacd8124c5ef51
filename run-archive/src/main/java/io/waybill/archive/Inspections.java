package io.waybill.archive;

import io.waybill.archive.RunInspection.Status;
import io.waybill.manifest.RunId;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Looks into runs on a few threads, and gives what was found in the order of the runs, which the reader's thread lists. */
final class Inspections implements Iterator<RunInspection> {

    private final RunArchive archive;
    private final Iterator<RunId> runs;
    private final int parallelism;
    private final ExecutorService threads;
    private final Queue<CompletableFuture<RunInspection>> ahead = new ArrayDeque<>();

    Inspections(RunArchive archive, Iterator<RunId> runs, int parallelism) {
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism is " + parallelism + ", want 1 or more");
        }
        this.archive = archive;
        this.runs = runs;
        this.parallelism = parallelism;
        this.threads = Executors.newFixedThreadPool(parallelism, task -> {
            Thread thread = new Thread(task, "waybill-inspect");
            thread.setDaemon(true); // a stream that nobody closes must not keep the process
            return thread;
        });
    }

    @Override
    public boolean hasNext() {
        return !ahead.isEmpty() || runs.hasNext();
    }

    @Override
    public RunInspection next() {
        while (ahead.size() < parallelism && runs.hasNext()) {
            RunId run = runs.next();
            ahead.add(CompletableFuture.supplyAsync(() -> inspection(run), threads));
        }
        CompletableFuture<RunInspection> first = ahead.poll();
        if (first == null) {
            throw new NoSuchElementException();
        }
        try {
            return first.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private RunInspection inspection(RunId run) {
        try {
            return archive.inspect(run);
        } catch (IOException e) { // an answer: one run that cannot be looked into does not keep the others
            boolean bare =
                    e.getMessage() == null || (e instanceof FileSystemException file && file.getReason() == null);
            String why = bare ? e.toString() : String.valueOf(e.getMessage());
            return new RunInspection(run, Status.UNREADABLE, Names.visible(why), List.of());
        }
    }

    /** Gives up what is ahead. */
    void close() {
        threads.shutdownNow();
    }
}
