package io.waybill.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A folder in which a test tries the command: an archive that it fills, an output folder, a store, and the command itself,
 * in this process or in one of its own.
 */
final class Workbench {

    /** The exit code of a process that was killed. */
    static final int KILLED = 137;

    private static final int EVENT_ID = 6;
    private static final long PATIENCE_SECONDS = 180; // on a machine that is busy with other things
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    final Path folder;
    final Path archive;
    final Path output;

    /** The store that {@link #waybill} names. */
    final String store;

    private final EventGenerator generator = new EventGenerator(4711, Instant.parse("2026-03-01T00:00:00Z"));
    private int processes;

    Workbench(Path folder) throws IOException {
        this.folder = folder;
        this.archive = Files.createDirectories(folder.resolve("archive"));
        this.output = folder.resolve("out");
        this.store = "jdbc:h2:file:" + folder.resolve("m");
    }

    /** A workbench whose store was made. */
    static Workbench initialised(Path folder) throws IOException {
        Workbench bench = new Workbench(folder);
        assertThat(bench.waybill("init").code()).isZero();
        return bench;
    }

    // The archive.

    /** Lines of so many new events. */
    List<byte[]> events(int count) {
        return Stream.generate(generator::next).limit(count).toList();
    }

    /** A file of the archive with these lines, gzip if its name ends so. */
    Path write(String file, List<byte[]> lines) throws IOException {
        Path path = archive.resolve(file);
        Files.createDirectories(path.resolveSibling(""));
        try (OutputStream plain = Files.newOutputStream(path);
                OutputStream out = file.endsWith(".gz") ? new GZIPOutputStream(plain, 1 << 16) : plain) {
            for (byte[] line : lines) {
                out.write(line);
                out.write('\n');
            }
        }
        return path;
    }

    /** So many hourly runs, each with this number of gzip files of 20 events; tells the ids of each run's events. */
    Map<String, List<String>> writeRuns(int runs, int files) throws IOException {
        Map<String, List<String>> ids = new TreeMap<>();
        for (int run = 0; run < runs; run++) {
            String name = run(run);
            for (int file = 0; file < files; file++) {
                List<byte[]> lines = events(20);
                write("%s/part-%05d.gz".formatted(name, file), lines);
                ids.computeIfAbsent(name, key -> new ArrayList<>())
                        .addAll(lines.stream().map(Workbench::eventId).toList());
            }
        }
        return ids;
    }

    /** The name of the folder of a run, numbered by the hour. */
    static String run(int number) {
        return "run=2026-03-%02d-%02d-00-00".formatted(1 + number / 24, number % 24);
    }

    static String eventId(byte[] line) {
        return new String(line, ISO_8859_1).split("\t", -1)[EVENT_ID];
    }

    // The command.

    /** What a call of the command left: its exit code, its data and its talk. */
    record Result(int code, String out, String err) {

        /** The one JSON array that was printed. */
        List<JsonNode> rows() throws IOException {
            JsonNode array = STRICT.readTree(out);
            assertThat(array.isArray()).as("%s\n%s", out, err).isTrue();
            List<JsonNode> rows = new ArrayList<>();
            array.forEach(rows::add);
            return rows;
        }

        /** What became of each run, from the JSON of a transform. */
        Map<String, String> results() throws IOException {
            return column("result");
        }

        /** One column of the JSON by run. */
        Map<String, String> column(String name) throws IOException {
            Map<String, String> column = new TreeMap<>();
            for (JsonNode row : rows()) {
                assertThat(column.put(row.get("run").asText(), row.path(name).asText()))
                        .as("two rows for one run in\n%s", out)
                        .isNull();
            }
            return column;
        }
    }

    /** The command in this process, as it is typed. */
    static Result call(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Result(code, out.toString(), err.toString());
    }

    /** A command in this process, with this workbench's store if none is named. */
    Result waybill(String command, String... arguments) {
        return call(filled(arguments, command, "--store=" + store));
    }

    /** A transform of the archive in this process, with this workbench's store, its output folder and JSON if not told else. */
    Result transform(String... arguments) {
        return call(filled(
                arguments, "transform", archive.toString(), "--store=" + store, "--to=" + output, "--output=json"));
    }

    /** A process of the command in this folder, where it uses the default store. */
    Call start(String... arguments) throws IOException {
        return start(List.of(), List.of(), arguments);
    }

    /** A process of the command in this folder, behind a launcher such as {@code env}, with options for its JVM. */
    Call start(List<String> launcher, List<String> jvmOptions, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(java(jvmOptions));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        Path out = folder.resolve("stdout-" + ++processes);
        Path err = folder.resolve("stderr-" + processes);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("WAYBILL") || name.startsWith("JAVA_TOOL"));
        return new Call(builder.start(), out, err);
    }

    /** The command line of a JVM with this one's class path. */
    static List<String> java(List<String> options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(options);
        return command;
    }

    /** A process of the command. */
    record Call(Process process, Path out, Path err) {

        /** Waits for its end. */
        Result end() throws IOException, InterruptedException {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the process has not ended; it has said: " + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        }
    }

    // What it did.

    /** The published runs: the event ids of each, in the order of its files and their lines, every line strict JSON. */
    Map<String, List<String>> published() throws IOException {
        Map<String, List<String>> runs = new TreeMap<>();
        for (String run : namesIn(output)) {
            if (!run.startsWith(".")) {
                List<String> ids = new ArrayList<>();
                for (JsonNode event : json(output.resolve(run))) {
                    ids.add(event.get("event_id").asText());
                }
                runs.put(run, ids);
            }
        }
        return runs;
    }

    /** The lines of all parts in a folder. */
    static List<JsonNode> json(Path run) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String name : namesIn(run)) {
            if (name.startsWith("part-")) {
                lines.addAll(lines(run.resolve(name)));
            }
        }
        return lines;
    }

    /** The lines of an NDJSON file, each one strict JSON object and each with its line end. */
    static List<JsonNode> lines(Path file) throws IOException {
        return lines(file.toString(), Files.readAllBytes(file));
    }

    /** The same of what a file of this name holds. */
    static List<JsonNode> lines(String file, byte[] content) throws IOException {
        byte[] bytes = content;
        if (file.endsWith(".gz")) {
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                bytes = in.readAllBytes();
            }
        }
        List<JsonNode> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, i - from)); // throws unless well-formed
                JsonNode line = STRICT.readTree(Arrays.copyOfRange(bytes, from, i));
                assertThat(line.isObject()).as("%s: %s", file, line).isTrue();
                lines.add(line);
                from = i + 1;
            }
        }
        assertThat(from).as("%s ends with a line end", file).isEqualTo(bytes.length);
        return lines;
    }

    /** The work folders in the output. */
    List<String> workFolders() throws IOException {
        return namesIn(output).stream()
                .filter(name -> name.startsWith(".waybill-work"))
                .toList();
    }

    /** The state of each run that the store has a record of. */
    Map<String, String> states(String store) throws IOException {
        Result list = call("list", "--store", store, "--output=json");
        assertThat(list.code()).as(list.err()).isZero();
        return list.column("state");
    }

    /** The store that processes in this folder use when none is named. */
    String defaultStore() {
        return "jdbc:h2:file:" + folder.resolve(".waybill/manifest");
    }

    /** The names in a folder in their order, none if it is not there. */
    static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> requireNonNull(entry.getFileName()).toString())
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** The content of every file below a folder. */
    static Map<String, String> content(Path folder) throws IOException {
        Map<String, String> content = new TreeMap<>();
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    content.put(folder.relativize(file).toString(), new String(Files.readAllBytes(file), ISO_8859_1));
                }
            }
        }
        return content;
    }

    static <T> List<T> concat(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** The bytes as gzip packs them. */
    static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }

    /** A command line of these arguments, and of those that they do not give themselves. */
    private static String[] filled(String[] arguments, String... otherwise) {
        Stream<String> missing = Stream.of(otherwise)
                .filter(word -> !word.startsWith("--")
                        || Stream.of(arguments).noneMatch(given -> option(given).equals(option(word))));
        return Stream.concat(missing, Stream.of(arguments)).toArray(String[]::new);
    }

    private static String option(String word) {
        return word.replaceFirst("=.*", "");
    }
}
