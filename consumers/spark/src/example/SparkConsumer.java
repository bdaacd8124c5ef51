package example;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.spark.ManifestedBatch;
import org.apache.spark.sql.SparkSession;

/** Counts the lines of an archive's pending runs, and the events among them. */
public final class SparkConsumer {

    private SparkConsumer() {}

    public static void main(String[] args) throws Exception {
        try (SparkSession spark = SparkSession.builder().getOrCreate();
                RunManifestStore store = RunManifestStores.open("memory:")) {
            RunManifest manifest = RunManifest.over(store);
            manifest.create();
            ManifestedBatch.builder(spark, manifest, args[0]).build().process((events, claims) -> System.out.printf(
                    "%d runs, %d lines, %d events%n",
                    claims.size(), events.count(), events.where("_bad is null").count()));
        }
    }
}
