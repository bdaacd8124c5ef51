package io.waybill.spark;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.jdbc.JdbcRunManifestStore;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.h2.jdbcx.JdbcDataSource;

/** A driver in a process of its own, which does recipes, one after the other, and may be killed. */
final class Driver {

    /** A recipe of the page as a job of the manifest, and the name of its output. */
    enum Job {
        PARTITIONS,
        FOLDERS,
        JDBC,
        DELTA,
        ICEBERG
    }

    /** What a driver says when it can begin, and then waits for a line. */
    static final String READY = "ready";

    /** What a driver says when Spark begins to work on a batch. */
    static final String WRITING = "writing";

    /** What a driver says when a run's rows are written and its record is not, and then waits for a line if it was told so. */
    static final String COMMITTING = "committing";

    private final SparkSession spark = SparkTestSession.get();
    private final JdbcDataSource database = new JdbcDataSource();
    private final Path folder;
    private final String owner;
    private final boolean waits;

    private Driver(String url, Path folder, String owner, boolean waits) {
        database.setURL(url);
        this.folder = folder;
        this.owner = owner;
        this.waits = waits;
    }

    /** Takes the database's URL, the folder of archive and outputs, the name of this worker, whether it waits, and the jobs. */
    public static void main(String[] arguments) throws Exception {
        Driver driver =
                new Driver(arguments[0], Path.of(arguments[1]), arguments[2], Boolean.parseBoolean(arguments[3]));
        driver.spark.sparkContext().addSparkListener(new BatchListener());
        say(READY);
        awaitLine();
        for (String job : Arrays.asList(arguments).subList(4, arguments.length)) {
            driver.work(Job.valueOf(job));
        }
        System.exit(0);
    }

    static JdbcRunManifestStore store(JdbcDataSource database, Job job) {
        return JdbcRunManifestStore.builder(database).job(job.name()).build();
    }

    private void work(Job job) throws Exception {
        try (JdbcRunManifestStore store = store(database, job)) {
            RunManifest manifest =
                    RunManifest.builder(telling(store)).owner(owner).build();
            ManifestedBatch.Builder batch = ManifestedBatch.builder(
                            spark, manifest, folder.resolve("archive").toString())
                    .lease(Duration.ofSeconds(3));
            String output = folder.resolve(job.name()).toString();
            switch (job) {
                case PARTITIONS -> Recipes.partitions(batch, output);
                case FOLDERS -> Recipes.folders(batch, output);
                case JDBC -> Recipes.jdbc(batch, database, database.getURL(), store);
                case DELTA -> Recipes.delta(batch, output);
                case ICEBERG -> Recipes.iceberg(batch);
            }
        }
    }

    private RunManifestStore telling(RunManifestStore store) {
        return (RunManifestStore) Proxy.newProxyInstance(
                Driver.class.getClassLoader(), new Class<?>[] {RunManifestStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("compareAndPut")
                            && ((RunRecord) arguments[0]).state() == RunState.PROCESSED) {
                        say(COMMITTING);
                        if (waits) {
                            awaitLine();
                        }
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void say(String word) {
        System.out.println(word);
    }

    private static void awaitLine() throws IOException {
        if (System.in.read() < 0) {
            throw new IllegalStateException("nobody said that it can go on");
        }
    }

    /** Says when the first of a batch's Spark jobs begins. */
    private static final class BatchListener extends SparkListener {

        private final Set<String> seen = ConcurrentHashMap.newKeySet();

        @Override
        public void onJobStart(SparkListenerJobStart start) {
            String group = start.properties().getProperty("spark.jobGroup.id", "");
            if (group.startsWith("waybill-") && seen.add(group)) {
                say(WRITING);
            }
        }
    }
}
