package io.waybill.benchmarks;

import io.waybill.cli.EventGenerator;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of enriched events in memory, the same ones on every machine; each ends with a line end. */
final class EventData {

    static final long SEED = 20170411;
    static final Instant START = Instant.parse("2017-04-11T09:00:00Z");
    private static final Pattern SPEC = Pattern.compile("(?<kind>events|odd):(?<size>[1-9][0-9]{0,3})(?<unit>[km])");

    private final byte[] tsv;
    private final int[] ends;

    private EventData(byte[] tsv, int[] ends) {
        this.tsv = tsv;
        this.ends = ends;
    }

    /**
     * Makes data.
     *
     * @param spec the kind and the size: {@code events:256k} are some 100 events of the generator, {@code odd:1m} is one
     *     MiB of valid lines in odd forms
     */
    static EventData of(String spec) {
        Matcher matcher = check(spec);
        int size = Math.multiplyExact(
                Integer.parseInt(matcher.group("size")), matcher.group("unit").equals("k") ? 1 << 10 : 1 << 20);
        return collect(size, supplier(matcher.group("kind")));
    }

    /** Refuses what {@link #of} would not understand, without making anything. */
    static Matcher check(String spec) {
        Matcher matcher = SPEC.matcher(spec);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "data is '%s', want events:SIZE or odd:SIZE with a size such as 256k or 64m".formatted(spec));
        }
        return matcher;
    }

    private static Supplier<byte[]> supplier(String kind) {
        EventGenerator events = new EventGenerator(SEED, START);
        return kind.equals("odd") ? new OddEvents(events, SEED) : events::next;
    }

    /** Takes whole lines until the size is reached. */
    private static EventData collect(int size, Supplier<byte[]> lines) {
        byte[] tsv = new byte[size];
        int[] ends = new int[64];
        int length = 0;
        int count = 0;
        while (length < size) {
            byte[] line = lines.get();
            if (tsv.length - length <= line.length) {
                tsv = Arrays.copyOf(tsv, length + line.length + 1);
            }
            System.arraycopy(line, 0, tsv, length, line.length);
            length += line.length;
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, 2 * count);
            }
            ends[count++] = length;
            tsv[length++] = '\n';
        }
        return new EventData(Arrays.copyOf(tsv, length), Arrays.copyOf(ends, count));
    }

    /** All lines with their line ends, which is only to be read. */
    byte[] tsv() {
        return tsv;
    }

    /** The number of lines. */
    int count() {
        return ends.length;
    }

    /** Where a line begins. */
    int from(int line) {
        return line == 0 ? 0 : ends[line - 1] + 1;
    }

    /** Where the line end of a line is. */
    int to(int line) {
        return ends[line];
    }

    /** Copies of the lines, without line ends. */
    List<byte[]> lines() {
        byte[][] lines = new byte[ends.length][];
        Arrays.setAll(lines, line -> Arrays.copyOfRange(tsv, from(line), to(line)));
        return Arrays.asList(lines);
    }

    /** A stream of the lines, again and again. */
    InputStream repeated(int times) {
        return new RepeatedBytes(tsv, times);
    }
}
