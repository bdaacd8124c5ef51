package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreAccessDeniedException;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.StoreSchemaMismatchException;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What PostgreSQL refuses, and what the manifest says then. */
@Timeout(120)
class PostgresFailureTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final String table = PostgresServer.newName();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final RunManifest manifest = open(PostgresServer.shared().url());

    @AfterEach
    void closeWhatWasOpened() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }

    private RunManifest open(String url) {
        RunManifestStore store = RunManifestStores.open(url, Map.of("table", table));
        opened.add(store);
        return RunManifest.over(store);
    }

    private RunManifest openWith(String setting) {
        return open(PostgresServer.shared().url() + "&options=-c%20" + setting);
    }

    private Connection transaction() throws SQLException {
        Connection connection =
                DriverManager.getConnection(PostgresServer.shared().url());
        connection.setAutoCommit(false);
        opened.add(connection);
        return connection;
    }

    private JdbcRunManifestStore store() {
        return JdbcRunManifestStore.builder(PostgresServer.shared().dataSource())
                .table(table)
                .build();
    }

    private static Claim granted(ClaimResult result) {
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).claim();
    }

    private static String sqlState(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SQLException e) {
                return e.getSQLState();
            }
        }
        throw new AssertionError("no SQLException among the causes", thrown);
    }

    // not now

    @Test
    void aReadOnlyServerIsReadAndCannotBeWrittenNow() {
        manifest.create();
        manifest.add(RUN);
        RunManifest replica = openWith("default_transaction_read_only=on");

        replica.create();
        assertThat(replica.contains(RUN)).isTrue();
        assertThatThrownBy(() -> replica.forget(RUN))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining(table)
                .hasMessageContaining("read-only transaction")
                .satisfies(e -> assertThat(sqlState(e)).isEqualTo("25006"));
        assertThatThrownBy(() -> replica.claim(new RunId("another"), LEASE))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(manifest.contains(RUN)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"lock_timeout=50, 55P03", "statement_timeout=50, 57014"})
    void aWaitThatTheServerEndsIsUnavailableAndLosesNothing(String setting, String state) throws SQLException {
        manifest.create();
        Claim claim = granted(manifest.claim(RUN, LEASE));
        RunManifest impatient = openWith(setting);
        Connection connection = transaction();
        RunManifest.over(store().joining(connection)).skip(RUN, "holds the lock");

        assertThatThrownBy(() -> impatient.renew(claim))
                .isInstanceOf(StoreUnavailableException.class)
                .satisfies(e -> assertThat(sqlState(e)).isEqualTo(state));

        connection.rollback();
        impatient.renew(claim);
        assertThat(manifest.find(RUN).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void ofTwoTransactionsThatWaitForEachOtherOneIsToldSo() throws SQLException {
        manifest.create();
        RunId other = new RunId("other");
        manifest.add(RUN);
        manifest.add(other);
        Connection first = transaction();
        Connection second = transaction();
        RunManifest.over(store().joining(first)).forget(RUN);
        RunManifest.over(store().joining(second)).forget(other);

        // a thread for each: the common pool has no more than one on a machine of two cores
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(
                () -> RunManifest.over(store().joining(first)).forget(other), task -> new Thread(task).start());
        await().atMost(10, TimeUnit.SECONDS).until(() -> PostgresServer.shared().isAnybodyWaiting("UPDATE " + table));
        CompletableFuture<Boolean> closing = CompletableFuture.supplyAsync(
                () -> RunManifest.over(store().joining(second)).forget(RUN), task -> new Thread(task).start());
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> waiting.isCompletedExceptionally() || closing.isCompletedExceptionally());
        boolean firstWasRefused = waiting.isCompletedExceptionally();
        (firstWasRefused ? first : second).rollback();

        assertThat(firstWasRefused ? waiting : closing)
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableThat()
                .satisfies(e -> {
                    assertThat(e).hasCauseInstanceOf(StoreUnavailableException.class);
                    assertThat(sqlState(e)).isEqualTo("40P01");
                });
        assertThat(firstWasRefused ? closing : waiting).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        RunManifest nowhere = open("jdbc:postgresql://localhost:%d/etl".formatted(port));
        assertThatThrownBy(() -> nowhere.contains(RUN))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageStartingWith("jdbc:postgresql://localhost:%d/etl table %s job default: ", port, table);
        assertThatThrownBy(() -> nowhere.add(RUN)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(nowhere::create).isInstanceOf(StoreUnavailableException.class);
    }

    // rights

    private String role(String... grants) {
        String role = PostgresServer.newName();
        PostgresServer.shared().sql("CREATE ROLE %s LOGIN".formatted(role));
        for (String grant : grants) {
            PostgresServer.shared().sql("GRANT %s ON %s TO %s".formatted(grant, table, role));
        }
        return PostgresServer.shared().url().replace("user=postgres", "user=" + role);
    }

    @Test
    void withoutAnyRightAccessIsDenied() {
        manifest.create();
        RunManifest stranger = open(role());
        assertThatThrownBy(() -> stranger.contains(RUN))
                .isInstanceOf(StoreAccessDeniedException.class)
                .hasMessageContaining("permission denied for table " + table)
                .satisfies(e -> assertThat(sqlState(e)).isEqualTo("42501"));
        assertThatThrownBy(() -> stranger.add(RUN)).isInstanceOf(StoreAccessDeniedException.class);
        assertThatThrownBy(stranger::create).isInstanceOf(StoreAccessDeniedException.class);
        assertThatThrownBy(() -> stranger.pending(Stream.of(RUN)).toList())
                .isInstanceOf(StoreAccessDeniedException.class);
    }

    @Test
    void oneWhoMayOnlyReadIsDeniedAWrite() {
        manifest.create();
        RunManifest reader = open(role("SELECT"));
        reader.create();
        assertThat(reader.contains(RUN)).isFalse();
        assertThatThrownBy(() -> reader.claim(RUN, LEASE)).isInstanceOf(StoreAccessDeniedException.class);
    }

    @Test
    void threeRightsOnTheTableAreEnoughToRun() {
        manifest.create();
        RunManifest worker = open(role("SELECT, INSERT, UPDATE"));
        worker.create();
        Claim claim = granted(worker.claim(RUN, LEASE));
        worker.commit(claim, Map.of());
        assertThat(worker.forget(RUN)).isTrue();
    }

    @Test
    void oneWhoMayNotMakeTheTableIsToldSo() {
        RunManifest worker = open(role());
        assertThatThrownBy(worker::create)
                .isInstanceOf(StoreAccessDeniedException.class)
                .satisfies(e -> assertThat(sqlState(e)).isEqualTo("42501"));
    }

    @Test
    void aRoleThatDoesNotExistIsDenied() {
        RunManifest nobody = open(PostgresServer.shared().url().replace("user=postgres", "user=nobody"));
        assertThatThrownBy(() -> nobody.contains(RUN))
                .isInstanceOf(StoreAccessDeniedException.class)
                .satisfies(e -> assertThat(sqlState(e)).isEqualTo("28000"));
    }

    // another table, or none

    @Test
    void withoutTheTableOrItsDatabaseTheStoreIsMissing() {
        RunManifest elsewhere = open(PostgresServer.shared().url("nowhere"));
        for (RunManifest missing : List.of(manifest, elsewhere)) {
            assertThatThrownBy(() -> missing.contains(RUN)).isInstanceOf(StoreMissingException.class);
            assertThatThrownBy(() -> missing.add(RUN)).isInstanceOf(StoreMissingException.class);
            assertThatThrownBy(() -> missing.pending(Stream.of(RUN)).toList())
                    .isInstanceOf(StoreMissingException.class)
                    .hasMessageContaining(table);
        }
        assertThatThrownBy(() -> manifest.contains(RUN))
                .hasMessageEndingWith("the store does not exist, create it first");
    }

    @Test
    void whereTheDatabaseOrTheSchemaIsMissingCreatingTheTableSaysWhichOne() {
        RunManifest elsewhere = open(PostgresServer.shared().url("nowhere"));
        assertThatThrownBy(elsewhere::create)
                .isInstanceOf(StoreMissingException.class)
                .hasMessageContaining("nor what it is to be created in: ")
                .hasMessageContaining("database \"nowhere\" does not exist");
        try (RunManifestStore unplaced =
                RunManifestStores.open(PostgresServer.shared().url() + "&table=etl.waybill_run")) {
            assertThatThrownBy(unplaced::create)
                    .isInstanceOf(StoreMissingException.class)
                    .hasMessageContaining("nor what it is to be created in: ")
                    .hasMessageContaining("schema \"etl\" does not exist");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE %s (id int)",
                "CREATE VIEW %s AS SELECT 1 AS run_id",
                "CREATE TABLE %s (job text, run_id text, version bigint, state text, owner text, token text, at_ms bigint,"
                        + " lease_ms bigint, attempts int, retry_at_ms bigint, details text)",
                "CREATE TABLE %s (job text, run_id text PRIMARY KEY, version bigint, state text, owner text, token text,"
                        + " at_ms bigint, lease_ms bigint, attempts int, retry_at_ms bigint, details text)"
            })
    void aTableOfAnotherShapeIsNotTaken(String ddl) {
        PostgresServer.shared().sql(ddl.formatted(table));
        assertThatThrownBy(manifest::create)
                .isInstanceOf(StoreSchemaMismatchException.class)
                .hasMessageContaining(table);
    }

    @Test
    void aColumnThatIsMissingLaterIsAnotherShape() {
        manifest.create();
        manifest.add(RUN);
        PostgresServer.shared().sql("ALTER TABLE %s DROP COLUMN owner".formatted(table));
        assertThatThrownBy(() -> manifest.contains(RUN)).isInstanceOf(StoreSchemaMismatchException.class);
        assertThatThrownBy(() -> manifest.add(new RunId("x"))).isInstanceOf(StoreSchemaMismatchException.class);
    }

    // its making

    @Test
    void eightSessionsMakeTheTableAtOnceAndAllCanUseIt() {
        for (int round = 0; round < 20; round++) {
            String name = PostgresServer.newName();
            List<CompletableFuture<Boolean>> sessions = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                RunId run = new RunId("run-" + i);
                sessions.add(CompletableFuture.supplyAsync(
                        () -> {
                            try (RunManifestStore store = RunManifestStores.open(
                                    PostgresServer.shared().url(), Map.of("table", name))) {
                                store.create();
                                return RunManifest.over(store).add(run);
                            }
                        },
                        runnable -> new Thread(runnable, "session").start()));
            }
            assertThat(sessions)
                    .allSatisfy(session -> assertThat(session)
                            .succeedsWithin(30, TimeUnit.SECONDS)
                            .isEqualTo(true));
        }
    }

    @Test
    void theFileThatShipsMakesTheTableAndCreateThenNeedsNoRightToMakeOne() throws Exception {
        String schema = PostgresServer.newName();
        PostgresServer.shared()
                .sql(
                        "CREATE SCHEMA " + schema,
                        "SET search_path = " + schema + ";\n" + Dialect.POSTGRESQL.ddl("waybill_run"));
        String role = PostgresServer.newName();
        PostgresServer.shared()
                .sql(
                        "CREATE ROLE %s LOGIN".formatted(role),
                        "GRANT USAGE ON SCHEMA %s TO %s".formatted(schema, role),
                        "GRANT SELECT, INSERT, UPDATE ON %s.waybill_run TO %s".formatted(schema, role));
        try (RunManifestStore store = RunManifestStores.open(
                PostgresServer.shared().url().replace("user=postgres", "user=" + role),
                Map.of("table", schema + ".waybill_run"))) {
            store.create();
            RunManifest worker = RunManifest.over(store);
            worker.add(RUN);
            assertThat(worker.find(RUN).orElseThrow().state()).isEqualTo(RunState.PROCESSED);
        }
    }
}
