package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.inmemory.InMemoryRunManifestStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the demo archive Spark gives what {@code waybill transform} writes, row by row. */
class SameAsTransformTest {

    private static TransformedDemo demo;

    private final SparkSession spark = SparkTestSession.get();

    @TempDir
    static Path folder;

    @BeforeAll
    static void transform() throws IOException, InterruptedException {
        demo = TransformedDemo.in(folder);
    }

    private Dataset<Row> events() {
        return EnrichedEvents.read(spark, demo.archive().toString());
    }

    @Test
    void theSameLinesAreBadForTheSameReasons() throws IOException {
        demo.assertSameBadRows(events().where("_bad is not null"));
    }

    @Test
    void theSameRunsHaveAsManyEventsAndEachValueIsWhatTheJsonSays() throws IOException {
        demo.assertSameEvents(events().where("_bad is null"));
    }

    @Test
    void theFunctionGivesTheSameJson() throws IOException {
        SnowplowFunctions.register(spark);
        Map<String, List<String>> json = new TreeMap<>();
        for (String run : demo.events().keySet()) {
            String[] inputs = TransformedDemo.filesIn(demo.archive().resolve(run)).stream()
                    .filter(file -> !String.valueOf(file.getFileName()).matches("[._].*"))
                    .map(Path::toString)
                    .toArray(String[]::new);
            json.putAll(TransformedDemo.byRun(spark.read()
                    .option("lineSep", "\n")
                    .text(inputs)
                    .selectExpr("'%s'".formatted(run), "snowplow_to_json(value) as json")
                    .where("json is not null")));
        }

        assertThat(json).isEqualTo(demo.events());
    }

    @Test
    void aManifestedBatchReadsTheSameRunsOnce() throws Exception {
        RunManifest manifest = RunManifest.over(new InMemoryRunManifestStore());
        manifest.create();
        String output = folder.resolve("parquet").toString();
        ManifestedBatch batch = ManifestedBatch.builder(
                        spark, manifest, demo.archive().toString())
                .build();

        batch.process((events, claims) ->
                RunPartitions.overwrite(events.select("run_id", "event_id", "_bad"), "parquet", output));

        demo.assertSameIds(spark.read().parquet(output).where("_bad is null"));
        assertThat(demo.events().keySet()).allMatch(run -> manifest.contains(new RunId(run)));
    }
}
