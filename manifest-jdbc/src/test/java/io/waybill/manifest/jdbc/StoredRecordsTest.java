package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tables that earlier versions made and filled: this one reads them, takes them as its own, and goes on in them. */
class StoredRecordsTest {

    private static final List<RunRecord> RECORDS = List.of(
            record(
                    10,
                    2,
                    RunState.PROCESSED,
                    "pid 71 on etl-1",
                    1,
                    "2017-04-11T10:00:12.345Z",
                    0,
                    0,
                    null,
                    Map.of("bad_rows", "0", "events", "1204", "output", "json/run=2017-04-11-10-00-00/")),
            record(
                    11,
                    1,
                    RunState.PROCESSING,
                    "pid 71 on etl-1",
                    2,
                    "2017-04-11T11:00:00Z",
                    600_000,
                    0,
                    null,
                    Map.of()),
            record(
                    12,
                    4,
                    RunState.FAILED,
                    "pid 9 on etl-2",
                    3,
                    "2017-04-11T12:00:00.001Z",
                    0,
                    2,
                    "2017-04-11T12:01:00.001Z",
                    Map.of("reason", "java.io.IOException: disk \"full\"\nü")),
            record(
                    13,
                    10,
                    RunState.FAILED,
                    "pid 9 on etl-2",
                    4,
                    "2017-04-11T13:00:00Z",
                    0,
                    5,
                    null,
                    Map.of("reason", "no more")),
            record(
                    14,
                    3,
                    RunState.SKIPPED,
                    "operator",
                    5,
                    "2017-04-11T14:00:00Z",
                    0,
                    0,
                    null,
                    Map.of("reason", "not wanted")),
            record(15, 3, RunState.NEW, "operator", 6, "2017-04-11T15:00:00Z", 0, 0, null, Map.of()));

    private static RunId run(int hour) {
        return new RunId("run=2017-04-11-%d-00-00/".formatted(hour));
    }

    private static RunRecord record(
            int hour,
            long version,
            RunState state,
            String owner,
            int token,
            String at,
            long lease,
            int attempts,
            @Nullable String retryAt,
            Map<String, String> details) {
        return new RunRecord(
                run(hour),
                version,
                state,
                owner,
                "b7c1d0e4-5a3f-4c1e-9d52-00000000000" + token,
                Instant.parse(at),
                Duration.ofMillis(lease),
                attempts,
                retryAt == null ? null : Instant.parse(retryAt),
                details);
    }

    private static void fill(Connection connection, String file) throws IOException, SQLException {
        try (InputStream sql = StoredRecordsTest.class.getResourceAsStream("/stored/" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(new String(Objects.requireNonNull(sql, file).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static void assertRead(RunManifestStore store) {
        store.create(); // takes the table as it is
        assertThat(store.list(RunRange.all())).containsExactlyElementsOf(RECORDS);
        RunManifest manifest = RunManifest.over(store);
        assertThat(manifest.pending(RECORDS.stream().map(RunRecord::id)))
                .containsExactly(run(11), run(12), run(15)); // a lease of 2017 is over
        for (int hour : List.of(11, 12, 15)) {
            ClaimResult answer = manifest.claim(run(hour), Duration.ofMinutes(1));
            assertThat(answer).isInstanceOf(ClaimResult.Granted.class);
            manifest.commit(((ClaimResult.Granted) answer).claim(), Map.of());
        }
        assertThat(manifest.find(run(12)).orElseThrow().version()).isEqualTo(6);
    }

    @Test
    void onPostgres() throws IOException, SQLException {
        String schema = PostgresServer.newName();
        PostgresServer.shared().sql("CREATE SCHEMA " + schema);
        String url = PostgresServer.shared().url() + "&currentSchema=" + schema;
        try (Connection connection = DriverManager.getConnection(url);
                RunManifestStore store = RunManifestStores.open(url)) {
            fill(connection, "postgresql-0.1.sql");
            assertRead(store);
        }
    }

    @Test
    void onH2() throws IOException, SQLException {
        String url = "jdbc:h2:mem:" + PostgresServer.newName();
        try (Connection connection = DriverManager.getConnection(url);
                RunManifestStore store = RunManifestStores.open(url)) {
            fill(connection, "h2-0.1.sql");
            assertRead(store);
        }
    }
}
