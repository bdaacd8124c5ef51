package io.waybill.manifest.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Several threads that begin the same thing at the same moment. */
final class Race {

    private Race() {}

    interface Runner<T> {
        T run(int number) throws Exception;
    }

    /** What each returned, in the order of their numbers. */
    static <T> List<T> of(int runners, Runner<T> runner) {
        ExecutorService threads = Executors.newFixedThreadPool(runners);
        try {
            CyclicBarrier start = new CyclicBarrier(runners);
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < runners; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    start.await(1, TimeUnit.MINUTES);
                    return runner.run(number);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : running) {
                results.add(future.get(2, TimeUnit.MINUTES));
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError("a runner failed: " + e.getCause(), e.getCause());
        } catch (Exception e) { // a time-out or an interrupt: the test cannot go on either way
            throw new AssertionError("the race did not end", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
