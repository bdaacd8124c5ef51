package io.waybill.manifest.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Several threads that begin the same thing at the same moment: for tests of what only one of them may win. */
public final class Race {

    private Race() {}

    /**
     * What each thread does.
     *
     * @param <T> what it returns
     */
    @FunctionalInterface
    public interface Runner<T> {

        /**
         * Runs once all threads are there.
         *
         * @param number that of the thread, from 0
         * @return what {@link Race#of} is to return for it
         * @throws Exception which fails the race
         */
        T run(int number) throws Exception;
    }

    /**
     * Runs a race to its end.
     *
     * @param runners how many threads
     * @param runner what each does
     * @param <T> what it returns
     * @return what each returned, in the order of their numbers
     * @throws AssertionError if a runner threw, or the race took more than two minutes
     */
    public static <T> List<T> of(int runners, Runner<T> runner) {
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
