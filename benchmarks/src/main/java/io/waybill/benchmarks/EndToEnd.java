package io.waybill.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the way from gzip files to NDJSON files: warm in this JVM, and cold in fresh ones. */
@Command(
        name = "benchmarks/run end-to-end",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Transforms gzip files of generated events to NDJSON files, beside what cannot be avoided: inflating them and"
                    + " writing as many bytes. All steps are run in turn, round after round; medians are printed.",
            "Takes about two minutes, and a disk with room for the JSON."
        })
final class EndToEnd extends Measurement {

    /** Rounds that are not counted, in which the code gets compiled and the launcher builds itself. */
    private static final int WARM_UPS = 2;

    private static final long COLD_BYTES = 14_000_000;
    private static final String ROW = "%-46s %8s %8s %12s %22s%n";

    @Option(
            names = "--files",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many files. Default: ${DEFAULT-VALUE}.")
    private int files;

    @Option(
            names = "--megabytes",
            paramLabel = "N",
            defaultValue = "70",
            description = "The size of each when inflated. Default: ${DEFAULT-VALUE}.")
    private int megabytes;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "7", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Where the files are made, and removed again. Default: the folder for temporary files.")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--launcher", required = true, hidden = true, description = "The waybill script.")
    private Path launcher = Path.of("");

    private EndToEnd(PrintStream out, PrintStream progress) {
        super(out, progress);
    }

    /** The command. */
    public static void main(String[] args) {
        main(new EndToEnd(System.out, System.err), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory(folder, "waybill-benchmarks");
        try {
            warm(work);
            cold(work);
        } finally {
            Folders.delete(work);
        }
        return 0;
    }

    private void warm(Path work) throws IOException, InterruptedException {
        progress.printf("writing %d gzip files to %s%n", files, work);
        GzipFiles input = GzipFiles.write(work.resolve("gzip"), files, megabytes * 1_000_000L);
        List<Sample> samples = new ArrayList<>();
        try (WarmFiles steps = new WarmFiles(input, Files.createDirectory(work.resolve("ndjson")))) {
            for (int round = 1 - WARM_UPS; round <= rounds; round++) {
                progress.printf("warm, round %d of %d%n", round, rounds);
                List<Sample> measured = steps.measure(round);
                if (round > 0) {
                    samples.addAll(measured);
                }
            }
        }
        Standing standing = new Standing(samples);
        out.printf(
                "%n%d files, %,d MB of gzip, %,d MB inflated; JDK %s; medians of %d rounds%n",
                files, input.storedBytes() / 1_000_000, input.plainBytes() / 1_000_000, Runtime.version(), rounds);
        out.printf(ROW, "", "seconds", "MB/s", "x inflate", "x inflate and write");
        for (String step : standing.candidates()) {
            double rate = standing.median(step, Sample::bytesPerSecond).orElseThrow();
            out.printf(
                    ROW,
                    step,
                    number(input.plainBytes() / rate),
                    String.format(Locale.ROOT, "%,.0f", rate / 1e6),
                    number(times(standing, step, WarmFiles.INFLATE)),
                    number(times(standing, step, WarmFiles.INFLATE_AND_WRITE)));
        }
        out.printf(
                Locale.ROOT,
                "two threads against one: transform %.2f, inflate %.2f%n",
                times(standing, WarmFiles.TRANSFORM, WarmFiles.TRANSFORM_IN_TWO),
                times(standing, WarmFiles.INFLATE, WarmFiles.INFLATE_IN_TWO));
    }

    private void cold(Path work) throws IOException, InterruptedException {
        ColdStart processes = new ColdStart(launcher, Files.createDirectory(work.resolve("cold")), COLD_BYTES);
        List<Sample> samples = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            progress.printf("cold, round %d of %d%n", round, rounds);
            List<Sample> measured = processes.measure(round);
            if (round > 0) {
                samples.addAll(measured);
            }
        }
        Standing standing = new Standing(samples);
        out.printf(
                Locale.ROOT,
                "%nwhole processes on one file, %.1f MB inflated; medians of %d rounds%n",
                processes.plainBytes() / 1e6,
                rounds);
        out.printf(ROW, "", "seconds", "", "x inflate", "x java -version");
        for (String process : standing.candidates()) {
            double rate = standing.median(process, Sample::bytesPerSecond).orElseThrow();
            out.printf(
                    ROW,
                    process,
                    number(processes.plainBytes() / rate),
                    "",
                    number(times(standing, process, ColdStart.INFLATE)),
                    number(times(standing, process, ColdStart.NOTHING)));
        }
    }

    /** How many times as long one takes as the other. */
    private static double times(Standing standing, String one, String other) {
        return standing.ratio(other, one).orElseThrow();
    }
}
