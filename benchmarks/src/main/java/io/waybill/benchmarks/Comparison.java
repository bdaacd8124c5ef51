package io.waybill.benchmarks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the candidates in turn, round after round, and prints how they stand to each other. */
@Command(
        name = "benchmarks/run",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Measures the event transformer beside its peers and the limits of the machine, with JMH, each in a JVM of its"
                    + " own, one at a time and all of them in every round; prints the medians over the rounds.",
            "A quick run takes about three minutes, a full one about fifteen. On a machine that does other work only the"
                    + " ratios mean something."
        })
final class Comparison extends Measurement {

    @Option(
            names = "--full",
            description = "More data and more rounds; needs 10 GB of memory, as the candidates are in memory together.")
    private boolean full;

    @Option(
            names = "--data",
            split = ",",
            paramLabel = "KIND:SIZE",
            description = "What to measure on: events:256k, odd:1m, ... Default: events:256k and odd:256k, with --full"
                    + " also events:8k, events:16m and events:200m.")
    private List<String> data = List.of();

    @Option(
            names = "--candidates",
            split = ",",
            paramLabel = "NAME",
            description = "Only some of: ${COMPLETION-CANDIDATES}.")
    private List<Candidate> candidates = List.of(Candidate.values());

    @Option(names = "--rounds", paramLabel = "N", description = "Default: 20, with --full 25.")
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

    @Spec
    private CommandSpec command = CommandSpec.create();

    private Comparison(PrintStream out, PrintStream progress) {
        super(out, progress);
    }

    /** The command. */
    public static void main(String[] args) {
        main(new Comparison(System.out, System.err), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> all = data.isEmpty() ? defaultData() : checked(data);
        int measured = rounds > 0 ? rounds : full ? 25 : 20;
        List<String> flags =
                jvmArgs.isBlank() ? List.of() : List.of(jvmArgs.strip().split("\\s+", -1));
        Rounds run = new Rounds(candidates, full ? 5 : 3, measured, flags);
        JavaScriptSdk javaScript = withoutJavaScript ? null : JavaScriptSdk.install(work, progress);
        List<Sample> samples = new ArrayList<>();
        for (String spec : all) {
            progress.printf("measuring on %s%n", spec);
            List<Rounds.Guest> guests = new ArrayList<>();
            if (javaScript != null && spec.startsWith("events:")) { // it refuses the schemas of odd ones
                guests.add(javaScript.over(spec));
            }
            List<Sample> measuredOn = run.run(spec, guests);
            new StandingTable(spec, new Standing(measuredOn)).print(out);
            samples.addAll(measuredOn);
        }
        if (json != null) {
            write(json, samples);
        }
        return 0;
    }

    private List<String> checked(List<String> specs) {
        try {
            specs.forEach(EventData::check);
            return specs;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private List<String> defaultData() {
        return full
                ? List.of("events:8k", "events:256k", "events:16m", "events:200m", "odd:256k")
                : List.of("events:256k", "odd:256k");
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
