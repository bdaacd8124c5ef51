package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.inmemory.InMemoryRunManifestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the demo archive Spark gives what {@code waybill transform} writes, row by row. */
class SameAsTransformTest {

    private final SparkSession spark = SparkTestSession.get();

    @TempDir
    static Path folder;

    @BeforeAll
    static void transform() throws IOException, InterruptedException {
        Tool.run(folder, "demo", "archive");
        Tool.run(folder, "transform", "archive", "--to", "json");
    }

    /** What the tool wrote, by run: events, and what it said of bad rows. */
    private static Map<String, List<String>> written(String below) throws IOException {
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

    private static List<Path> filesIn(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Map<String, List<String>> byRun(Dataset<Row> runAndText) {
        Map<String, List<String>> lines = new TreeMap<>();
        for (Row row : runAndText.collectAsList()) {
            lines.computeIfAbsent(row.getString(0), run -> new ArrayList<>()).add(row.getString(1));
        }
        lines.values().forEach(list -> list.sort(null));
        return lines;
    }

    private Dataset<Row> events() {
        return EnrichedEvents.read(spark, folder.resolve("archive").toString());
    }

    @Test
    void theSameLinesAreBadForTheSameReasons() throws IOException {
        Dataset<Row> bad = events().where("_bad is not null")
                .selectExpr(
                        "run_id",
                        "to_json(struct(_bad.line as line, _bad.columns as columns, _bad.errors as errors)) as json");
        Map<String, List<String>> told = written("bad/");
        told.values().forEach(lines -> lines.replaceAll(line -> line.replaceFirst("\"file\":\"[^\"]*\",", "")));

        assertThat(told.values().stream().mapToInt(List::size).sum()).isGreaterThan(5);
        told.values().forEach(lines -> lines.sort(null));
        assertThat(byRun(bad)).isEqualTo(told);
    }

    @Test
    void theSameRunsHaveAsManyEvents() throws IOException {
        Map<String, Integer> rows = new TreeMap<>();
        events().where("_bad is null")
                .groupBy("run_id")
                .count()
                .collectAsList()
                .forEach(row -> rows.put(row.getString(0), (int) row.getLong(1)));
        Map<String, Integer> written = new TreeMap<>();
        written("").forEach((run, lines) -> written.put(run, lines.size()));

        assertThat(written.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(4_000);
        assertThat(rows).isEqualTo(written);
    }

    @Test
    void eachValueIsWhatTheJsonSays() throws IOException {
        Dataset<Row> ours = events().where("_bad is null");
        Dataset<Row> theirs = spark.read()
                .schema(SnowplowJson.scalars())
                .option("timestampFormat", "yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS][.SSSSSS][.SSS]X")
                .json(folder.resolve("json").toString() + "/run=*/part-*");
        String row = "to_json(struct(%s)) as json".formatted(String.join(", ", theirs.columns()));

        assertThat(sorted(ours.selectExpr(row))).hasSizeGreaterThan(4_000).isEqualTo(sorted(theirs.selectExpr(row)));
    }

    private static List<String> sorted(Dataset<Row> texts) {
        return texts.collectAsList().stream()
                .map(text -> text.getString(0))
                .sorted()
                .toList();
    }

    @Test
    void theFunctionGivesTheSameJson() throws IOException {
        SnowplowFunctions.register(spark);
        Map<String, List<String>> json = new TreeMap<>();
        for (String run : written("").keySet()) {
            List<Path> inputs = filesIn(folder.resolve("archive").resolve(run)).stream()
                    .filter(file -> !String.valueOf(file.getFileName()).matches("[._].*"))
                    .toList();
            String[] paths = inputs.stream().map(Path::toString).toArray(String[]::new);
            Dataset<Row> lines = spark.read()
                    .option("lineSep", "\n")
                    .text(paths)
                    .selectExpr("'%s'".formatted(run), "snowplow_to_json(value) as json")
                    .where("json is not null");
            json.putAll(byRun(lines));
        }

        assertThat(json).isEqualTo(written(""));
    }

    @Test
    void aManifestedBatchReadsTheSameRunsOnce() throws Exception {
        InMemoryRunManifestStore store = new InMemoryRunManifestStore();
        RunManifest manifest = RunManifest.over(store);
        manifest.create();
        Path output = folder.resolve("parquet");
        ManifestedBatch batch = ManifestedBatch.builder(
                        spark, manifest, folder.resolve("archive").toString())
                .build();

        batch.process((events, claims) -> RunPartitions.overwrite(
                events.where("_bad is null").select("run_id", "event_id"), "parquet", output.toString()));

        Map<String, Integer> written = new TreeMap<>();
        written("").forEach((run, lines) -> written.put(run, lines.size()));
        Map<String, Integer> rows = new TreeMap<>();
        spark.read()
                .parquet(output.toString())
                .groupBy("run_id")
                .count()
                .collectAsList()
                .forEach(row -> rows.put(row.getString(0), (int) row.getLong(1)));
        assertThat(rows).isEqualTo(written);
        assertThat(written.keySet()).allMatch(run -> manifest.contains(new RunId(run)));
    }
}
