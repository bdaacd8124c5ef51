package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.jdbc.JdbcRunManifestStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Drivers in processes of their own, killed at random points, over a database that survives them. */
@Timeout(600)
class DriverKillTest {

    private static final int RUNS = 12;
    private static final int KILLS = 6;
    private static final List<String> RECIPES = List.of(Driver.PARTITIONS, Driver.FOLDERS, Driver.JDBC);

    private final SparkSession spark = SparkTestSession.get();
    private final JdbcDataSource database = new JdbcDataSource();
    private Server server;

    @TempDir
    private Path folder;

    @BeforeEach
    void startDatabase() throws SQLException {
        server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", folder.toString())
                .start();
        database.setURL("jdbc:h2:tcp://localhost:%d/mem:kills;DB_CLOSE_DELAY=-1;DATABASE_TO_LOWER=TRUE"
                .formatted(server.getPort()));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE events (run_id varchar, event_id varchar)");
        }
        for (String recipe : RECIPES) {
            try (JdbcRunManifestStore store = Driver.store(database, recipe)) {
                RunManifest.over(store).create();
            }
        }
    }

    @AfterEach
    void stopDatabase() {
        server.stop();
    }

    @Test
    void howeverOftenADriverIsKilledEachRunIsThereOnceAndTwoAtATimeShareTheRuns() throws Exception {
        long seed = System.nanoTime();
        System.out.println("DriverKillTest: seed " + seed);
        Random random = new Random(seed);
        Map<String, List<String>> written = new TreeMap<>();
        writeRuns(0, RUNS, written);
        int killed = 0;
        int uncommitted = 0;
        for (int i = 0; i < KILLS; i++) {
            Process driver = start("killed-" + i);
            begin(driver);
            int batches = random.nextInt(4);
            awaitWriting(driver, batches);
            if (!driver.waitFor(random.nextInt(900), TimeUnit.MILLISECONDS)) {
                killed++;
            }
            driver.destroyForcibly().waitFor();
            uncommitted += claimed();
        }
        System.out.printf("DriverKillTest: %d kills, %d runs claimed by the dead%n", killed, uncommitted);
        assertThat(killed).isGreaterThan(KILLS / 2);
        assertThat(uncommitted).isPositive();

        writeRuns(RUNS, 2 * RUNS, written);
        for (int i = 0; i < 10 && !allDone(2 * RUNS); i++) { // the leases of the dead end meanwhile
            List<Process> two = List.of(start("one"), start("two"));
            for (Process driver : two) {
                awaitReady(driver);
            }
            for (Process driver : two) {
                begin(driver);
            }
            for (Process driver : two) {
                String said = new String(driver.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(driver.waitFor()).as(said).isZero();
            }
        }

        assertThat(partitions()).isEqualTo(written);
        assertThat(folders(written.keySet())).isEqualTo(written);
        assertThat(rows()).isEqualTo(written);
        for (String recipe : RECIPES) {
            assertThat(records(recipe))
                    .hasSize(2 * RUNS)
                    .extracting(RunRecord::state)
                    .containsOnly(RunState.PROCESSED);
        }
        List<String> owners = RECIPES.stream()
                .flatMap(recipe -> records(recipe).stream())
                .map(RunRecord::owner)
                .toList();
        assertThat(owners).contains("one", "two");
    }

    private void writeRuns(int from, int to, Map<String, List<String>> written) throws IOException {
        for (int i = from; i < to; i++) {
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
            ids.sort(null);
            written.put(run, ids);
        }
    }

    private Process start(String owner) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.matches("-Xmx.*|--add-opens.*|--enable-native.*"))
                .forEach(command::add);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Driver.class.getName(),
                database.getURL(),
                folder.toString(),
                owner));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void awaitReady(Process driver) throws IOException {
        awaitLine(driver, Driver.READY, 1);
    }

    private static void begin(Process driver) throws IOException {
        driver.getOutputStream().write('\n');
        driver.getOutputStream().flush();
    }

    private static void awaitWriting(Process driver, int before) throws IOException {
        awaitLine(driver, Driver.WRITING, before + 1);
    }

    /** Reads what a driver says, byte by byte so that nothing behind the line is taken, until it has said it so often or ends. */
    private static void awaitLine(Process driver, String wanted, int times) throws IOException {
        StringBuilder line = new StringBuilder();
        int seen = 0;
        while (seen < times) {
            int read = driver.getInputStream().read();
            if (read < 0) {
                return;
            }
            if (read != '\n') {
                line.append((char) read);
            } else {
                seen += line.toString().equals(wanted) ? 1 : 0;
                line.setLength(0);
            }
        }
    }

    private List<RunRecord> records(String recipe) {
        try (JdbcRunManifestStore store = Driver.store(database, recipe);
                Stream<RunRecord> records = RunManifest.over(store).records(RunRange.all())) {
            return records.toList();
        }
    }

    private int claimed() {
        return (int) RECIPES.stream()
                .flatMap(recipe -> records(recipe).stream())
                .filter(record -> record.state() == RunState.PROCESSING)
                .count();
    }

    private boolean allDone(int runs) {
        return RECIPES.stream()
                .allMatch(recipe -> records(recipe).stream()
                                .filter(record -> record.state() == RunState.PROCESSED)
                                .count()
                        == runs);
    }

    private Map<String, List<String>> partitions() {
        return byRun(spark.read()
                .parquet(folder.resolve(Driver.PARTITIONS).toString())
                .select("run_id", "event_id")
                .collectAsList());
    }

    private Map<String, List<String>> folders(Iterable<String> runs) {
        Map<String, List<String>> found = new TreeMap<>();
        for (String run : runs) {
            found.put(
                    run,
                    spark.read().parquet(folder.resolve(Driver.FOLDERS) + "/" + new RunId(run)).collectAsList().stream()
                            .map(row -> row.getString(0))
                            .sorted()
                            .toList());
        }
        return found;
    }

    private Map<String, List<String>> rows() throws SQLException {
        Map<String, List<String>> found = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT run_id, event_id FROM events ORDER BY event_id")) {
            while (rows.next()) {
                found.computeIfAbsent(rows.getString(1), run -> new ArrayList<>())
                        .add(rows.getString(2));
            }
        }
        return found;
    }

    private static Map<String, List<String>> byRun(List<Row> rows) {
        Map<String, List<String>> found = new TreeMap<>();
        rows.forEach(row -> found.computeIfAbsent(row.getString(0), run -> new ArrayList<>())
                .add(row.getString(1)));
        found.values().forEach(ids -> ids.sort(null));
        return found;
    }
}
