package io.waybill.spark;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.jdbc.JdbcRunManifestStore;
import io.waybill.manifest.spi.ForwardingRunManifestStore;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
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

    /**
     * What a driver says when a run's rows are written and its record is not, and then waits for a line: at one commit of each
     * job, the one that it was told. By JDBC that is when both are written and their transaction is not committed.
     */
    static final String COMMITTING = "committing";

    /** Longer than a test: what ends it is the clock of a driver that is ahead. */
    private static final Duration LEASE = Duration.ofHours(1);

    private final SparkSession spark = SparkTestSession.get();
    private final JdbcDataSource database = new JdbcDataSource();
    private final Path folder;
    private final String owner;
    private final Duration ahead;
    private final int waitsAt;
    private int commits;

    private Driver(String url, Path folder, String owner, Duration ahead, int waitsAt) {
        database.setURL(url);
        this.folder = folder;
        this.owner = owner;
        this.ahead = ahead;
        this.waitsAt = waitsAt;
    }

    /**
     * Takes the database's URL, the folder of archive and outputs, the name of this worker, how many leases its clock is ahead,
     * at which commit of each job it waits, from 1, or 0, and the jobs.
     */
    public static void main(String[] arguments) throws Exception {
        Driver driver = new Driver(
                arguments[0],
                Path.of(arguments[1]),
                arguments[2],
                LEASE.multipliedBy(Integer.parseInt(arguments[3])),
                Integer.parseInt(arguments[4]));
        driver.spark.sparkContext().addSparkListener(new BatchListener());
        say(READY);
        awaitLine();
        for (String job : Arrays.asList(arguments).subList(5, arguments.length)) {
            driver.work(Job.valueOf(job));
        }
        System.exit(0);
    }

    static JdbcRunManifestStore store(JdbcDataSource database, Job job) {
        return JdbcRunManifestStore.builder(database).job(job.name()).build();
    }

    private void work(Job job) throws Exception {
        commits = 0;
        try (JdbcRunManifestStore store = store(database, job)) {
            RunManifest manifest =
                    RunManifest.builder(telling(store)).owner(owner).build();
            ManifestedBatch.Builder batch = ManifestedBatch.builder(
                            spark, manifest, folder.resolve("archive").toString())
                    .lease(LEASE);
            String output = folder.resolve(job.name()).toString();
            switch (job) {
                case PARTITIONS -> Recipes.partitions(batch, output);
                case FOLDERS -> Recipes.folders(batch, output);
                case JDBC -> Recipes.jdbc(batch, telling(), database.getURL(), store);
                case DELTA -> Recipes.delta(batch, output);
                case ICEBERG -> Recipes.iceberg(batch);
            }
        }
    }

    /** The store, which tells of its commits, and of which the clock is ahead. */
    private RunManifestStore telling(RunManifestStore store) {
        return new ForwardingRunManifestStore(store) {
            @Override
            public boolean compareAndPut(RunRecord next) {
                if (next.state() == RunState.PROCESSED) {
                    tellOfCommit();
                }
                return super.compareAndPut(next);
            }

            @Override
            public Instant now() {
                return super.now().plus(ahead);
            }
        };
    }

    /** The database, of which the connections tell of their commits. */
    private DataSource telling() {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object answer = invoke(method, database, arguments);
            return answer instanceof Connection connection ? telling(connection) : answer;
        });
    }

    private Connection telling(Connection connection) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("commit")) {
                tellOfCommit();
            }
            return invoke(method, connection, arguments);
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(Driver.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void tellOfCommit() {
        commits++;
        if (commits == waitsAt) {
            say(COMMITTING);
            awaitLine();
        }
    }

    private static void say(String word) {
        System.out.println(word);
    }

    private static void awaitLine() {
        try {
            if (System.in.read() < 0) {
                throw new IllegalStateException("nobody said that it can go on");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
