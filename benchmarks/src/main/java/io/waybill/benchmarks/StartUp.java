package io.waybill.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how long one waits for a command of the tool that has next to nothing to do. */
@Command(
        name = "benchmarks/run startup",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Starts the waybill command again and again, and java -version each time before it: the ratio is that of the"
                    + " two in the same round. The store of 'pending' is the embedded one, with the demo archive processed.",
            "Takes about a minute."
        })
final class StartUp extends Measurement {

    private static final String NOTHING = "java -version";
    private static final String ROW = "%-20s %9s %9s %9s %16s%n";

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "15", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--launcher", required = true, hidden = true, description = "The waybill script.")
    private Path launcher = Path.of("");

    StartUp(PrintStream out, PrintStream progress) {
        super(out, progress);
    }

    /** The command. */
    public static void main(String[] args) {
        main(new StartUp(System.out, System.err), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rounds < 1) {
            throw new IllegalArgumentException("--rounds is " + rounds + ", want 1 or more");
        }
        Path work = Files.createTempDirectory("waybill-startup");
        try {
            progress.println("building the command, if need be, and processing the demo archive");
            waybill(work, "demo", "demo");
            waybill(work, "transform", "demo", "--to", "json");
            Map<String, List<String>> commands = new LinkedHashMap<>();
            commands.put(NOTHING, List.of(TimedProcess.java(), "-XX:+UseSerialGC", "-version"));
            for (String words : List.of("--version", "--help", "pending demo", "status")) {
                List<String> command = new ArrayList<>(List.of(launcher.toString()));
                command.addAll(List.of(words.split(" ")));
                commands.put("waybill " + words, command);
            }
            print(measure(commands, work));
        } finally {
            Folders.delete(work);
        }
        return 0;
    }

    private void waybill(Path work, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(words));
        TimedProcess.seconds(command, work);
    }

    private Map<String, List<Double>> measure(Map<String, List<String>> commands, Path work)
            throws IOException, InterruptedException {
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            progress.printf("round %d of %d%n", round, rounds);
            for (Map.Entry<String, List<String>> command : commands.entrySet()) {
                double taken = TimedProcess.seconds(command.getValue(), work);
                if (round > 0) { // the first reads files from the disk
                    seconds.computeIfAbsent(command.getKey(), key -> new ArrayList<>())
                            .add(taken);
                }
            }
        }
        return seconds;
    }

    private void print(Map<String, List<Double>> seconds) {
        out.printf("%nJDK %s, %d rounds; seconds%n", Runtime.version(), rounds);
        out.printf(ROW, "", "least", "median", "most", "x java -version");
        List<Double> nothing = seconds.getOrDefault(NOTHING, List.of());
        seconds.forEach((command, taken) -> {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < taken.size(); i++) {
                ratios.add(taken.get(i) / nothing.get(i));
            }
            List<Double> sorted = taken.stream().sorted().toList();
            out.printf(
                    ROW,
                    command,
                    number(sorted.get(0)),
                    number(median(sorted)),
                    number(sorted.get(sorted.size() - 1)),
                    number(median(ratios)));
        });
    }

    private static double median(List<Double> values) {
        return Standing.middle(values.stream().mapToDouble(value -> value)).orElseThrow();
    }
}
