package io.waybill.spark;

import static io.waybill.spark.SmallArchive.rowsByRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe of docs/spark.md for Delta, as it stands there, and what it does. */
class DeltaRecipeTest {

    private final SparkSession spark = SparkTestSession.get();
    private SmallArchive small;
    private RunManifest manifest;
    private String archive;
    private String output;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeArchive() throws IOException {
        small = SmallArchive.in(folder.resolve("archive"));
        manifest = small.manifest;
        archive = folder.resolve("archive").toString();
        output = folder.resolve("output").toString();
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
    // spotless:on

    @Test
    void deltaReplacesARunThatIsProcessedAgainAlsoAnOldOne() throws Exception {
        assertThat(delta()).isEqualTo(new Summary(5, 0, 0, 0, 0));
        small.change(0);
        assertThat(delta()).isEqualTo(new Summary(1, 0, 0, 0, 0));

        assertThat(rowsByRun(spark.read().format("delta").load(output))).isEqualTo(small.rowsWithChanged(0));
    }

    /** The trap of which the page warns. */
    @Test
    void aTransactionVersionByTheTimeOfTheRunDropsAnOlderRunSilently() throws Exception {
        Dataset<Row> newer =
                EnrichedEvents.read(spark, archive + "/" + small.runs.get(1)).drop("_bad");
        Dataset<Row> older =
                EnrichedEvents.read(spark, archive + "/" + small.runs.get(0)).drop("_bad");

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
                .containsOnlyKeys(small.runs.get(1).key());
    }
}
