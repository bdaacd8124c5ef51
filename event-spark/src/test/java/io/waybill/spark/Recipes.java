package io.waybill.spark;

import io.waybill.manifest.Claim;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor.Summary;
import io.waybill.manifest.jdbc.JdbcRunManifestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.spark.sql.SaveMode;

/** The recipes of docs/spark.md, as they stand there, for tests of what they do and for drivers that are killed. */
final class Recipes {

    private Recipes() {}

    // spotless:off
    static Summary partitions(ManifestedBatch.Builder batch, String output) throws Exception {
        // docs: partitions
return batch.size(2).build().process((events, claims) ->
        RunPartitions.overwrite(events.where("_bad is null").drop("_bad"), "parquet", output));
        // end
    }

    static Summary folders(ManifestedBatch.Builder batch, String output) throws Exception {
        // docs: folders
return batch.size(1).build().process((events, claims) -> events.drop("run_id")
        .write()
        .mode(SaveMode.Overwrite) // what an attempt before this one left is removed
        .parquet(output + "/" + claims.get(0).run()));
        // end
    }

    static Summary jdbc(ManifestedBatch.Builder batch, DataSource database, String url, JdbcRunManifestStore store)
            throws Exception {
        // docs: jdbc
return batch.size(2).build().process((events, claims) -> {
    String staging = "staging_" + UUID.randomUUID().toString().replace('-', '_'); // no other driver's
    events.where("_bad is null")
            .select("run_id", "event_id", "app_id")
            .write()
            .mode(SaveMode.Overwrite)
            .jdbc(url, staging, new Properties()); // by the executors, in as many transactions as they like
    try (Connection connection = database.getConnection();
            Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("INSERT INTO events SELECT run_id, event_id, app_id FROM " + staging);
        for (Claim claim : claims) {
            RunManifest.over(store.joining(connection)).commit(claim, Map.of());
        }
        connection.commit(); // all rows and all records, or none
    } finally {
        execute(database, "DROP TABLE IF EXISTS " + staging);
    }
});
        // end
    }

    static Summary delta(ManifestedBatch.Builder batch, String output) throws Exception {
        // docs: delta
return batch.size(2).build().process((events, claims) -> events.where("_bad is null")
        .drop("_bad")
        .write()
        .format("delta")
        .partitionBy("run_id") // so that drivers that write other runs are not in each other's way
        .mode(SaveMode.Overwrite)
        .option("replaceWhere", claims.stream()
                .map(claim -> "'" + claim.run().key().replace("\\", "\\\\").replace("'", "\\'") + "'")
                .collect(Collectors.joining(", ", "run_id IN (", ")")))
        .save(output));
        // end
    }

    static Summary iceberg(ManifestedBatch.Builder batch) throws Exception {
        // docs: iceberg
return batch.size(2).build().process((events, claims) -> events.where("_bad is null")
        .select("run_id", "event_id", "app_id")
        .writeTo("lake.web.events") // PARTITIONED BY (run_id)
        .overwritePartitions());
        // end
    }
    // spotless:on

    static void execute(DataSource database, String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
