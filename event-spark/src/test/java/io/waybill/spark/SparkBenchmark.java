package io.waybill.spark;

import io.waybill.benchmarks.SplitAndTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** How fast events are read, beside other ways and the limit; see docs/spark.md. Not run with the tests. */
class SparkBenchmark {

    private static final int FILES = 8;
    private static final int EVENTS = Integer.getInteger("spark.benchmark.events", 200_000);
    private static final int ROUNDS = Integer.getInteger("spark.benchmark.rounds", 5);
    private static final double MEGABYTE = 1e6;

    private final SparkSession spark = SparkTestSession.get();
    private final Path archive = Path.of("target/benchmark/" + EVENTS).toAbsolutePath();
    private final List<Path> paths = GeneratedArchive.files(archive, 1, FILES);
    private final String[] files = paths.stream().map(Path::toString).toArray(String[]::new);

    private Map<String, Supplier<Dataset<Row>>> candidates() {
        SnowplowFunctions.register(spark);
        Map<String, Supplier<Dataset<Row>>> candidates = new LinkedHashMap<>();
        candidates.put("spark.read.text, the limit", () -> spark.read().text(files));
        candidates.put("three columns", () -> events().select("app_id", "event_name", "collector_tstamp"));
        candidates.put(
                "three columns of those where _bad is null",
                () -> events().where("_bad is null").select("app_id", "event_name", "collector_tstamp"));
        candidates.put("all 131 columns", () -> events().drop("_bad"));
        candidates.put("all columns, run_id and _bad", this::events);
        candidates.put("snowplow_to_json(line)", () -> spark.read().text(files).selectExpr("snowplow_to_json(value)"));
        candidates.put("split and Jackson tree, to JSON", () -> json().toDF());
        candidates.put(
                "the same, then spark.read.json, inferred", () -> spark.read().json(json()));
        return candidates;
    }

    private Dataset<Row> events() {
        return EnrichedEvents.read(spark, archive.toString());
    }

    private Dataset<String> json() {
        return spark.read().textFile(files).map((MapFunction<String, String>) SplitAndTree::json, Encoders.STRING());
    }

    @Test
    void measure() throws IOException {
        long bytes = GeneratedArchive.write(paths, EVENTS / FILES); // once: it stays
        Map<String, Supplier<Dataset<Row>>> candidates = candidates();
        Map<String, List<Long>> took = new LinkedHashMap<>();
        for (int round = -1; round < ROUNDS; round++) { // the first is not counted
            for (Map.Entry<String, Supplier<Dataset<Row>>> candidate : candidates.entrySet()) {
                long start = System.nanoTime();
                candidate
                        .getValue()
                        .get()
                        .write()
                        .format("noop")
                        .mode(SaveMode.Overwrite)
                        .save();
                if (round >= 0) {
                    took.computeIfAbsent(candidate.getKey(), name -> new ArrayList<>())
                            .add(System.nanoTime() - start);
                }
            }
        }
        long limit = median(took.values().iterator().next());
        StringBuilder table = new StringBuilder("%,d events, %,d bytes, Spark %s, Java %s, median of %d%n"
                .formatted(EVENTS, bytes, spark.version(), System.getProperty("java.version"), ROUNDS));
        took.forEach((name, nanos) -> table.append("| %s | %,.0f MB/s | %.2f of text |%n"
                .formatted(name, bytes / MEGABYTE / (median(nanos) / 1e9), (double) limit / median(nanos))));
        System.out.print(table);
        Files.writeString(Path.of("target/spark.md"), table);
    }

    private static long median(List<Long> nanos) {
        return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow();
    }
}
