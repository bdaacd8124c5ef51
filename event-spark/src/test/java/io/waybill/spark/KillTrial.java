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
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
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

    private static final DateTimeFormatter RUN = DateTimeFormatter.ofPattern("'run='yyyy-MM-dd-HH-mm-ss'/'");

    private final Path folder;
    private final List<Driver.Job> jobs;
    private final Map<String, String> settings = new TreeMap<>();
    private final Map<String, List<String>> events = new TreeMap<>();
    private final JdbcDataSource database = new JdbcDataSource();
    private final Server server;
    private final List<DriverProcess> drivers = new ArrayList<>();

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
     * Kills drivers, that many for each job, in turns at a random moment and at a commit; then lets two at a time go on, which
     * meet at a commit of each job, until all runs are processed.
     *
     * <p>Killed at a commit is who has written a run's rows and not its record; by JDBC, which commits both together, who has
     * not committed them. The random moment is one after Spark began to work on a batch, and no later than the third commit.
     */
    void run(int killsOfEachJob) throws IOException, InterruptedException {
        long seed = System.nanoTime();
        System.out.printf("%s: seed %d%n", jobs, seed);
        Random random = new Random(seed);
        int kills = killsOfEachJob * jobs.size();
        for (int i = 0; i < kills; i++) {
            if (i % jobs.size() == 0) {
                writeMoreRuns();
            }
            kill(i, random);
        }

        writeMoreRuns();
        letTwoMeet(kills);
        int all = events.size() * jobs.size();
        for (int i = 0; i < 4 && count(RunState.PROCESSED) < all; i++) { // a batch that was refused is taken again
            letTwoWork(kills);
        }
        for (Driver.Job job : jobs) {
            assertThat(records(job))
                    .hasSize(events.size())
                    .extracting(RunRecord::state)
                    .containsOnly(RunState.PROCESSED);
            assertThat(records(job)).extracting(RunRecord::owner).contains("one", "two");
        }
    }

    private void kill(int number, Random random) throws IOException, InterruptedException {
        boolean atCommit = number / jobs.size() % 2 == 1;
        List<Driver.Job> order = new ArrayList<>(jobs);
        Collections.rotate(order, -number);
        String owner = "killed-" + number;
        DriverProcess driver = start(owner, number, atCommit ? 1 : 3, order);
        driver.await(Driver.READY, 1);
        driver.goOn();
        if (atCommit) {
            driver.await(Driver.COMMITTING, 1);
            driver.killAfter(0);
        } else {
            driver.await(Driver.WRITING, 1 + random.nextInt(2));
            driver.killAfter(random.nextInt(900));
        }
        List<RunRecord> held = records(order.get(0)).stream()
                .filter(record -> owner.equals(record.owner()) && record.state() == RunState.PROCESSING)
                .toList();
        System.out.printf("%s: %s held %d runs of %s%n", jobs, owner, held.size(), order.get(0));
        if (atCommit) {
            assertThat(held).as("runs that were written and not committed").isNotEmpty();
        }
    }

    /** Two at a time, each of which has written runs of its own of a job before either commits. */
    private void letTwoMeet(int ahead) throws IOException, InterruptedException {
        List<DriverProcess> two = startTwo(ahead, 1);
        for (int i = 0; i < jobs.size(); i++) {
            for (DriverProcess driver : two) {
                driver.await(Driver.COMMITTING, 1);
            }
            for (DriverProcess driver : two) {
                driver.goOn();
            }
        }
        for (DriverProcess driver : two) {
            driver.awaitEnd();
        }
    }

    private void letTwoWork(int ahead) throws IOException, InterruptedException {
        for (DriverProcess driver : startTwo(ahead, 0)) {
            driver.awaitEnd();
        }
    }

    private List<DriverProcess> startTwo(int ahead, int waitsAt) throws IOException, InterruptedException {
        List<DriverProcess> two = List.of(start("one", ahead, waitsAt, jobs), start("two", ahead, waitsAt, jobs));
        for (DriverProcess driver : two) {
            driver.await(Driver.READY, 1);
        }
        for (DriverProcess driver : two) {
            driver.goOn();
        }
        return two;
    }

    /** Starts one whose clock is that many leases ahead, for which those of all drivers before it have ended. */
    private DriverProcess start(String owner, int ahead, int waitsAt, List<Driver.Job> order) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                database.getURL(), folder.toString(), owner, Integer.toString(ahead), Integer.toString(waitsAt)));
        order.forEach(job -> arguments.add(job.name()));
        DriverProcess driver = DriverProcess.start(settings, arguments);
        drivers.add(driver);
        return driver;
    }

    private void writeMoreRuns() throws IOException {
        int from = events.size();
        for (int i = from; i < from + MORE_RUNS; i++) {
            String run = RUN.format(LocalDateTime.of(2026, 3, 1, 0, 0).plusHours(i));
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
    private List<RunRecord> records(Driver.Job job) {
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
        drivers.forEach(DriverProcess::kill);
        server.stop();
    }
}
