package io.waybill.benchmarks;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** A command of {@code benchmarks/run}: what all of them have. */
abstract class Measurement implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // its presence is what counts
    private boolean help;

    /** Where the results go. */
    final PrintStream out;

    /** Where it is told what is being done. */
    final PrintStream progress;

    Measurement(PrintStream out, PrintStream progress) {
        this.out = out;
        this.progress = progress;
    }

    /** Runs the command, and ends the process. */
    static void main(Measurement command, String... args) {
        System.exit(new CommandLine(command).execute(args));
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
