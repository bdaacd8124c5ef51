package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.jdbc.JdbcRunManifestStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.tools.Server;

/**
 * Drivers that are killed, over a database that survives them, and then two at a time that do the rest. What they have written
 * is for each test to read.
 */
final class KillTrial implements AutoCloseable {

    /** As many as are written before each job has a driver killed, and before two drivers do the rest. */
    private static final int MORE_RUNS = 6;

    private final Path folder;
    private final List<Driver.Job> jobs;
    private final Map<String, String> settings = new TreeMap<>();
    private final Map<String, List<String>> events = new TreeMap<>();
    private final JdbcDataSource database = new JdbcDataSource();
    private final Server server;

    private KillTrial(Path folder, List<Driver.Job> jobs) throws SQLException {
        this.folder = folder;
        this.jobs = jobs;
        this.server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", folder.toString())
                .start();
        database.setURL("jdbc:h2:tcp://localhost:%d/mem:%s;DB_CLOSE_DELAY=-1;DATABASE_TO_LOWER=TRUE"
                .formatted(server.getPort(), folder.getFileName()));
    }

    /** Begins with a database that has the records of no run yet. */
    static KillTrial in(Path folder, Driver.Job... jobs) throws SQLException {
        KillTrial trial = new KillTrial(folder, List.of(jobs));
        for (Driver.Job job : jobs) {
            try (JdbcRunManifestStore store = Driver.store(trial.database, job)) {
                RunManifest.over(store).create();
            }
        }
        return trial;
    }

    /** Gives drivers settings of Spark beside those that this process has been given. */
    void settings(Map<String, String> more) {
        settings.putAll(more);
    }

    JdbcDataSource database() {
        return database;
    }

    Path output(Driver.Job job) {
        return folder.resolve(job.name());
    }

    /** The ids of the events of each run, sorted. */
    Map<String, List<String>> events() {
        return events;
    }

    /** The same of rows with {@code run_id} and {@code event_id}. */
    static Map<String, List<String>> byRun(Dataset<Row> rows) {
        return TransformedDemo.byRun(rows.select("run_id", "event_id"));
    }

    /**
     * Kills drivers, that many for each job, in turns at a random moment and in the one between rows and record; then lets two
     * at a time go on, until all runs are processed.
     */
    void run(int killsOfEachJob) throws IOException, InterruptedException {
        long seed = System.nanoTime();
        System.out.printf("%s: seed %d%n", jobs, seed);
        Random random = new Random(seed);
        int kills = killsOfEachJob * jobs.size();
        int killed = 0;
        int claimed = 0;
        for (int i = 0; i < kills; i++) {
            if (i % jobs.size() == 0) {
                writeMoreRuns();
            }
            killed += kill(i, random) ? 1 : 0;
            claimed += count(RunState.PROCESSING);
        }
        System.out.printf("%s: %d kills, %d runs claimed by the dead%n", jobs, killed, claimed);
        assertThat(killed).isGreaterThan(kills / 2);
        assertThat(claimed).isPositive();

        writeMoreRuns();
        int all = events.size() * jobs.size();
        for (int i = 0; i < 10 && count(RunState.PROCESSED) < all; i++) { // the leases of the dead end meanwhile
            letTwoWork();
        }
        for (Driver.Job job : jobs) {
            assertThat(records(job))
                    .hasSize(events.size())
                    .extracting(RunRecord::state)
                    .containsOnly(RunState.PROCESSED);
            assertThat(records(job)).extracting(RunRecord::owner).contains("one", "two");
        }
    }

    private boolean kill(int number, Random random) throws IOException, InterruptedException {
        boolean beforeTheRecord = number / jobs.size() % 2 == 1;
        List<Driver.Job> order = new ArrayList<>(jobs);
        Collections.rotate(order, -number);
        DriverProcess driver = start("killed-" + number, beforeTheRecord, order);
        driver.await(Driver.READY, 1);
        driver.begin();
        if (beforeTheRecord) {
            driver.await(Driver.COMMITTING, 1);
            return driver.killAfter(0);
        }
        driver.await(Driver.WRITING, 1 + random.nextInt(2));
        return driver.killAfter(random.nextInt(900));
    }

    private void letTwoWork() throws IOException, InterruptedException {
        List<DriverProcess> two = List.of(start("one", false, jobs), start("two", false, jobs));
        for (DriverProcess driver : two) {
            driver.await(Driver.READY, 1);
        }
        for (DriverProcess driver : two) {
            driver.begin();
        }
        for (DriverProcess driver : two) {
            driver.awaitEnd();
        }
    }

    private DriverProcess start(String owner, boolean waits, List<Driver.Job> order) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of(database.getURL(), folder.toString(), owner, Boolean.toString(waits)));
        order.forEach(job -> arguments.add(job.name()));
        return DriverProcess.start(settings, arguments);
    }

    private void writeMoreRuns() throws IOException {
        int from = events.size();
        for (int i = from; i < from + MORE_RUNS; i++) {
            String run = "run=2026-03-01-%02d-00-00/".formatted(i);
            List<String> ids = new ArrayList<>();
            for (int file = 0; file < 2; file++) {
                String[] lines = new String[50];
                for (int line = 0; line < lines.length; line++) {
                    String id = run + file + "-" + line;
                    ids.add(id);
                    lines[line] = EventLines.line("event_id", id);
                }
                EventLines.write(folder.resolve("archive"), run, "part-%d.gz".formatted(file), lines);
            }
            if (i == from) {
                EventLines.write(folder.resolve("archive"), run, "part-bad", "no event");
            }
            ids.sort(null);
            events.put(run, ids);
        }
    }

    /** The records of all runs of a job. */
    List<RunRecord> records(Driver.Job job) {
        try (JdbcRunManifestStore store = Driver.store(database, job);
                Stream<RunRecord> records = RunManifest.over(store).records(RunRange.all())) {
            return records.toList();
        }
    }

    private int count(RunState state) {
        return (int) jobs.stream()
                .flatMap(job -> records(job).stream())
                .filter(record -> record.state() == state)
                .count();
    }

    @Override
    public void close() {
        server.stop();
    }
}
