package io.waybill.cli;

import io.waybill.event.TransformCounts;
import io.waybill.manifest.RunId;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** How far long work has come, told on standard error. Safe for use by many threads. */
final class Progress implements AutoCloseable {

    /** How it is told. */
    enum Style {
        /** A line that rewrites itself, on a terminal. */
        LIVE(Duration.ofMillis(200)),
        /** A plain line every few seconds. */
        PLAIN(Duration.ofSeconds(5)),
        /** The same, but only when a run has ended: the terminal is a command's meanwhile. */
        BETWEEN_RUNS(Duration.ofSeconds(5)),
        /** Not at all. */
        SILENT(Duration.ZERO);

        private final Duration every;

        Style(Duration every) {
            this.every = every;
        }
    }

    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final Duration MEANINGFUL = Duration.ofSeconds(2); // a rate or a forecast earlier is noise

    private final PrintWriter err;
    private final Style style;
    private final String things;
    private final LongSupplier nanoTime;
    private final long start;
    private final LongAdder files = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder badRows = new LongAdder();
    private final Map<RunId, Long> underWay = new HashMap<>(); // what was looked into, with its bytes; guarded by this
    private long told; // when; guarded by this, as is all that follows
    private long done;
    private long total;
    private boolean isAll;
    private long looked;
    private long bytes;
    private long bytesDone;
    private boolean closed;

    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "waybill-progress");
        thread.setDaemon(true);
        return thread;
    });

    /** Progress that {@link #tick} tells. */
    Progress(PrintWriter err, Style style, String things, LongSupplier nanoTime) {
        this.err = err;
        this.style = style;
        this.things = things;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.told = start;
    }

    /** Progress of work on such things as runs that is told from time to time, in the style of this process. */
    static Progress start(PrintWriter err, String things) {
        return start(err, Boolean.getBoolean("waybill.terminal") ? Style.LIVE : Style.PLAIN, things);
    }

    /** Progress that is told in a style. */
    static Progress start(PrintWriter err, Style style, String things) {
        Progress progress = new Progress(err, style, things, System::nanoTime);
        if (style == Style.LIVE || style == Style.PLAIN) {
            long nanos = style.every.toNanos() / 4; // a tick that comes a little early is none
            Future<?> unused = progress.ticker.scheduleAtFixedRate(progress::tick, nanos, nanos, TimeUnit.NANOSECONDS);
        }
        return progress;
    }

    /** One more is to do. */
    synchronized void expect() {
        total++;
    }

    /** No more will be expected. */
    synchronized void expectNoMore() {
        isAll = true;
    }

    /** All of the work is of so many bytes. */
    synchronized void expectBytes(long number) {
        bytes = number;
        isAll = true;
    }

    /** A run that was looked into and is to be worked on. */
    synchronized void begin(RunId run, long size) {
        underWay.put(run, size);
        looked++;
        bytes += size;
    }

    /** One of those that were to do need not be done. */
    synchronized void leaveOut() {
        total--;
    }

    /** A run that was to be worked on, and is another's. */
    synchronized void leaveOut(RunId run) {
        Long size = underWay.remove(run);
        if (size != null) {
            total--;
            looked--;
            bytes -= size;
        }
    }

    /** A run with which all is done that will be. */
    synchronized void end(RunId run) {
        Long size = underWay.remove(run);
        if (size != null) {
            bytesDone += size;
            add(1);
        }
    }

    /** So many more are done. */
    synchronized void add(long number) {
        done += number;
        if (style == Style.BETWEEN_RUNS) {
            tick();
        }
    }

    /** So many bytes were read. */
    void read(long count) {
        bytesRead.add(count);
    }

    /** A file was transformed. */
    void transformed(TransformCounts counts) {
        files.increment();
        events.add(counts.events());
        badRows.add(counts.badRows());
    }

    /** Says something else. */
    synchronized void say(String line) {
        err.println(style == Style.LIVE && !closed ? CLEAR_LINE + line : line);
        err.flush();
    }

    Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - start);
    }

    /** Tells how far it has come, if it is time to. */
    synchronized void tick() {
        long now = nanoTime.getAsLong();
        if (closed || style == Style.SILENT || now - told < style.every.toNanos()) {
            return;
        }
        told = now;
        if (style == Style.LIVE) {
            err.print(CLEAR_LINE + line());
        } else {
            err.println("progress: " + line());
        }
        err.flush();
    }

    /** Ends the telling; a line that rewrites itself is gone then. */
    @Override
    public synchronized void close() {
        ticker.shutdownNow();
        if (style == Style.LIVE && !closed) {
            err.print(CLEAR_LINE);
            err.flush();
        }
        closed = true; // a tick may be waiting
    }

    private String line() {
        Duration elapsed = elapsed();
        StringBuilder line = new StringBuilder(number(done));
        if (total > 0) {
            line.append(" of ").append(number(total)).append(isAll ? "" : "+");
        }
        boolean countsEvents = events.sum() + badRows.sum() > 0;
        line.append(' ').append(things).append(countsEvents ? "" : rate(done, elapsed));
        long worked = Math.max(bytesRead.sum(), bytesDone);
        if (files.sum() > 0) {
            line.append(", ").append(number(files.sum())).append(" files");
        }
        if (worked > 0) {
            line.append(String.format(Locale.ROOT, ", %,.1f MB", worked / 1e6));
        }
        if (countsEvents) {
            line.append(", ").append(number(events.sum())).append(" events").append(rate(events.sum(), elapsed));
            line.append(", ").append(number(badRows.sum())).append(" bad rows");
        }
        line.append(", ").append(Durations.show(elapsed));
        timeLeft(worked, elapsed)
                .ifPresent(
                        left -> line.append(", ").append(Durations.show(left)).append(" left"));
        return line.toString();
    }

    /** By bytes, where they are known: those of runs that were not looked into yet are as many as those of the others. */
    private Optional<Duration> timeLeft(long worked, Duration elapsed) {
        boolean allAreDone = total > 0 && done >= total;
        if (!isAll || allAreDone || elapsed.compareTo(MEANINGFUL) < 0) {
            return Optional.empty();
        }
        double part;
        if (bytes > 0) {
            double unseen = looked == 0 ? 0 : (double) bytes / looked * Math.max(0, total - looked);
            part = worked / (bytes + unseen);
        } else {
            part = total <= 0 ? 0 : (double) done / total;
        }
        if (part <= 0 || part > 1) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Math.max(1, Math.round(elapsed.toMillis() / 1e3 * (1 / part - 1)))));
    }

    private static String rate(long count, Duration elapsed) {
        long perSecond = elapsed.isZero() ? 0 : Math.round(count / (elapsed.toNanos() / 1e9));
        return elapsed.compareTo(MEANINGFUL) < 0 || perSecond == 0 ? "" : " (" + number(perSecond) + "/s)";
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
