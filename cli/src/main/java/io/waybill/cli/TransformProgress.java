package io.waybill.cli;

import io.waybill.event.TransformCounts;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** How far a transform has come: one line that is rewritten on a terminal, a plain line for each run elsewhere. */
final class TransformProgress implements AutoCloseable {

    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean live;
    private final LongSupplier nanoTime;
    private final long start;
    private final LongAdder bytes = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder badRows = new LongAdder();
    private final LongAdder runs = new LongAdder();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "waybill-progress");
        thread.setDaemon(true);
        return thread;
    });

    TransformProgress(PrintWriter err, boolean live, LongSupplier nanoTime) {
        this.err = err;
        this.live = live;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        if (live) {
            Future<?> unused = ticker.scheduleAtFixedRate(this::draw, 200, 200, TimeUnit.MILLISECONDS);
        }
    }

    void read(long count) {
        bytes.add(count);
    }

    void transformed(TransformCounts counts) {
        events.add(counts.events());
        badRows.add(counts.badRows());
    }

    /** Says what became of a run. */
    synchronized void ended(String what) {
        runs.increment();
        err.println(live ? CLEAR_LINE + what : what);
        err.flush();
    }

    Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - start);
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        if (live) {
            synchronized (this) {
                err.print(CLEAR_LINE);
                err.flush();
            }
        }
    }

    private synchronized void draw() {
        double seconds = Math.max(0.001, elapsed().toNanos() / 1e9);
        err.print(String.format(
                Locale.ROOT,
                "%s%,d runs  %,.1f MB  %,d events (%,.0f/s)  %,d bad rows  %s",
                CLEAR_LINE,
                runs.sum(),
                bytes.sum() / 1e6,
                events.sum(),
                events.sum() / seconds,
                badRows.sum(),
                Durations.show(elapsed())));
        err.flush();
    }
}
