package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunState;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the example of docs/jdbc.md and of the README does. */
@Timeout(60)
class ExactlyOnceLoadExampleTest {

    private final List<RunId> listing =
            List.of(new RunId("run=2017-04-11-09-00-00/"), new RunId("run=2017-04-11-10-00-00/"));
    private final String schema = PostgresServer.newName();
    private final DataSource pool =
            PostgresServer.dataSource(PostgresServer.shared().url() + "&currentSchema=" + schema);
    private boolean broken;

    @BeforeEach
    void createTables() {
        PostgresServer.shared()
                .sql("CREATE SCHEMA " + schema, "CREATE TABLE %s.events (run text, event text)".formatted(schema));
    }

    private int load(RunId run, Connection connection) throws SQLException, IOException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO events VALUES (?, ?)")) {
            for (int i = 0; i < 3; i++) {
                insert.setString(1, run.key());
                insert.setString(2, "event " + i);
                insert.execute();
            }
        }
        if (broken) {
            throw new IOException("the file ends early");
        }
        return 3;
    }

    // spotless:off
    private RunProcessor.Summary example() throws InterruptedException {
        // docs:
try (JdbcRunManifestStore store = JdbcRunManifestStore.builder(pool).build()) {
    RunManifest manifest = RunManifest.over(store);
    manifest.create();

    return RunProcessor.builder(manifest).build().process(manifest.pending(listing.stream()), claim -> {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            int rows = load(claim.run(), connection); // whatever it writes with this connection
            RunManifest.over(store.joining(connection)).commit(claim, Map.of("rows", Integer.toString(rows)));
            connection.commit(); // the rows and the record, or neither
        }
        return Map.of();
    });
}
        // end
    }
    // spotless:on

    private int loaded() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM events")) {
            count.next();
            return count.getInt(1);
        }
    }

    @Test
    void eachRunIsLoadedOnce() throws Exception {
        assertThat(example()).isEqualTo(new RunProcessor.Summary(2, 0, 0, 0, 0));
        assertThat(example()).isEqualTo(new RunProcessor.Summary(0, 0, 0, 0, 0));
        assertThat(loaded()).isEqualTo(6);
        RunManifest manifest =
                RunManifest.over(JdbcRunManifestStore.builder(pool).build());
        assertThat(manifest.records(listing.stream())).allSatisfy(record -> {
            assertThat(record.state()).isEqualTo(RunState.PROCESSED);
            assertThat(record.details()).containsExactly(Map.entry("rows", "3"));
        });
    }

    @Test
    void aLoadThatFailsLeavesNoRowsAndIsMadeAgain() throws Exception {
        broken = true;
        assertThat(example()).isEqualTo(new RunProcessor.Summary(0, 2, 0, 0, 0));
        assertThat(loaded()).isZero();

        broken = false;
        assertThat(example()).isEqualTo(new RunProcessor.Summary(2, 0, 0, 0, 0));
        assertThat(loaded()).isEqualTo(6);
    }
}
