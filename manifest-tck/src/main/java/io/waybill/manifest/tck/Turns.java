package io.waybill.manifest.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Threads that go one at a time. At each step chance says who goes on, so that the same chance gives the same
 * interleaving.
 */
final class Turns {

    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);

    private final SplittableRandom random; // guarded by this
    private final List<Integer> going = new ArrayList<>(); // guarded by this
    private int turn; // guarded by this

    /** Threads that take turns, known by the numbers from 0 on; none goes before it has begun. */
    Turns(int threads, SplittableRandom random) {
        this.random = random;
        for (int i = 0; i < threads; i++) {
            going.add(i);
        }
        pass();
    }

    /** Waits for the first turn. */
    synchronized void begin(int thread) throws InterruptedException {
        await(thread);
    }

    /** Hands the turn on, perhaps to the same thread, and waits to have it again. */
    synchronized void step(int thread) throws InterruptedException {
        pass();
        await(thread);
    }

    /** Hands the turn on for good. */
    synchronized void end(int thread) {
        going.remove(Integer.valueOf(thread));
        if (!going.isEmpty()) {
            pass();
        }
    }

    private synchronized void pass() {
        turn = going.get(random.nextInt(going.size()));
        notifyAll();
    }

    private synchronized void await(int thread) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE;
        while (turn != thread) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("thread %d waited a minute for thread %d".formatted(thread, turn));
            }
            wait(left);
        }
    }
}
