package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.jdbc.JdbcRunManifestStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the recipes of docs/spark.md do that need nothing but Spark and a database. */
class RecipesTest {

    private static EmbeddedPostgres postgres;

    private final SparkSession spark = SparkTestSession.get();
    private final List<RunId> runs = new ArrayList<>();
    private String url;
    private DataSource database;
    private JdbcRunManifestStore store;
    private RunManifest manifest;
    private String archive;
    private String output;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startDatabase() throws IOException {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopDatabase() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void writeArchive() throws IOException, SQLException {
        url = postgres.getJdbcUrl("postgres", "postgres");
        database = postgres.getPostgresDatabase();
        store = JdbcRunManifestStore.builder(database).build();
        manifest = RunManifest.over(store);
        manifest.create();
        archive = folder.resolve("archive").toString();
        output = folder.resolve("output").toString();
        for (int i = 0; i < 5; i++) {
            String run = "run=2026-03-01-0%d-00-00/".formatted(i);
            runs.add(new RunId(run));
            write(run, "part-0.gz", "a", "b");
            write(run, "part-1", "c");
        }
        sql("CREATE TABLE events (run_id varchar, event_id varchar, app_id varchar)");
    }

    @AfterEach
    void close() throws SQLException {
        store.close();
        sql("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
    }

    private void write(String run, String name, String... apps) throws IOException {
        String[] lines = new String[apps.length];
        for (int i = 0; i < apps.length; i++) {
            lines[i] = EventLines.line("app_id", apps[i], "event_id", run + name + i);
        }
        EventLines.write(Path.of(archive), run, name, lines);
    }

    private void sql(String... statements) throws SQLException {
        Recipes.execute(database, statements);
    }

    private ManifestedBatch.Builder batch() {
        return ManifestedBatch.builder(spark, manifest, archive);
    }

    private RunProcessor.Summary partitions() throws Exception {
        return Recipes.partitions(batch(), output);
    }

    private RunProcessor.Summary folders() throws Exception {
        return Recipes.folders(batch(), output);
    }

    private RunProcessor.Summary jdbc() throws Exception {
        return Recipes.jdbc(batch(), database, url, store);
    }

    private Map<String, String> rowsOf(String query) {
        Map<String, String> rows = new TreeMap<>();
        for (Row row : spark.sql(query).collectAsList()) {
            rows.put(row.getString(0), String.valueOf(row.getLong(1)));
        }
        return rows;
    }

    private Map<String, String> rowsInPartitions() {
        return rowsOf("SELECT run_id, count(*) FROM parquet.`%s` GROUP BY run_id".formatted(output));
    }

    private Map<String, String> rowsInDatabase() throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT run_id, count(*) FROM events GROUP BY run_id")) {
            while (found.next()) {
                rows.put(found.getString(1), found.getString(2));
            }
        }
        return rows;
    }

    private String reasons() {
        return manifest.records(runs.stream()).map(RunRecord::details).toList().toString();
    }

    private Map<String, String> threeOfEach() {
        return runs.stream().collect(Collectors.toMap(RunId::key, run -> "3", (a, b) -> a, TreeMap::new));
    }

    @Test
    void aRunIsAPartitionThatIsReplacedWhenItIsProcessedAgain() throws Exception {
        assertThat(partitions()).isEqualTo(new RunProcessor.Summary(5, 0, 0, 0, 0));
        assertThat(rowsInPartitions()).isEqualTo(threeOfEach());

        manifest.forget(runs.get(1));
        write(runs.get(1).key(), "part-2", "late");
        assertThat(partitions()).isEqualTo(new RunProcessor.Summary(1, 0, 0, 0, 0));

        Map<String, String> expected = threeOfEach();
        expected.put(runs.get(1).key(), "4");
        assertThat(rowsInPartitions()).isEqualTo(expected);
        RunRecord record = manifest.find(runs.get(1)).orElseThrow();
        assertThat(record.details())
                .containsEntry("files", "3")
                .containsEntry("fence", "4")
                .containsKey("archive");
    }

    @Test
    void aRunIsAFolderThatIsReplacedWhenItIsProcessedAgain() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(folders()).isEqualTo(new RunProcessor.Summary(i == 0 ? 5 : 1, 0, 0, 0, 0));
            for (RunId run : runs) {
                assertThat(spark.read().parquet(output + "/" + run).count()).isEqualTo(3);
            }
            manifest.forget(runs.get(2));
        }
    }

    @Test
    void rowsAndRecordsAreOneTransaction() throws Exception {
        assertThat(jdbc()).as(() -> reasons()).isEqualTo(new RunProcessor.Summary(5, 0, 0, 0, 0));
        assertThat(rowsInDatabase()).isEqualTo(threeOfEach());
        assertThat(jdbc()).isEqualTo(new RunProcessor.Summary(0, 0, 0, 0, 0));
        assertThat(runs).allMatch(manifest::contains);
    }

    @Test
    void whereTheTransactionFailsThereAreNeitherRowsNorRecordsAndTheNextJobHasThem() throws Exception {
        sql("ALTER TABLE events ADD CONSTRAINT no_c CHECK (run_id <> '%s')".formatted(runs.get(1)));

        assertThat(jdbc()).isEqualTo(new RunProcessor.Summary(3, 2, 0, 0, 0));

        assertThat(rowsInDatabase())
                .doesNotContainKeys(runs.get(0).key(), runs.get(1).key())
                .hasSize(3);
        assertThat(manifest.records(runs.subList(0, 2).stream()))
                .extracting(RunRecord::state)
                .containsExactly(RunState.FAILED, RunState.FAILED);
        sql("ALTER TABLE events DROP CONSTRAINT no_c");
        assertThat(jdbc()).isEqualTo(new RunProcessor.Summary(2, 0, 0, 0, 0));
        assertThat(rowsInDatabase()).isEqualTo(threeOfEach());
    }

    @Test
    void anotherCommitProtocolThanSparksOwnIsRefused() {
        String protocol = "spark.sql.sources.commitProtocolClass";
        String other = "org.apache.spark.internal.io.HadoopMapReduceCommitProtocol";
        String own = spark.conf().get(protocol);
        spark.conf().set(protocol, other);
        try {
            assertThatThrownBy(() -> RunPartitions.overwrite(
                            EnrichedEvents.read(spark, archive).select("run_id"), "parquet", output))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is " + other + ", want " + own);
        } finally {
            spark.conf().unset(protocol);
        }
        assertThatThrownBy(() -> RunPartitions.overwrite(
                        EnrichedEvents.read(spark, archive).select("app_id"), "parquet", output))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the rows have the columns [app_id], want one 'run_id' to partition by");
    }
}
