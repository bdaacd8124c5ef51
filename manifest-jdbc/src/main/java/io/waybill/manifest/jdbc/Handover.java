package io.waybill.manifest.jdbc;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A file that threads use one at a time: whoever is done with it hands it over, still open, to a thread that waits, and
 * closes it when none does or its turn has been long enough. Safe for use by many threads.
 */
final class Handover {

    static final Duration LONGEST_TURN = Duration.ofMillis(50); // what has begun by then is finished

    private final LongSupplier clock;

    // all of these are guarded by this
    private @Nullable OpenFile file;
    private boolean inUse;
    private final Queue<Object> waiting = new ArrayDeque<>(); // a mark of each thread, first come, first served
    private long begun;
    private boolean ending;

    /** Nobody's yet; the clock is in nanoseconds. */
    Handover(LongSupplier clock) {
        this.clock = clock;
    }

    /** Opens the file when its turn has come. */
    interface Opener {
        OpenFile open() throws SQLException;
    }

    /** A file while it is open, and whether it may be handed over. */
    record OpenFile(Connection connection, FileTurns.Turn turn, boolean shared) {

        void close() throws SQLException {
            try {
                connection.close();
            } finally {
                end(turn);
            }
        }
    }

    static void end(FileTurns.Turn turn) throws SQLException {
        try {
            turn.close();
        } catch (IOException e) {
            throw new SQLException("the turn to use the database file could not be ended: " + e, "90028", e);
        }
    }

    /** The file, for the calling thread alone until that gives it back. */
    Connection take(Opener opener) throws SQLException {
        OpenFile taken = awaitTurn();
        if (taken == null) {
            try {
                taken = opener.open();
            } finally {
                begin(taken);
            }
        }
        return taken.connection();
    }

    /** Waits until no other thread uses the file, which is null where it has to be opened. */
    private synchronized @Nullable OpenFile awaitTurn() throws SQLException {
        long deadline = clock.getAsLong() + FileTurns.PATIENCE.toNanos();
        Object mine = new Object();
        waiting.add(mine);
        try {
            while (inUse || !mine.equals(waiting.peek())) {
                long left = deadline - clock.getAsLong();
                if (left <= 0) {
                    throw new SQLException(
                            "other threads have used the database file for " + FileTurns.PATIENCE, "90020");
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            inUse = true;
            return file;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for the database file", "90020", e);
        } finally {
            waiting.remove(mine);
            if (!inUse) { // it was handed over to this thread, which does not wait any more
                handOver();
            }
        }
    }

    private synchronized void begin(@Nullable OpenFile opened) throws SQLException {
        file = opened;
        begun = clock.getAsLong();
        ending = opened != null && !opened.shared();
        if (opened == null) {
            giveBack();
        }
    }

    /** Sees to it that no other thread gets the file as it is now. */
    synchronized void endTurn() {
        ending = true;
    }

    /** Ends the calling thread's use of the file. */
    synchronized void giveBack() throws SQLException {
        inUse = false;
        handOver();
    }

    private synchronized void handOver() throws SQLException {
        OpenFile open = file;
        try {
            if (open != null && (waiting.isEmpty() || ending || clock.getAsLong() - begun > LONGEST_TURN.toNanos())) {
                file = null;
                open.close();
            }
        } finally {
            notifyAll();
        }
    }
}
