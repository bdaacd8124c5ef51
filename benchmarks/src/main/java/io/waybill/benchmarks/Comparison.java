package io.waybill.benchmarks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the candidates in turn, round after round, and prints how they stand to each other. */
@Command(
        name = "benchmarks/run",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Measures the event transformer beside its peers and the limits of the machine, with JMH, each in a fresh JVM,"
                    + " all of them once in every round; prints the medians over the rounds.",
            "A quick run takes about three minutes, a full one about fifteen. On a machine that does other work only the"
                    + " ratios mean something."
        })
final class Comparison implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // its presence is what counts
    private boolean help;

    @Option(names = "--full", description = "More data, more rounds, longer ones.")
    private boolean full;

    @Option(
            names = "--data",
            split = ",",
            paramLabel = "KIND:SIZE",
            description = "What to measure on: events:256k, odd:1m, ... Default: events:256k and odd:256k, with --full"
                    + " also events:8k, events:16m and events:256m.")
    private List<String> data = List.of();

    @Option(
            names = "--candidates",
            split = ",",
            paramLabel = "NAME",
            description = "Only some of: ${COMPLETION-CANDIDATES}.")
    private List<Candidate> candidates = List.of(Candidate.values());

    @Option(names = "--rounds", paramLabel = "N", description = "Default: 2, with --full 3.")
    private int rounds;

    @Option(
            names = "--jvm-args",
            paramLabel = "ARGS",
            description = "Flags for the measured JVMs, in one argument, such as '-XX:+UseSerialGC -Xmx2g'. The JDK is"
                    + " that of JAVA_HOME.")
    private String jvmArgs = "";

    @Option(names = "--no-javascript", description = "Leave out the JavaScript SDK, which needs Node and npm.")
    private boolean withoutJavaScript;

    @Option(
            names = "--work",
            required = true,
            hidden = true,
            description = "A folder for the JavaScript SDK and what it reads.")
    private Path work = Path.of("");

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write everything that was measured to this file, too.")
    private @Nullable Path json;

    private final PrintStream out;
    private final PrintStream progress;

    private Comparison(PrintStream out, PrintStream progress) {
        this.out = out;
        this.progress = progress;
    }

    /** The command. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Comparison(System.out, System.err)).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> all = data.isEmpty() ? defaultData() : data;
        int most = rounds > 0 ? rounds : full ? 3 : 2;
        JavaScriptSdk javaScript = withoutJavaScript ? null : JavaScriptSdk.install(work, progress);
        List<Sample> samples = new ArrayList<>();
        try {
            for (int round = 1; round <= most; round++) {
                for (String spec : all) {
                    for (Candidate candidate : candidates) {
                        samples.add(say(measure(round, spec, candidate)));
                    }
                    if (javaScript != null && spec.startsWith("events:")) {
                        samples.add(say(javaScript.measure(round, spec)));
                    }
                }
            }
        } catch (RunnerException e) {
            progress.println("benchmarks: JMH could not measure: " + e.getMessage());
            return 1;
        }
        for (String spec : all) {
            new StandingTable(
                            spec,
                            new Standing(samples.stream()
                                    .filter(s -> s.data().equals(spec))
                                    .toList()))
                    .print(out);
        }
        if (json != null) {
            write(json, samples);
        }
        return 0;
    }

    private List<String> defaultData() {
        return full
                ? List.of("events:8k", "events:256k", "events:16m", "events:256m", "odd:256k")
                : List.of("events:256k", "odd:256k");
    }

    private Sample say(Sample sample) {
        progress.printf(
                "round %d  %-12s %-40s %,8.0f MB/s%n",
                sample.round(), sample.data(), sample.candidate(), sample.bytesPerSecond() / 1e6);
        return sample;
    }

    private Sample measure(int round, String spec, Candidate candidate) throws RunnerException {
        Options options = new OptionsBuilder()
                .include(TransformBenchmark.class.getName())
                .param("candidate", candidate.name())
                .param("data", spec)
                .forks(1)
                .warmupIterations(full ? 4 : 3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(full ? 5 : 4)
                .measurementTime(TimeValue.milliseconds(500))
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend(
                        jvmArgs.isBlank() ? new String[0] : jvmArgs.strip().split("\\s+", -1))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        RunResult result = new Runner(options).runSingle();
        double calls = result.getPrimaryResult().getScore();
        double bytes = secondary(result, "bytes");
        double events = secondary(result, "events");
        double allocated = secondary(result, "gc.alloc.rate.norm") * calls / events;
        return new Sample(round, spec, candidate.title(), bytes, events, allocated);
    }

    private static double secondary(RunResult run, String name) {
        Result<?> result = run.getSecondaryResults().get(name);
        if (result == null) {
            throw new IllegalStateException("JMH measured no %s, only %s"
                    .formatted(name, run.getSecondaryResults().keySet()));
        }
        return result.getScore();
    }

    private void write(Path file, List<Sample> samples) throws IOException {
        JsonMapper.builder()
                .build()
                .writerWithDefaultPrettyPrinter()
                .writeValue(
                        file.toFile(),
                        Map.of(
                                "java",
                                Runtime.version().toString(),
                                "jvmArgs",
                                jvmArgs,
                                "processors",
                                Runtime.getRuntime().availableProcessors(),
                                "samples",
                                samples));
    }
}
