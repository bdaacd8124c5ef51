package io.waybill.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH for all candidates at once, each in a JVM of its own, and lets them take turns: one iteration of each is a
 * round.
 *
 * @param candidates in the order of a round
 * @param warmUps rounds of a second for each candidate, which are not counted
 * @param measured rounds of 200 ms for each
 * @param jvmArgs flags for the JVMs
 */
record Rounds(List<Candidate> candidates, int warmUps, int measured, List<String> jvmArgs) {

    /** Something that is not a JVM, and has its turn at the end of each measured round. */
    @FunctionalInterface
    interface Guest {
        /** Measures it once. */
        Sample measure(int round) throws IOException, InterruptedException;
    }

    /** Measures all candidates and the guests on one set of data. */
    List<Sample> run(String data, List<Guest> guests) throws IOException, InterruptedException {
        List<Sample> samples = new ArrayList<>();
        ExecutorService runners = Executors.newFixedThreadPool(candidates.size());
        try (Turns turns = new Turns(candidates.size())) {
            List<Future<RunResult>> results = new ArrayList<>();
            for (int place = 0; place < candidates.size(); place++) {
                Options options = options(data, candidates.get(place), turns.jvmArgs(place));
                results.add(runners.submit(() -> new Runner(options).runSingle()));
            }
            boolean going = turns.awaitAll(() -> results.stream().noneMatch(Future::isDone));
            for (int round = 1 - warmUps; going && round <= measured; round++) {
                going = turns.round();
                for (Guest guest : going && round > 0 ? guests : List.<Guest>of()) {
                    samples.add(guest.measure(round));
                }
            }
            samples.addAll(0, collect(data, results));
        } finally {
            runners.shutdownNow();
        }
        return samples;
    }

    private List<Sample> collect(String data, List<Future<RunResult>> results)
            throws IOException, InterruptedException {
        List<Sample> samples = new ArrayList<>();
        for (int place = 0; place < candidates.size(); place++) {
            Candidate candidate = candidates.get(place);
            try {
                int round = 1;
                for (var fork : results.get(place).get().getBenchmarkResults()) {
                    for (IterationResult iteration : fork.getIterationResults()) {
                        samples.add(sample(round++, data, candidate, iteration));
                    }
                }
            } catch (ExecutionException e) {
                throw new IOException("%s on %s: %s".formatted(candidate, data, e.getMessage()), e);
            }
        }
        return samples;
    }

    private static Sample sample(int round, String data, Candidate candidate, IterationResult iteration) {
        double calls = iteration.getPrimaryResult().getScore();
        double events = secondary(iteration, "events");
        double allocatedPerCall = secondary(iteration, "gc.alloc.rate.norm");
        return new Sample(
                round,
                data,
                candidate.title(),
                secondary(iteration, "bytes"),
                events,
                allocatedPerCall * calls / events);
    }

    private static double secondary(IterationResult iteration, String name) {
        Result<?> result = iteration.getSecondaryResults().get(name);
        if (result == null) {
            throw new IllegalStateException("JMH measured no %s, only %s"
                    .formatted(name, iteration.getSecondaryResults().keySet()));
        }
        return result.getScore();
    }

    private Options options(String data, Candidate candidate, List<String> turnArgs) {
        List<String> arguments = new ArrayList<>(jvmArgs);
        arguments.addAll(turnArgs);
        return new OptionsBuilder()
                .include(TransformBenchmark.class.getName())
                .param("candidate", candidate.name())
                .param("data", data)
                .forks(1)
                .warmupIterations(warmUps)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(measured)
                .measurementTime(TimeValue.milliseconds(200))
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend(arguments.toArray(new String[0]))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
    }
}
