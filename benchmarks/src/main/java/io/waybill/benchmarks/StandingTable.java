package io.waybill.benchmarks;

import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalDouble;

/** A {@link Standing} as a table for people. */
final class StandingTable {

    private static final String ROW = "%-40s %8s %11s %8s %13s %8s %8s %8s %10s%n";

    private final String data;
    private final Standing standing;

    StandingTable(String data, Standing standing) {
        this.data = data;
        this.standing = standing;
    }

    void print(PrintStream out) {
        out.printf("%n%s, %s, medians%n", data, "JDK " + Runtime.version());
        String streaming = Candidate.SPLIT_AND_STREAM.title();
        String tuned = Candidate.JACKSON_STREAMING.title();
        String tree = Candidate.SPLIT_AND_TREE.title();
        String copy = Candidate.MEMORY_COPY.title();
        out.printf(ROW, "", "MB/s", "events/s", "x stream", "(all rounds)", "x tuned", "x tree", "of copy", "B/event");
        for (String candidate : standing.candidates()) {
            out.printf(
                    ROW,
                    candidate,
                    number("%,.0f", standing.median(candidate, Sample::bytesPerSecond), 1e-6),
                    number("%,.0f", standing.median(candidate, Sample::eventsPerSecond), 1),
                    number("%.2f", standing.ratio(candidate, streaming), 1),
                    standing.spread(candidate, streaming)
                            .map(s -> String.format(Locale.ROOT, "(%.2f-%.2f)", s[0], s[1]))
                            .orElse("-"),
                    number("%.2f", standing.ratio(candidate, tuned), 1),
                    number("%.2f", standing.ratio(candidate, tree), 1),
                    number("%.2f %%", standing.ratio(candidate, copy), 100),
                    number("%,.0f", standing.median(candidate, Sample::allocatedPerEvent), 1));
        }
    }

    private static String number(String format, OptionalDouble value, double factor) {
        return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble() * factor) : "-";
    }
}
