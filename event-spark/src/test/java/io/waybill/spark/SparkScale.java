package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.inmemory.InMemoryRunManifestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many more events than fit the heap, through all columns to Parquet; see docs/spark.md. Not run with the tests. */
class SparkScale {

    private static final int RUNS = 50;
    private static final int FILES_PER_RUN = 2;
    private static final int EVENTS = Integer.getInteger("spark.scale.events", 5_000_000);
    private static final long MEBIBYTE = 1 << 20;

    private final SparkSession spark = SparkTestSession.get();

    @TempDir
    private Path folder;

    @Test
    void measure() throws IOException, InterruptedException {
        Path archive = folder.resolve("archive");
        String output = folder.resolve("parquet").toString();
        List<Path> files = GeneratedArchive.files(archive, RUNS, FILES_PER_RUN);
        int perFile = EVENTS / files.size();
        long bytes = GeneratedArchive.write(files, perFile, "no event", EventLines.line("txn_id", "no number"));
        RunManifest manifest = RunManifest.over(new InMemoryRunManifestStore());
        manifest.create();

        long start = System.nanoTime();
        RunProcessor.Summary summary = ManifestedBatch.builder(spark, manifest, archive.toString())
                .size(5)
                .build()
                .process((events, claims) -> RunPartitions.overwrite(events, "parquet", output));
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(summary).isEqualTo(new RunProcessor.Summary(RUNS, 0, 0, 0, 0));
        Row counts = spark.read()
                .parquet(output)
                .selectExpr("count(*)", "count(_bad)", "count(distinct run_id)")
                .first();
        assertThat(counts.getLong(0)).isEqualTo((long) files.size() * (perFile + 2));
        assertThat(counts.getLong(1)).isEqualTo(2L * files.size());
        assertThat(counts.getLong(2)).isEqualTo(RUNS);
        String report =
                "%,d rows, %,d of them bad, from %,d bytes in %d runs; %d s; heap of %,d MiB, %s; Spark %s, Java %s%n"
                        .formatted(
                                counts.getLong(0),
                                counts.getLong(1),
                                bytes,
                                RUNS,
                                took.toSeconds(),
                                Runtime.getRuntime().maxMemory() / MEBIBYTE,
                                peak(),
                                spark.version(),
                                System.getProperty("java.version"));
        System.out.print(report);
        Files.writeString(Path.of("target/spark-scale.md"), report);
    }

    /** The most memory that this process has had, by Linux. */
    private static String peak() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .findFirst()
                        .orElse("peak unknown")
                        .replaceAll("\\s+", " ")
                : "peak unknown";
    }
}
