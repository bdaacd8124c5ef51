package io.waybill.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.archive.RunArchive;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.jdbc.JdbcRunManifestStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ExactlyOnceLoadTest {

    private static final String FIRST = "run=2017-04-11-09-00-00/";
    private static final String SECOND = "run=2017-04-11-10-00-00/";

    private EmbeddedPostgres postgres;
    private DataSource pool;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        postgres = EmbeddedPostgres.start();
        pool = postgres.getPostgresDatabase();
        write(FIRST, "part-0", Lines.event("1", "a"), Lines.BAD, Lines.event("2", "b"));
        write(SECOND, "part-0", Lines.event("3", "c"));
    }

    @AfterEach
    void stop() throws IOException {
        postgres.close();
    }

    private Path write(String run, String name, String... lines) throws IOException {
        Path file = folder.resolve(run).resolve(name);
        Files.createDirectories(folder.resolve(run));
        return Files.write(file, List.of(lines));
    }

    private RunProcessor.Summary load() throws IOException, SQLException, InterruptedException {
        try (RunArchive archive = RunArchive.at(folder.toString()).open()) {
            return new ExactlyOnceLoad(archive, pool).run();
        }
    }

    private List<String> rows(String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }

    private List<String> events() throws SQLException {
        return rows("SELECT run_id || ' ' || event_id || ' ' || app_id FROM events ORDER BY event_id");
    }

    private RunRecord record(String run) {
        try (JdbcRunManifestStore store = JdbcRunManifestStore.builder(pool).build()) {
            return RunManifest.over(store).find(new RunId(run)).orElseThrow();
        }
    }

    @Test
    void eachRunIsLoadedOnceWithItsBadRows() throws Exception {
        assertThat(load()).isEqualTo(new RunProcessor.Summary(2, 0, 0, 0, 0));
        assertThat(load()).isEqualTo(new RunProcessor.Summary(0, 0, 0, 0, 0));

        assertThat(events()).containsExactly(FIRST + " 1 a", FIRST + " 2 b", SECOND + " 3 c");
        assertThat(rows("SELECT bad_row->>'line' FROM bad_rows")).containsExactly("2");
        assertThat(record(FIRST).state()).isEqualTo(RunState.PROCESSED);
        assertThat(record(FIRST).details()).isEqualTo(Map.of("rows", "3"));
    }

    @Test
    void aLoadThatFailsLeavesNoRowsAndIsMadeAgain() throws Exception {
        Path damaged = write(FIRST, "part-1.gz");
        try (GZIPOutputStream gzip = new GZIPOutputStream(Files.newOutputStream(damaged))) {
            gzip.write((Lines.event("4", "d") + "\n").getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = Files.readAllBytes(damaged);
        Files.write(damaged, Arrays.copyOf(whole, whole.length - 4));

        assertThat(load()).isEqualTo(new RunProcessor.Summary(1, 1, 0, 0, 0));
        assertThat(events()).containsExactly(SECOND + " 3 c");
        assertThat(rows("SELECT bad_row FROM bad_rows")).isEmpty();
        assertThat(record(FIRST).state()).isEqualTo(RunState.FAILED);

        Files.write(damaged, whole);
        assertThat(load()).isEqualTo(new RunProcessor.Summary(1, 0, 0, 0, 0));
        assertThat(events()).containsExactly(FIRST + " 1 a", FIRST + " 2 b", SECOND + " 3 c", FIRST + " 4 d");
        assertThat(rows("SELECT bad_row->>'line' FROM bad_rows")).containsExactly("2");
    }

    @Test
    void bothPagesQuoteIt() throws IOException {
        Pages.assertQuote(ExactlyOnceLoad.class, "load", "README.md", "docs/jdbc.md");
    }
}
