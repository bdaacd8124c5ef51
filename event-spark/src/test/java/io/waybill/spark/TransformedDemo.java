package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The demo archive, and what {@code waybill transform} writes of it. */
public final class TransformedDemo {

    private final Path folder;

    private TransformedDemo(Path folder) {
        this.folder = folder;
    }

    /** Writes both into a folder: {@code archive} and {@code json}. */
    public static TransformedDemo in(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Tool.run(folder, "demo", "archive");
        Tool.run(folder, "transform", "archive", "--to", "json");
        return new TransformedDemo(folder);
    }

    Path archive() {
        return folder.resolve("archive");
    }

    /** How many runs the tool has written. */
    public int runs() throws IOException {
        try (Stream<Path> written = Files.list(folder.resolve("json"))) {
            return (int) written.filter(run -> run.getFileName().toString().startsWith("run="))
                    .count();
        }
    }

    /** The lines of events that the tool wrote, sorted, by run. */
    Map<String, List<String>> events() throws IOException {
        return written("");
    }

    private Map<String, List<String>> written(String below) throws IOException {
        Map<String, List<String>> lines = new TreeMap<>();
        for (Path file : filesIn(folder.resolve("json"))) {
            Path path = folder.resolve("json").relativize(file);
            if (path.toString().matches("run=[^/]*/" + below + "part-[^/]*")) {
                lines.computeIfAbsent(path.getName(0) + "/", run -> new ArrayList<>())
                        .addAll(Files.readAllLines(file));
            }
        }
        lines.values().forEach(list -> list.sort(null));
        lines.values().removeIf(List::isEmpty);
        return lines;
    }

    static List<Path> filesIn(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Rows of a run's id and a text as texts, sorted, by run. */
    static Map<String, List<String>> byRun(Dataset<Row> runAndText) {
        Map<String, List<String>> lines = new TreeMap<>();
        for (Row row : runAndText.collectAsList()) {
            lines.computeIfAbsent(row.getString(0), run -> new ArrayList<>()).add(row.getString(1));
        }
        lines.values().forEach(list -> list.sort(null));
        return lines;
    }

    /** Checks that in each run there are the events that the tool has written, each as often, by their ids. */
    void assertSameIds(Dataset<Row> rows) throws IOException {
        Map<String, List<String>> written = events();
        written.values().forEach(lines -> {
            lines.replaceAll(TransformedDemo::eventId);
            lines.sort(null);
        });
        assertThat(byRun(rows.select("run_id", "event_id"))).isEqualTo(written);
    }

    private static String eventId(String json) {
        Matcher id = Pattern.compile("\"event_id\":\"([^\"]*)\"").matcher(json);
        assertThat(id.find()).as(json).isTrue();
        return id.group(1);
    }

    /** Checks that rows are those of the tool: in each run the same ids, and each value what the JSON says. */
    public void assertSameEvents(Dataset<Row> rows) throws IOException {
        assertSameIds(rows);
        Dataset<Row> theirs = rows.sparkSession()
                .read()
                .schema(SnowplowJson.scalars())
                .option("timestampFormat", "yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS][.SSSSSS][.SSS]X")
                .json(folder.resolve("json") + "/run=*/part-*");
        String row = "to_json(struct(%s)) as json".formatted(String.join(", ", theirs.columns()));
        assertThat(sorted(rows.selectExpr(row))).hasSizeGreaterThan(4_000).isEqualTo(sorted(theirs.selectExpr(row)));
    }

    private static List<String> sorted(Dataset<Row> texts) {
        return texts.collectAsList().stream()
                .map(text -> text.getString(0))
                .sorted()
                .toList();
    }

    /** Checks that rows have the bad lines of the tool, for the same reasons. */
    public void assertSameBadRows(Dataset<Row> rows) throws IOException {
        Map<String, List<String>> told = written("bad/");
        told.values().forEach(lines -> lines.replaceAll(line -> line.replaceFirst("\"file\":\"[^\"]*\",", "")));
        told.values().forEach(lines -> lines.sort(null));
        assertThat(told.values().stream().mapToInt(List::size).sum()).isGreaterThan(5);
        assertThat(byRun(rows.selectExpr(
                        "run_id",
                        "to_json(struct(_bad.line as line, _bad.columns as columns, _bad.errors as errors)) as json")))
                .isEqualTo(told);
    }
}
