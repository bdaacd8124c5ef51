package io.waybill.spark;

import static io.waybill.spark.SmallArchive.rowsByRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor.Summary;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe of docs/spark.md for Iceberg, as it stands there, and what it does. */
class IcebergRecipeTest {

    private final SparkSession spark = SparkTestSession.get();
    private SmallArchive small;
    private RunManifest manifest;
    private String archive;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeArchive() throws IOException {
        small = SmallArchive.in(folder.resolve("archive"));
        manifest = small.manifest;
        archive = folder.resolve("archive").toString();
    }

    // spotless:off
    private Summary iceberg() throws Exception {
        // docs: iceberg
ManifestedBatch job = ManifestedBatch.builder(spark, manifest, archive).size(2).build();

return job.process((events, claims) -> events.select("run_id", "app_id")
        .writeTo("lake.web.events") // PARTITIONED BY (run_id)
        .overwritePartitions());
        // end
    }
    // spotless:on

    @Test
    void icebergReplacesARunThatIsProcessedAgain() throws Exception {
        spark.sql("CREATE TABLE lake.web.events (run_id string, app_id string) USING iceberg PARTITIONED BY (run_id)");
        assertThat(iceberg()).isEqualTo(new Summary(5, 0, 0, 0, 0));
        small.change(0);
        assertThat(iceberg()).isEqualTo(new Summary(1, 0, 0, 0, 0));

        assertThat(rowsByRun(spark.table("lake.web.events"))).isEqualTo(small.rowsWithChanged(0));
        spark.sql("DROP TABLE lake.web.events PURGE");
    }
}
