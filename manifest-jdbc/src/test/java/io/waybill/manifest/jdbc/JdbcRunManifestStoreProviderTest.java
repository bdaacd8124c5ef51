package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.ManifestException;
import io.waybill.manifest.NoSuchStoreException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.StoreAccessDeniedException;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcRunManifestStoreProviderTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");

    private static RunManifestStore open(String location, Map<String, String> options) {
        return RunManifestStores.open(location, options);
    }

    // what the driver is given

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jdbc:x://db/etl                                  | jdbc:x://db/etl             | waybill_run | default",
                "jdbc:x://db/etl?job=sessions                     | jdbc:x://db/etl             | waybill_run | sessions",
                "jdbc:x://db/etl?job=a%20b&table=etl.runs         | jdbc:x://db/etl             | etl.runs    | a b",
                "jdbc:x://db/etl?ssl=true                         | jdbc:x://db/etl?ssl=true    | waybill_run | default",
                "jdbc:x://db/etl?ssl=true&job=s&b=%20&table=t&c=+ | jdbc:x://db/etl?ssl=true&b=%20&c=+ | t    | s",
                "jdbc:x://db/etl?job=s&sslmode                    | jdbc:x://db/etl?sslmode     | waybill_run | s",
                "jdbc:x://db/etl?apps=s&Tab=t                     | jdbc:x://db/etl?apps=s&Tab=t | waybill_run | default",
                "jdbc:x://db/etl?                                 | jdbc:x://db/etl?            | waybill_run | default"
            })
    void jobAndTableAreTakenOutOfTheLocationAndTheRestIsTheDrivers(
            String location, String url, String table, String job) throws SQLException {
        try (Recording driver = new Recording();
                RunManifestStore store = open(location, Map.of())) {
            assertThat(store).hasToString("jdbc:x://db/etl table %s job %s".formatted(table, job));
            assertThatThrownBy(() -> store.find(RUN)).isInstanceOf(ManifestException.class);
            assertThat(driver.url).isEqualTo(url);
        }
    }

    // spotless:off
    @Test
    void aLocationAndABuilderSayTheSame() {
        DataSource dataSource = PostgresServer.dataSource("jdbc:postgresql://db/etl?user=etl");
        // docs:
        RunManifestStore store = RunManifestStores.open("jdbc:postgresql://db/etl?user=etl&job=sessions&table=etl.waybill_run");
        RunManifestStore same = JdbcRunManifestStore.builder(dataSource).job("sessions").table("etl.waybill_run").build();
        // end
        assertThat(store).hasToString("jdbc:postgresql://db/etl table etl.waybill_run job sessions");
        assertThat(same).asString().endsWith(" table etl.waybill_run job sessions");
    }
    // spotless:on

    @Test
    void optionsBesideTheLocationWinAndUserAndPasswordReachTheDriver() throws SQLException {
        Map<String, String> options = Map.of("job", "beside", "table", "t2", "user", "etl", "password", "s3cret");
        try (Recording driver = new Recording();
                RunManifestStore store = open("jdbc:x://db/etl?job=inside&table=t1&a=b", options)) {
            assertThat(store).hasToString("jdbc:x://db/etl table t2 job beside");
            assertThatThrownBy(() -> store.find(RUN)).isInstanceOf(ManifestException.class);
            assertThat(driver.url).isEqualTo("jdbc:x://db/etl?a=b");
            assertThat(driver.properties).containsEntry("user", "etl").containsEntry("password", "s3cret");
        }
    }

    @Test
    void withoutUserAndPasswordTheDriverIsGivenNone() throws SQLException {
        try (Recording driver = new Recording();
                RunManifestStore store = open("jdbc:x://db/etl?user=inside", Map.of())) {
            assertThatThrownBy(() -> store.find(RUN)).isInstanceOf(ManifestException.class);
            assertThat(driver.url).isEqualTo("jdbc:x://db/etl?user=inside");
            assertThat(driver.properties).doesNotContainKeys("user", "password");
        }
    }

    // what is refused

    @Test
    void anUnknownOptionBesideTheLocationNamesTheOneThatWasMeant() {
        assertThatThrownBy(() -> open("jdbc:x://u:s3cret@db/etl?password=s3cret", Map.of("passwort", "s3cret")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("store location jdbc:x://db/etl: unknown option 'passwort', did you mean 'password'?"
                        + " (valid: job, password, table, user)");
    }

    @ParameterizedTest
    @CsvSource({"jobs,job", "jo,job", "jbo,job", "Job,job", "tabel,table", "TABLE,table", "tables,table", "tabl,table"})
    void anOptionThatLooksLikeOursIsNotGivenToTheDriver(String slip, String meant) {
        assertThatThrownBy(() -> open("jdbc:x://u:s3cret@db/etl?ssl=true&" + slip + "=s3cret", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("store location jdbc:x://db/etl: option '%s', did you mean '%s'?", slip, meant);
    }

    @Test
    void whereNoDriverTakesTheUrlTheMessageNamesThem() {
        try (RunManifestStore store = open("jdbc:postgres://db/etl?password=s3cret", Map.of())) {
            RunManifest manifest = RunManifest.over(store);
            Stream.<ThrowingCallable>of(
                            manifest::create,
                            () -> manifest.add(RUN),
                            () -> manifest.pending(Stream.of(RUN)).count())
                    .forEach(call -> assertThatThrownBy(call)
                            .isInstanceOf(NoSuchStoreException.class)
                            .hasMessage(
                                    "jdbc:postgres://db/etl table waybill_run job default: no driver on the class path"
                                            + " takes this URL; want jdbc:postgresql:… and org.postgresql:postgresql there,"
                                            + " or jdbc:h2:… and com.h2database:h2"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "1a", "a.b.c", "runs;", "a\"b", "a-b", ".a", "é", "a.", "DROP TABLE x"})
    void aNameThatIsNoneOfATableIsRefused(String table) {
        assertThatThrownBy(() -> open("jdbc:x://db/etl", Map.of("table", table)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "'%s' is no table name, want letters, digits and underscores,"
                                + " with an optional schema and a dot",
                        table);
    }

    @Test
    void aTablesNameHasAtMost63Characters() {
        String longest = "s".repeat(63) + "." + "t".repeat(63);
        try (RunManifestStore store = open("jdbc:x://db/etl?table=" + longest, Map.of())) {
            assertThat(store).hasToString("jdbc:x://db/etl table " + longest + " job default");
        }
        assertThatThrownBy(() -> open("jdbc:x://db/etl?table=" + "t".repeat(64), Map.of()))
                .hasMessageContaining("is no table name");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 256})
    void aJobHasANameOf1To255Characters(int length) {
        assertThatThrownBy(() -> open("jdbc:x://db/etl", Map.of("job", "j".repeat(length))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no job name, want 1 to 255 characters");
    }

    // secrets

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jdbc:postgresql://db:5432/etl?user=etl@db&password=s3cret | jdbc:postgresql://db:5432/etl",
                "jdbc:postgresql://a:1,b:2/etl | jdbc:postgresql://a:1,b:2/etl",
                "jdbc:postgresql://etl:s3cret@db/etl | jdbc:postgresql://db/etl",
                "jdbc:h2:file:./runs;CIPHER=AES | jdbc:h2:file:./runs",
                "jdbc:h2:file:./a@b/runs | jdbc:h2:file:./a@b/runs"
            })
    void theDatabaseIsShownWithoutItsUserAndParameters(String location, String shown) {
        try (RunManifestStore store = open(location, Map.of())) {
            assertThat(store).hasToString(shown + " table waybill_run job default");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:nobody://db/etl?user=etl&password=s3cret",
                "jdbc:nobody://db/etl?password=s3cret&job=a",
                "jdbc:nobody://etl:s3cret@db/etl",
                "jdbc:nobody://etl:s3cret/x@db/etl",
                "jdbc:nobody://etl:s3cret?x@db/etl",
                "jdbc:nobody://etl:s3cret;x@db/etl",
                "jdbc:nobody://etl:s3cret@x@db/etl",
                "jdbc:nobody:db;password=s3cret",
                "jdbc:h2:mem:secrets;USER=sa;PASSWORD=s3cret;NO_SUCH_SETTING=1",
                "jdbc:h2:mem:secrets;PASSWORD=s3cret;broken",
                "jdbc:h2:./target/secrets/db;PASSWORD=s3cret;NO_SUCH_SETTING=1",
                "jdbc:h2:./target/secrets/db;PASSWORD=s3cret;broken",
                "jdbc:nobody:db;password=file s3cret"
            })
    void aPasswordInTheLocationIsNeverShown(String location) {
        try (RunManifestStore store = open(location, Map.of())) {
            assertThat(store.toString()).contains(" table waybill_run job ").doesNotContain("s3cret");
            RunManifest manifest = RunManifest.over(store);
            assertThatThrownBy(manifest::create)
                    .isInstanceOf(ManifestException.class)
                    .satisfies(this::showsNoSecret);
            assertThatThrownBy(() -> manifest.contains(RUN))
                    .isInstanceOf(ManifestException.class)
                    .satisfies(this::showsNoSecret);
            assertThatThrownBy(() -> manifest.add(RUN))
                    .isInstanceOf(ManifestException.class)
                    .satisfies(this::showsNoSecret);
        }
    }

    private void showsNoSecret(Throwable thrown) {
        StringWriter trace = new StringWriter(); // causes and suppressed ones too
        thrown.printStackTrace(new PrintWriter(trace, true));
        assertThat(trace.toString()).doesNotContain("s3cret");
    }

    @Test
    void aPasswordBesideTheLocationIsNeverShown() {
        Map<String, String> right = Map.of("user", "sa", "password", "s3cret");
        Map<String, String> wrong = Map.of("user", "sa", "password", "s3cret-too");
        String location = "jdbc:h2:mem:beside;DB_CLOSE_DELAY=-1";
        try (RunManifestStore store = open(location, right);
                RunManifestStore denied = open(location, wrong)) {
            store.create();
            assertThat(store).hasToString("jdbc:h2:mem:beside table waybill_run job default");
            assertThatThrownBy(() -> denied.find(RUN))
                    .isInstanceOf(StoreAccessDeniedException.class)
                    .hasMessageStartingWith("jdbc:h2:mem:beside table waybill_run job default: the database refused")
                    .satisfies(this::showsNoSecret);
        }
    }

    // a database in memory, through the location

    @Test
    void aDatabaseThatDoesNotExistIsMissingAndOnlyCreateMakesIt() {
        try (RunManifestStore store = open("jdbc:h2:mem:made;DB_CLOSE_DELAY=-1", Map.of())) {
            assertThatThrownBy(() -> store.find(RUN))
                    .isInstanceOf(StoreMissingException.class)
                    .hasMessage("jdbc:h2:mem:made table waybill_run job default:"
                            + " the store does not exist, create it first");
            RunManifest manifest = RunManifest.over(store);
            manifest.create();
            assertThat(manifest.add(RUN)).isTrue();
            assertThat(manifest.contains(RUN)).isTrue();
        }
    }

    @Test
    void aStoreThatIsClosedDoesNothingMore() {
        RunManifestStore store = open("jdbc:h2:mem:closed;DB_CLOSE_DELAY=-1", Map.of());
        store.create();
        store.close();
        store.close();
        assertThatThrownBy(() -> store.find(RUN))
                .isInstanceOf(ManifestException.class)
                .hasMessageContaining("the store is closed");
    }

    /** A driver for {@code jdbc:x:} that remembers what it is asked for, and is never connected. */
    private static final class Recording implements Driver, AutoCloseable {

        private String url = "";
        private Properties properties = new Properties();

        Recording() throws SQLException {
            DriverManager.registerDriver(this);
        }

        @Override
        public boolean acceptsURL(String asked) {
            return asked.startsWith("jdbc:x:");
        }

        @Override
        public Connection connect(String asked, Properties given) throws SQLException {
            url = asked;
            properties = given;
            throw new SQLException("not connected", "0A000");
        }

        @Override
        public DriverPropertyInfo[] getPropertyInfo(String asked, Properties given) {
            return new DriverPropertyInfo[0];
        }

        @Override
        public int getMajorVersion() {
            return 1;
        }

        @Override
        public int getMinorVersion() {
            return 0;
        }

        @Override
        public boolean jdbcCompliant() {
            return false;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException("nothing is logged");
        }

        @Override
        public void close() throws SQLException {
            DriverManager.deregisterDriver(this);
        }
    }
}
