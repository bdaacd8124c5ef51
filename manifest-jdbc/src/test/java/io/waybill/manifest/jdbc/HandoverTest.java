package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads that use one file in turn, whose opening is that of a database in memory. */
@Timeout(60)
class HandoverTest {

    @TempDir
    private Path folder;

    private final AtomicLong clock = new AtomicLong(System.nanoTime());
    private final Handover handover = new Handover(clock::get);
    private final List<Connection> opened = new CopyOnWriteArrayList<>();

    private Handover.OpenFile open(boolean shared) throws SQLException {
        try {
            FileTurns.Turn turn = FileTurns.take(folder.resolve("lock"));
            Connection connection = DriverManager.getConnection("jdbc:h2:mem:");
            opened.add(connection);
            return new Handover.OpenFile(connection, turn, shared);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Connection take() throws SQLException {
        return handover.take(() -> open(true));
    }

    /** A thread that takes the file, once it waits for it. */
    private final class Waiter extends Thread {
        private final CompletableFuture<Connection> taken = new CompletableFuture<>();
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        static Waiter begun(HandoverTest test) {
            Waiter waiter = test.new Waiter();
            waiter.start();
            while (waiter.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            return waiter;
        }

        @Override
        public void run() {
            try {
                taken.complete(take());
                done.join();
                handover.giveBack();
            } catch (SQLException e) {
                taken.completeExceptionally(e);
            }
        }

        Connection taken() throws Exception {
            return taken.get(30, TimeUnit.SECONDS);
        }

        void end() throws InterruptedException {
            done.complete(null);
            join();
        }
    }

    private void assertNobodyHasTheTurn() throws IOException {
        FileTurns.take(folder.resolve("lock")).close();
    }

    @Test
    void aFileThatNobodyWaitsForIsClosedAndItsTurnEnds() throws Exception {
        take();
        handover.giveBack();
        assertThat(opened.get(0).isClosed()).isTrue();
        assertNobodyHasTheTurn();
    }

    @Test
    void thoseWhoWaitGetItOpenOneAfterTheOther() throws Exception {
        Connection first = take();
        Waiter second = Waiter.begun(this);
        Waiter third = Waiter.begun(this);
        handover.giveBack();
        assertThat(second.taken()).isSameAs(first);
        assertThat(third.taken).as("one at a time").isNotDone();
        second.end();
        assertThat(third.taken()).isSameAs(first);
        third.end();
        assertThat(opened).hasSize(1).allMatch(HandoverTest::isClosed);
        assertNobodyHasTheTurn();
    }

    @Test
    void aFileThatIsNotSharedOrWhoseConnectionWasLostIsOpenedAnew() throws Exception {
        handover.take(() -> open(false));
        Waiter second = Waiter.begun(this);
        handover.giveBack();
        assertThat(second.taken()).isSameAs(opened.get(1));

        Waiter third = Waiter.begun(this);
        handover.endTurn();
        second.end();
        assertThat(third.taken()).isSameAs(opened.get(2));
        third.end();
        assertThat(opened).hasSize(3).allMatch(HandoverTest::isClosed);
        assertNobodyHasTheTurn();
    }

    @Test
    void aTurnEndsThoughOthersWaitSoThatOtherProcessesGetTheirs() throws Exception {
        take();
        Waiter second = Waiter.begun(this);
        clock.addAndGet(Handover.LONGEST_TURN.toNanos() + 1);
        handover.giveBack();
        assertThat(second.taken()).isSameAs(opened.get(1));
        second.end();
        assertNobodyHasTheTurn();
    }

    @Test
    void oneThatCannotOpenItLeavesItToTheNext() throws Exception {
        assertThatThrownBy(() -> handover.take(() -> {
                    throw new SQLException("injected");
                }))
                .hasMessage("injected");
        take();
        handover.giveBack();
        assertNobodyHasTheTurn();
    }

    @Test
    void oneThatIsInterruptedWhileItWaitsNeverKeepsTheFileFromTheOthers() throws Exception {
        for (int i = 0; i < 300; i++) {
            take();
            Waiter second = Waiter.begun(this);
            Waiter third = i % 2 == 0 ? Waiter.begun(this) : null;
            Thread interrupter = new Thread(second::interrupt); // at about the time at which the file is handed over
            interrupter.start();
            handover.giveBack();
            second.end();
            if (third != null) {
                third.taken();
                third.end();
            }
            interrupter.join();
            assertNobodyHasTheTurn();
        }
        assertThat(opened).allMatch(HandoverTest::isClosed);
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
