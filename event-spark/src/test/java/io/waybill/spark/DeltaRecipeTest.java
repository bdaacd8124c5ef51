package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor.Summary;
import io.waybill.manifest.inmemory.InMemoryRunManifestStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the recipe of docs/spark.md for Delta does, and the trap beside it. */
class DeltaRecipeTest {

    private final SparkSession spark = SparkTestSession.get();
    private SmallArchive small;
    private String archive;
    private String output;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeArchive() throws IOException {
        small = SmallArchive.in(folder.resolve("archive"));
        archive = folder.resolve("archive").toString();
        output = folder.resolve("output").toString();
    }

    private Dataset<Row> table() {
        return spark.read().format("delta").load(output);
    }

    @Test
    void deltaReplacesARunThatIsProcessedAgainAlsoAnOldOne() throws Exception {
        small.assertThatARunProcessedAgainIsReplaced(spark, batch -> Recipes.delta(batch, output), this::table);
    }

    @Test
    void deltaRemovesTheRowsOfARunThatHasNoEventsAnyMore() throws Exception {
        assertThat(small.rowsOfARunThatLosesItsEvents(spark, batch -> Recipes.delta(batch, output), this::table))
                .isZero();
    }

    @Test
    void aRunWhoseIdHasQuotesAndBackslashesIsReplacedToo() throws Exception {
        RunManifest manifest = RunManifest.over(new InMemoryRunManifestStore());
        manifest.create();
        RunId run = new RunId("run=2026-03-01-09-00-00-it's\\'\\/");
        ManifestedBatch.Builder batch = ManifestedBatch.builder(spark, manifest, archive);
        EventLines.write(Path.of(archive), run.key(), "part-0", EventLines.line("app_id", "a"));
        Recipes.delta(batch, output);

        manifest.forget(run);
        EventLines.write(Path.of(archive), run.key(), "part-1", EventLines.line("app_id", "b"));
        assertThat(Recipes.delta(batch, output)).isEqualTo(new Summary(1, 0, 0, 0, 0));

        assertThat(SmallArchive.rowsByRun(table())).containsEntry(run.key(), 2L).hasSize(4);
    }

    @Test
    void deltaRefusesWhatADriverHasWrittenThatWasOvertakenMeanwhile() throws Exception {
        assertThat(small.writeWhileAnotherIsPaused(spark, batch -> Recipes.delta(batch, output), this::table))
                .isEqualTo(new Summary(1, 2, 0, 0, 0));
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

        assertThat(SmallArchive.rowsByRun(table()))
                .containsOnlyKeys(small.runs.get(1).key());
    }
}
