package io.waybill.cli;

import io.waybill.cli.EventGenerator.Dice;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/**
 * A small realistic archive to try everything on: 36 hourly runs and a replay, with the oddities of real archives. Its
 * lines are the same on every machine.
 */
final class DemoArchive {
    /** The hidden file that a finished demo archive holds: its format and what was written. */
    static final String MARKER = ".waybill-demo";

    /** What the marker is called until everything is written. */
    static final String UNFINISHED = ".waybill-demo-unfinished";

    private static final String FORMAT = "waybill demo archive, format 1";
    private static final long SEED = 20_260_301;
    private static final Instant FIRST_RUN = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final DateTimeFormatter RUN_NAME = DateTimeFormatter.ofPattern(
                    "'run='uuuu-MM-dd-HH-mm-ss", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final int PEOPLE = 10; // at a time: few, so that a visit has several events an hour
    private static final int RUNS = 36;
    private static final int MEMBERS = 3; // this run's first file is a gzip of several members
    private static final int CRLF = 4; // this run's first file has Windows line ends
    private static final int REPLAYED = 5;
    private static final int NO_LINE_END = 6; // this run's first file ends without a line end
    private static final int EMPTY = 13;
    private static final int HALF_COPIED = 35;

    private enum Form {
        GZIP(".gz"),
        TSV(".tsv"),
        BARE("");

        private final String suffix;

        Form(String suffix) {
            this.suffix = suffix;
        }
    }

    /**
     * What a demo archive holds: complete data files in run folders and their lines, those of the half-copied run too.
     *
     * @param created false if the finished archive was there already and nothing was changed
     * @param runs run folders, the empty one, the half-copied one and the replay among them
     * @param files complete data files in them
     * @param events good lines of the files
     * @param badRows bad lines of the files
     * @param bytes size of the files as they are stored
     */
    record Summary(boolean created, int runs, int files, int events, int badRows, long bytes) {}

    private final Path root;
    private final Dice dice = new Dice(SEED);
    private final EventGenerator generator = new EventGenerator(SEED, FIRST_RUN.minus(HOUR), PEOPLE);
    private int runs;
    private int files;
    private int events;
    private int badRows;
    private long bytes;

    private DemoArchive(Path root) {
        this.root = root;
    }

    /**
     * Writes the demo archive, completes one that was cut short, or leaves a finished one as it is.
     *
     * @throws FileAlreadyExistsException if something else is there, which is left untouched
     */
    static Summary write(Path dir) throws IOException {
        if (!isToBeWritten(dir)) {
            return finished(dir.resolve(MARKER));
        }
        Path marker = dir.resolve(MARKER);
        Files.createDirectories(dir);
        Files.writeString(dir.resolve(UNFINISHED), FORMAT + "\n");
        Summary summary = new DemoArchive(dir).writeAll();
        Path unfinished = dir.resolve(UNFINISHED);
        Files.writeString(unfinished, text(summary));
        Files.move(unfinished, marker, StandardCopyOption.ATOMIC_MOVE);
        return summary;
    }

    /**
     * Whether {@link #write} would write anything there. Changes nothing.
     *
     * @throws FileAlreadyExistsException if something else is there
     */
    static boolean isToBeWritten(Path dir) throws IOException {
        Path marker = dir.resolve(MARKER);
        if (Files.exists(marker)) {
            finished(marker);
            return false;
        }
        if (Files.exists(dir) && !Files.isDirectory(dir)) {
            throw new FileAlreadyExistsException(
                    dir.toString(), null, "is a file, want a new or an empty folder for the demo archive");
        }
        Path unfinished = dir.resolve(UNFINISHED);
        if (Files.exists(unfinished)) {
            String found = Files.readString(unfinished);
            if (!found.isEmpty()) {
                requireFormat(unfinished, found);
            }
        } else if (Files.isDirectory(dir)) {
            try (Stream<Path> content = Files.list(dir)) {
                if (content.findAny().isPresent()) {
                    throw new FileAlreadyExistsException(
                            dir.toString(),
                            null,
                            "is not empty and is no demo archive, want a new or an empty folder; nothing was changed");
                }
            }
        }
        return true;
    }

    private static String text(Summary summary) {
        return FORMAT + "\nruns " + summary.runs + "\nfiles " + summary.files + "\nevents " + summary.events
                + "\nbadRows " + summary.badRows + "\nbytes " + summary.bytes + "\n";
    }

    private static Summary finished(Path marker) throws IOException {
        String text = Files.readString(marker);
        requireFormat(marker, text);
        try {
            long[] counts = text.lines()
                    .skip(1)
                    .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                    .toArray();
            return new Summary(
                    false,
                    Math.toIntExact(counts[0]),
                    Math.toIntExact(counts[1]),
                    Math.toIntExact(counts[2]),
                    Math.toIntExact(counts[3]),
                    counts[4]);
        } catch (RuntimeException e) {
            throw new IOException(
                    "%s is damaged, want runs, files, events, badRows and bytes; delete the folder to start anew"
                            .formatted(marker),
                    e);
        }
    }

    private static void requireFormat(Path marker, String text) throws IOException {
        String first = text.lines().findFirst().orElse("");
        if (!first.equals(FORMAT)) {
            throw new IOException("%s is of another version of waybill: it says '%s', want '%s'; name another folder"
                    .formatted(marker, first.length() > 64 ? first.substring(0, 64) : first, FORMAT));
        }
    }

    private Summary writeAll() throws IOException {
        for (int hour = 0; hour < RUNS; hour++) {
            Instant time = FIRST_RUN.plus(HOUR.multipliedBy(hour));
            run(hour, time, generator, RUN_NAME.format(time));
        }
        Instant replayed = FIRST_RUN.plus(HOUR.multipliedBy(REPLAYED));
        EventGenerator late = new EventGenerator(SEED + REPLAYED, replayed.minus(HOUR), PEOPLE);
        run(RUNS, replayed, late, RUN_NAME.format(replayed) + "-replay");
        strangers();
        return new Summary(true, runs, files, events, badRows, bytes);
    }

    /** Writes one run with the events of the hour before it. */
    private void run(int number, Instant time, EventGenerator source, String name) throws IOException {
        Path folder = Files.createDirectories(root.resolve(name));
        runs++;
        if (number == EMPTY) {
            return;
        }
        int parts = number == HALF_COPIED ? 3 : 1 + dice.below(4);
        String id = dice.hex(8);
        Form form = number % 5 == 4 ? Form.TSV : number % 9 == 6 ? Form.BARE : Form.GZIP;
        for (int part = 0; part < parts; part++) {
            Instant from = time.minus(HOUR).plus(HOUR.multipliedBy(part).dividedBy(parts));
            List<byte[]> lines = lines(source, from, HOUR.dividedBy(parts));
            Path file = folder.resolve("part-0000" + part + "-" + id + form.suffix);
            if (number == HALF_COPIED && part == parts - 1) {
                byte[] content = content(form, lines, "\n");
                Files.write(sibling(file, "", "._COPYING_"), Arrays.copyOf(content, content.length * 3 / 5));
            } else if (part == 0) {
                events += lines.size();
                addBadLines(lines, badLines(number, source));
                byte[] content = firstContent(number, form, lines);
                write(file, content);
                if (number % 4 == 1) {
                    Files.write(sibling(file, ".", ".crc"), hadoopChecksum(content));
                }
            } else {
                events += lines.size();
                write(file, content(form, lines, "\n"));
            }
        }
        if (number % 3 == 0 && number != HALF_COPIED) {
            Files.write(folder.resolve("_SUCCESS"), new byte[0]);
        }
    }

    private void write(Path file, byte[] content) throws IOException {
        files++;
        bytes += content.length;
        Files.write(file, content);
    }

    private static Path sibling(Path file, String before, String after) {
        return file.resolveSibling(before + file.getFileName() + after);
    }

    private void addBadLines(List<byte[]> lines, List<byte[]> bad) {
        badRows += bad.size();
        for (int i = 0; i < bad.size(); i++) {
            lines.add(7 * (i + 1), bad.get(i));
        }
    }

    private List<byte[]> lines(EventGenerator source, Instant from, Duration span) {
        int count = 40 + dice.below(21);
        List<byte[]> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            source.moveTo(from.plus(span.multipliedBy(i).dividedBy(count)));
            lines.add(source.next());
        }
        return lines;
    }

    /** The rows of a run that no reader can take: each is what one accident leaves behind. */
    private static List<byte[]> badLines(int number, EventGenerator source) {
        return switch (number) {
            case 2 ->
                List.of(
                        // an extract of the warehouse's table, which has no JSON columns
                        changed(source, columns -> {
                            columns.remove(122);
                            columns.remove(58);
                            columns.remove(52);
                        }),
                        changed(source, columns -> columns.set(7, "12abc"))); // txn_id
            case 8 ->
                List.of(
                        changed(
                                source,
                                columns -> columns.set(52, columns.get(52).substring(0, 200))), // contexts
                        changed(source, columns -> columns.set(3, "2026-03-01 07:61:00.000")), // collector_tstamp
                        new byte[0]);
            case 28 ->
                List.of(
                        // the line end between two events was lost
                        changed(source, columns -> columns.addAll(glued(columns, source))),
                        changed(source, columns -> {
                            columns.set(2, "yesterday"); // etl_tstamp
                            columns.set(103, "1920px"); // dvce_screenwidth
                        }),
                        changed(source, columns -> columns.add(31, "a tab in the title")));
            default -> List.of();
        };
    }

    private static byte[] changed(EventGenerator source, Consumer<List<String>> accident) {
        List<String> columns = columns(source);
        accident.accept(columns);
        return String.join("\t", columns).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The columns of the next event, each byte as one character so that nothing is lost on the way back. */
    private static List<String> columns(EventGenerator source) {
        return new ArrayList<>(List.of(new String(source.next(), StandardCharsets.ISO_8859_1).split("\t", -1)));
    }

    /** The columns of one more event, for the end of a line that has 131 already and shall have 261. */
    private static List<String> glued(List<String> columns, EventGenerator source) {
        List<String> more = columns(source);
        int last = columns.size() - 1;
        columns.set(last, columns.get(last) + more.get(0));
        return more.subList(1, more.size());
    }

    private static byte[] firstContent(int number, Form form, List<byte[]> lines) throws IOException {
        return switch (number) {
            case MEMBERS -> {
                ByteArrayOutputStream members = new ByteArrayOutputStream();
                for (int from = 0; from < lines.size(); from += 16) {
                    members.write(content(form, lines.subList(from, Math.min(from + 16, lines.size())), "\n"));
                }
                yield members.toByteArray();
            }
            case CRLF -> content(form, lines, "\r\n");
            case NO_LINE_END -> {
                byte[] content = content(form, lines, "\n");
                yield Arrays.copyOf(content, content.length - 1);
            }
            default -> content(form, lines, "\n");
        };
    }

    private static byte[] content(Form form, List<byte[]> lines, String lineEnd) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (byte[] line : lines) {
            plain.write(line);
            plain.write(lineEnd.getBytes(StandardCharsets.US_ASCII));
        }
        if (form != Form.GZIP) {
            return plain.toByteArray();
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            plain.writeTo(gzip);
        }
        return packed.toByteArray();
    }

    /** What Hadoop's local file system keeps beside a file: a CRC-32 of each 512 bytes. */
    private static byte[] hadoopChecksum(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBytes("crc\0");
        out.writeInt(512);
        for (int from = 0; from < content.length; from += 512) {
            CRC32 crc = new CRC32();
            crc.update(content, from, Math.min(512, content.length - from));
            out.writeInt((int) crc.getValue());
        }
        return bytes.toByteArray();
    }

    /** Writes what looks like a part of the archive and is none: reports, and a run of a day that never was. */
    private void strangers() throws IOException {
        Path reports = Files.createDirectories(root.resolve("reports"));
        Files.writeString(reports.resolve("2026-02-summary.csv"), "day,events\n2026-02-27,48211\n2026-02-28,51874\n");
        Path never = Files.createDirectories(root.resolve("run=2026-02-30-00-00-00"));
        Instant time = FIRST_RUN.plus(HOUR.multipliedBy(RUNS));
        Files.write(never.resolve("part-00000.gz"), content(Form.GZIP, lines(generator, time, HOUR), "\n"));
    }
}
