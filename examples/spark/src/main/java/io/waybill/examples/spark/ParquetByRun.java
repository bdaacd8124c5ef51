package io.waybill.examples.spark;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.spark.ManifestedBatch;
import io.waybill.spark.RunPartitions;
import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/**
 * Writes the pending runs of an archive to Parquet, a partition for each run, with all lines: where {@code _bad} is null they
 * are events. Started again it does what is left to do.
 */
public final class ParquetByRun {

    private static final String DEFAULT_STORE = "jdbc:h2:file:./.waybill/spark";

    private ParquetByRun() {}

    /** Takes the archive, the folder to write to, and the manifest's location; without one it is a file here. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 2 || arguments.length > 3) {
            System.err.println("usage: ParquetByRun ARCHIVE OUTPUT [STORE]");
            System.exit(2);
        }
        SparkSession spark =
                SparkSession.builder().appName("parquet-by-run").getOrCreate(); // its master is told from outside
        RunProcessor.Summary summary =
                run(spark, arguments[0], arguments[1], arguments.length == 3 ? arguments[2] : DEFAULT_STORE);
        System.out.printf(
                "%d runs processed, %d failed, on Spark %s%n", summary.processed(), summary.failed(), spark.version());
        spark.stop();
        if (summary.failed() > 0) {
            System.exit(3);
        }
    }

    // spotless:off
    private static RunProcessor.Summary run(SparkSession spark, String archive, String output, String location)
            throws IOException, InterruptedException {
        // docs: spark
try (RunManifestStore store = RunManifestStores.open(location)) { // jdbc:… or dynamodb:…, with that backend on the class path
    RunManifest manifest = RunManifest.over(store);
    manifest.create();

    return ManifestedBatch.builder(spark, manifest, archive).size(10).build()
            .process((events, claims) -> RunPartitions.overwrite(events, "parquet", output));
}
        // end
    }
    // spotless:on
}
