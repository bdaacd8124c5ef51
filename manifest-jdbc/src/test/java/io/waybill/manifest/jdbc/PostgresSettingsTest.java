package io.waybill.manifest.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** Servers, databases, sessions and pools that are set up otherwise. */
@Timeout(120)
class PostgresSettingsTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final String table = PostgresServer.newName();
    private final List<RunManifestStore> opened = new ArrayList<>();

    @AfterEach
    void closeStores() {
        opened.forEach(RunManifestStore::close);
    }

    private RunManifestStore open(String url) {
        RunManifestStore store = RunManifestStores.open(url, Map.of("table", table));
        opened.add(store);
        return store;
    }

    /** A store in whose sessions a parameter of the server has another value. */
    private RunManifestStore openWith(String setting) {
        return open(PostgresServer.shared().url() + "&options=-c%20" + setting);
    }

    private static Claim granted(ClaimResult result) {
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).claim();
    }

    private static void livesThroughEverything(RunManifest manifest) {
        manifest.create();
        manifest.create();
        Claim claim = granted(manifest.claim(RUN, LEASE));
        assertThat(manifest.claim(RUN, LEASE)).isInstanceOf(ClaimResult.Held.class);
        manifest.renew(claim);
        manifest.commit(claim, Map.of("rows", "42"));
        assertThat(manifest.contains(RUN)).isTrue();
        assertThat(manifest.add(RUN)).isFalse();
        assertThat(manifest.forget(RUN)).isTrue();
        assertThat(manifest.pending(Stream.of(RUN))).containsExactly(RUN);
        assertThat(manifest.records(RunRange.all()))
                .singleElement()
                .extracting(RunRecord::version)
                .isEqualTo(4L);
    }

    // isolation

    @ParameterizedTest
    @ValueSource(strings = {"read\\ committed", "repeatable\\ read", "serializable"})
    void ofManyWhoClaimAtOnceOneIsGrantedWhateverTheIsolation(String isolation) throws Exception {
        RunManifestStore store = openWith("default_transaction_isolation=" + isolation);
        RunManifest manifest = RunManifest.over(store);
        livesThroughEverything(manifest);
        List<RunId> runs =
                IntStream.range(0, 20).mapToObj(i -> new RunId("run-" + i)).toList();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (RunId run : runs) {
                List<Callable<ClaimResult>> claims = IntStream.range(0, 8)
                        .<Callable<ClaimResult>>mapToObj(i -> () -> manifest.claim(run, LEASE))
                        .toList();
                int granted = 0;
                for (Future<ClaimResult> claim : threads.invokeAll(claims)) {
                    granted += claim.get() instanceof ClaimResult.Granted ? 1 : 0;
                }
                assertThat(granted).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"repeatable\\ read", "serializable"})
    void aConflictBetweenTransactionsIsTriedAgainAndAnswered(String isolation) throws SQLException {
        JdbcRunManifestStore joinable = JdbcRunManifestStore.builder(
                        PostgresServer.shared().dataSource())
                .table(table)
                .build();
        RunManifestStore store = openWith("default_transaction_isolation=" + isolation);
        RunManifest manifest = RunManifest.over(store);
        manifest.create();
        Claim claim = granted(manifest.claim(RUN, LEASE));
        RunRecord skipped =
                new RunRecord(RUN, 2, RunState.SKIPPED, "another", "", Instant.EPOCH, Duration.ZERO, 0, null, Map.of());
        CompletableFuture<Boolean> written;
        try (Connection connection =
                DriverManager.getConnection(PostgresServer.shared().url())) {
            connection.setAutoCommit(false);
            RunManifest.over(joinable.joining(connection)).commit(claim, Map.of());
            written = CompletableFuture.supplyAsync(() -> store.compareAndPut(skipped));
            await().atMost(10, SECONDS).until(() -> PostgresServer.shared().isAnybodyWaiting("UPDATE " + table));
            connection.commit(); // and the one who waits is told 40001
        }
        assertThat(written).succeedsWithin(10, SECONDS).isEqualTo(false);
        assertThat(manifest.find(RUN).orElseThrow().state()).isEqualTo(RunState.PROCESSED);
    }

    // order

    @Test
    void aDatabaseWithALanguagesOrderListsByBytesAllTheSame() {
        String database = PostgresServer.newName();
        PostgresServer.shared()
                .sql(
                        "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'sv-SE' LOCALE 'C'"
                                .formatted(database));
        RunManifest manifest = RunManifest.over(open(PostgresServer.shared().url(database)));
        livesThroughEverything(manifest);
        manifest.forget(RUN);
        List<RunId> runs = Stream.of(
                        "a", "B", "b", "Z", "z", "ä", "å", "o", "ö", "-a", "_", "a b", "ab", "\uFF5E", "🚚", "é")
                .map(RunId::new)
                .toList();
        runs.forEach(manifest::add);

        TreeSet<RunId> byBytes = new TreeSet<>(runs);
        byBytes.add(RUN);
        assertThat(manifest.records(RunRange.all()).map(RunRecord::id)).containsExactlyElementsOf(byBytes);
        assertThat(manifest.records(new RunRange("b", "ö")).map(RunRecord::id))
                .containsExactlyElementsOf(byBytes.subSet(new RunId("b"), new RunId("ö")));
    }

    // time

    @ParameterizedTest
    @ValueSource(strings = {"Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"})
    void timeZonesOfClientAndServerChangeNoTime(String zone) {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone)); // the driver makes it the session's
        try {
            String role = PostgresServer.newName();
            PostgresServer.shared()
                    .sql(
                            "CREATE ROLE %s LOGIN SUPERUSER".formatted(role),
                            "ALTER ROLE %s SET TimeZone = 'Etc/GMT+12'".formatted(role));
            RunManifestStore store = open(PostgresServer.shared().url().replace("user=postgres", "user=" + role));
            livesThroughEverything(RunManifest.over(store));
            assertThat(Duration.between(store.now(), Instant.now()).abs()).isLessThan(Duration.ofMinutes(5));
            Instant written = store.find(RUN).orElseThrow().at();
            assertThat(Duration.between(written, Instant.now()).abs()).isLessThan(Duration.ofMinutes(5));
            TimeZone.setDefault(before);
            assertThat(open(PostgresServer.shared().url())
                            .find(RUN)
                            .orElseThrow()
                            .at())
                    .isEqualTo(written);
        } finally {
            TimeZone.setDefault(before);
        }
    }

    // schemas

    @Test
    void aTableThatIsFoundFurtherDownTheSearchPathIsTheTable() {
        String schema = PostgresServer.newName();
        PostgresServer.shared().sql("CREATE SCHEMA " + schema);
        RunManifest.over(open(PostgresServer.shared().url())).create();

        RunManifestStore store = openWith("search_path=%s,public".formatted(schema));
        livesThroughEverything(RunManifest.over(store));
    }

    @Test
    void aTableOfASchemaOrWithCapitalsInItsNameIsFoundAgain() {
        String schema = PostgresServer.newName();
        PostgresServer.shared().sql("CREATE SCHEMA " + schema);
        try (RunManifestStore store =
                RunManifestStores.open(PostgresServer.shared().url(), Map.of("table", schema + ".Runs"))) {
            livesThroughEverything(RunManifest.over(store));
        }
    }

    // pools

    /** A pool of one connection that it hands out with auto-commit off, and remembers in what state it came back. */
    private static final class OneWithoutAutoCommit {

        final List<String> cameBack = new ArrayList<>();
        final BaseConnection only;

        OneWithoutAutoCommit() throws SQLException {
            only = DriverManager.getConnection(PostgresServer.shared().url()).unwrap(BaseConnection.class);
            only.setAutoCommit(false);
        }

        DataSource dataSource() {
            return proxy(DataSource.class, (proxy, method, arguments) -> lent());
        }

        private Connection lent() {
            return proxy(Connection.class, (proxy, method, arguments) -> {
                if (!method.getName().equals("close")) {
                    return method.invoke(only, arguments);
                }
                cameBack.add(
                        (only.getAutoCommit() ? "auto-commit, " : "no auto-commit, ") + only.getTransactionState());
                return null;
            });
        }

        private static <T> T proxy(Class<T> type, InvocationHandler handler) {
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
        }
    }

    @Test
    void aPoolWhoseConnectionsDoNotCommitByThemselvesGetsThemBackSoAndWithoutATransaction() throws SQLException {
        OneWithoutAutoCommit pool = new OneWithoutAutoCommit();
        try (RunManifestStore store =
                JdbcRunManifestStore.builder(pool.dataSource()).table(table).build()) {
            livesThroughEverything(RunManifest.over(store));
        } finally {
            pool.only.close();
        }
        assertThat(open(PostgresServer.shared().url()).find(RUN))
                .get()
                .extracting(RunRecord::version)
                .isEqualTo(4L);
        assertThat(pool.cameBack).isNotEmpty().containsOnly("no auto-commit, " + TransactionState.IDLE);
    }
}
