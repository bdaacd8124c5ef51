package io.waybill.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns the end of the process (Ctrl-C, SIGTERM) into an interrupt of the thread that works, and gives it a moment to leave
 * things in order and to tell.
 */
final class Interruption {

    private final CountDownLatch done = new CountDownLatch(1);
    private volatile Duration patience = Duration.ofSeconds(10);

    private Interruption() {}

    /** Begins to watch over this thread. */
    static Interruption ofThisThread() {
        Interruption interruption = new Interruption();
        Thread worker = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interruption.end(worker)));
        return interruption;
    }

    /** Says how long the thread may take when it is interrupted. */
    void allow(Duration time) {
        patience = time;
    }

    /** Says that the thread has done everything, and that the process ends by itself. */
    void done() {
        done.countDown();
    }

    private void end(Thread worker) {
        if (done.getCount() == 0) {
            return;
        }
        worker.interrupt();
        try {
            if (!done.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("waybill: some runs are left to their leases");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the process ends now
        }
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
}
