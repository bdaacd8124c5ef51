package io.waybill.spark;

import io.waybill.manifest.Claim;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.jdbc.JdbcRunManifestStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.h2.jdbcx.JdbcDataSource;

/** A driver in a process of its own, which does all recipes, one after the other, and may be killed. */
final class Driver {

    static final String PARTITIONS = "partitions";
    static final String FOLDERS = "folders";
    static final String JDBC = "jdbc";

    /** What a driver says when it can begin, and then waits for a line. */
    static final String READY = "ready";

    /** What a driver says when it begins to write a batch. */
    static final String WRITING = "writing";

    private final SparkSession spark = SparkTestSession.get();
    private final JdbcDataSource database = new JdbcDataSource();
    private final Path folder;
    private final String owner;

    private Driver(String url, Path folder, String owner) {
        database.setURL(url);
        this.folder = folder;
        this.owner = owner;
    }

    /** Takes the database's URL, the folder of archive and outputs, and the name of this worker. */
    public static void main(String[] arguments) throws Exception {
        Driver driver = new Driver(arguments[0], Path.of(arguments[1]), arguments[2]);
        System.out.println(READY);
        if (System.in.read() < 0) {
            throw new IllegalStateException("nobody said that it can begin");
        }
        driver.work(
                PARTITIONS,
                2,
                (events, claims) -> RunPartitions.overwrite(
                        events.select("run_id", "event_id"),
                        "parquet",
                        driver.folder.resolve(PARTITIONS).toString()));
        driver.work(
                FOLDERS,
                1,
                (events, claims) -> events.select("event_id")
                        .write()
                        .mode(SaveMode.Overwrite)
                        .parquet(driver.folder.resolve(FOLDERS) + "/"
                                + claims.get(0).run()));
        try (JdbcRunManifestStore store = store(driver.database, JDBC)) {
            driver.work(JDBC, 2, (events, claims) -> driver.insert(events, claims, store));
        }
        System.exit(0);
    }

    static JdbcRunManifestStore store(JdbcDataSource database, String job) {
        return JdbcRunManifestStore.builder(database).job(job).build();
    }

    private void work(String job, int size, ManifestedBatch.Writer writer) throws Exception {
        try (JdbcRunManifestStore store = store(database, job)) {
            RunManifest manifest = RunManifest.builder(store).owner(owner).build();
            ManifestedBatch.builder(spark, manifest, folder.resolve("archive").toString())
                    .size(size)
                    .lease(Duration.ofSeconds(3))
                    .build()
                    .process((events, claims) -> {
                        System.out.println(WRITING);
                        writer.write(events, claims);
                    });
        }
    }

    private void insert(Dataset<Row> events, List<Claim> claims, JdbcRunManifestStore store) throws Exception {
        String staging = "staging_" + UUID.randomUUID().toString().replace('-', '_');
        events.select("run_id", "event_id")
                .write()
                .mode(SaveMode.Overwrite)
                .jdbc(database.getURL(), staging, new Properties());
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO events SELECT run_id, event_id FROM " + staging);
            for (Claim claim : claims) {
                RunManifest.over(store.joining(connection)).commit(claim, Map.of());
            }
            connection.commit();
        }
    }
}
