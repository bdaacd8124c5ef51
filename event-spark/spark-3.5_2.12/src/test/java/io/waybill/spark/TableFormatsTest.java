package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor.Summary;
import io.waybill.manifest.inmemory.InMemoryRunManifestStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of docs/spark.md for Delta and Iceberg, on the version of Spark for which both are there. */
class TableFormatsTest {

    private final SparkSession spark = SparkTestSession.get();
    private final RunManifest manifest = RunManifest.over(new InMemoryRunManifestStore());
    private final List<RunId> runs = new ArrayList<>();
    private String archive;
    private String output;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeArchive() throws IOException {
        manifest.create();
        archive = folder.resolve("archive").toString();
        output = folder.resolve("output").toString();
        for (int i = 0; i < 5; i++) {
            RunId run = new RunId("run=2026-03-01-0%d-00-00/".formatted(i));
            runs.add(run);
            EventLines.write(
                    Path.of(archive),
                    run.key(),
                    "part-0",
                    EventLines.line("app_id", "a"),
                    EventLines.line("app_id", "b"));
        }
    }

    // spotless:off
    private Summary delta() throws Exception {
        // docs: delta
ManifestedBatch job = ManifestedBatch.builder(spark, manifest, archive).size(2).build();

return job.process((events, claims) -> events.drop("_bad")
        .write()
        .format("delta")
        .mode(SaveMode.Overwrite)
        .option("replaceWhere", claims.stream()
                .map(claim -> "'" + claim.run().key().replace("'", "\\'") + "'")
                .collect(Collectors.joining(", ", "run_id IN (", ")")))
        .save(output));
        // end
    }

    private Summary iceberg() throws Exception {
        // docs: iceberg
ManifestedBatch job = ManifestedBatch.builder(spark, manifest, archive).size(2).build();

return job.process((events, claims) -> events.select("run_id", "app_id")
        .writeTo("lake.web.events") // PARTITIONED BY (run_id)
        .overwritePartitions());
        // end
    }
    // spotless:on

    private static Map<String, Long> rowsByRun(Dataset<Row> rows) {
        Map<String, Long> counts = new TreeMap<>();
        rows.groupBy("run_id").count().collectAsList().forEach(row -> counts.put(row.getString(0), row.getLong(1)));
        return counts;
    }

    private Map<String, Long> expected(int changed, long rows) {
        Map<String, Long> counts = new TreeMap<>();
        runs.forEach(run -> counts.put(run.key(), 2L));
        counts.put(runs.get(changed).key(), rows);
        return counts;
    }

    private void change(int run) throws IOException {
        manifest.forget(runs.get(run));
        EventLines.write(Path.of(archive), runs.get(run).key(), "part-1", EventLines.line("app_id", "late"));
    }

    @Test
    void deltaReplacesARunThatIsProcessedAgainAlsoAnOldOne() throws Exception {
        assertThat(delta()).isEqualTo(new Summary(5, 0, 0, 0, 0));
        change(0);
        assertThat(delta()).isEqualTo(new Summary(1, 0, 0, 0, 0));

        assertThat(rowsByRun(spark.read().format("delta").load(output))).isEqualTo(expected(0, 3));
    }

    @Test
    void icebergReplacesARunThatIsProcessedAgain() throws Exception {
        spark.sql("CREATE TABLE lake.web.events (run_id string, app_id string) USING iceberg PARTITIONED BY (run_id)");
        assertThat(iceberg()).isEqualTo(new Summary(5, 0, 0, 0, 0));
        change(0);
        assertThat(iceberg()).isEqualTo(new Summary(1, 0, 0, 0, 0));

        assertThat(rowsByRun(spark.table("lake.web.events"))).isEqualTo(expected(0, 3));
        spark.sql("DROP TABLE lake.web.events PURGE");
    }

    /** The trap of which the page warns. */
    @Test
    void aTransactionVersionByTheTimeOfTheRunDropsAnOlderRunSilently() throws Exception {
        Dataset<Row> newer =
                EnrichedEvents.read(spark, archive + "/" + runs.get(1)).drop("_bad");
        Dataset<Row> older =
                EnrichedEvents.read(spark, archive + "/" + runs.get(0)).drop("_bad");

        for (Dataset<Row> run : List.of(newer, older)) {
            String version = run.first().<String>getAs("run_id").replaceAll("[^0-9]", "");
            run.write()
                    .format("delta")
                    .mode(SaveMode.Append)
                    .option("txnAppId", "web")
                    .option("txnVersion", version)
                    .save(output);
        }

        assertThat(rowsByRun(spark.read().format("delta").load(output)))
                .containsOnlyKeys(runs.get(1).key());
    }

    @Test
    void thePageQuotesThem() throws IOException {
        Page.assertQuotes(
                Page.SPARK,
                "event-spark/spark-3.5_2.12/src/test/java/io/waybill/spark/TableFormatsTest.java",
                "delta",
                "iceberg");
    }
}
