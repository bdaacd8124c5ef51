package io.waybill.spark;

import org.apache.spark.sql.SparkSession;

/** The one session of the tests in a process: Spark has no more than one context. */
public final class SparkTestSession {

    private static final SparkSession SESSION = SparkSession.builder()
            .master("local[2]")
            .appName("event-spark tests")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", "target/warehouse")
            .getOrCreate();

    private SparkTestSession() {}

    /** The session. */
    public static SparkSession get() {
        return SESSION;
    }
}
