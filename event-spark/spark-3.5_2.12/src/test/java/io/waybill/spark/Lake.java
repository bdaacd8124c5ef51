package io.waybill.spark;

import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The catalog of the recipe for Iceberg, whose commits a database decides: files alone would not do for two drivers. */
final class Lake {

    static final String TABLE = "lake.web.events";

    private Lake() {}

    /** The settings of a session that knows it. */
    static Map<String, String> settings(String database, Path warehouse) {
        String lake = "spark.sql.catalog.lake";
        return Map.of(
                lake,
                "org.apache.iceberg.spark.SparkCatalog",
                lake + ".type",
                "jdbc",
                lake + ".uri",
                database,
                lake + ".warehouse",
                warehouse.toString(),
                lake + ".cache-enabled", // else a session remembers a table for half a minute
                "false");
    }

    /** A session with these settings and the recipe's table, empty. */
    static SparkSession withTable(Map<String, String> settings) {
        SparkSession spark = SparkTestSession.get().newSession();
        settings.forEach(spark.conf()::set);
        spark.sql("CREATE NAMESPACE lake.web");
        spark.sql(
                "CREATE TABLE %s (run_id string, event_id string, app_id string) USING iceberg PARTITIONED BY (run_id)"
                        .formatted(TABLE));
        return spark;
    }
}
