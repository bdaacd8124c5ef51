package example;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.spark.EnrichedEvents;
import io.waybill.spark.ManifestedBatch;
import io.waybill.spark.SnowplowFunctions;
import org.apache.spark.sql.SparkSession;

/** Counts the lines of an archive's pending runs, and the events among them. */
public final class SparkConsumer {

    private SparkConsumer() {}

    public static void main(String[] args) throws Exception {
        try (SparkSession spark = SparkSession.builder().getOrCreate();
                RunManifestStore store = RunManifestStores.open("memory:")) {
            RunManifest manifest = RunManifest.over(store);
            manifest.create();
            SnowplowFunctions.register(spark);
            long json = EnrichedEvents.read(spark, args[0])
                    .selectExpr("snowplow_to_json(_bad.text) AS json") // of a line that is no event
                    .where("json IS NOT NULL")
                    .count();
            ManifestedBatch.builder(spark, manifest, args[0]).build().process((events, claims) -> System.out.printf(
                    "%d runs, %d lines, %d events, %d bad ones as JSON%n",
                    claims.size(), events.count(), events.where("_bad is null").count(), json));
        }
    }
}
