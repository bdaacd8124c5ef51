package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.waybill.manifest.ManifestException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A password, however it is given and whatever goes wrong with it, is in no message and no stack trace. */
@Timeout(60)
class PostgresSecretsTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");

    private static String url(String pattern) {
        return pattern.replace("PORT", Integer.toString(PostgresServer.shared().port()));
    }

    private static void showsNoSecret(Throwable thrown) {
        StringWriter trace = new StringWriter(); // causes and suppressed ones too
        thrown.printStackTrace(new PrintWriter(trace, true));
        assertThat(trace.toString()).doesNotContainIgnoringCase("s3cret");
    }

    private static void failsWithoutShowingIt(RunManifest manifest) {
        List<Callable<?>> operations = List.of(
                () -> {
                    manifest.create();
                    return manifest;
                },
                () -> manifest.contains(RUN),
                () -> manifest.add(RUN),
                () -> manifest.claim(RUN, Duration.ofMinutes(1)),
                () -> manifest.pending(Stream.of(RUN)).toList());
        for (Callable<?> operation : operations) {
            Throwable thrown = catchThrowable(operation::call);
            assertThat(thrown).isInstanceOf(ManifestException.class);
            showsNoSecret(thrown);
        }
        assertThat(manifest.toString()).doesNotContainIgnoringCase("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://localhost:PORT/postgres?user=nobody&password=s3cret",
                "jdbc:postgresql://localhost:PORT/postgres?password=s3cret&user=nobody&job=a",
                "jdbc:postgresql://localhost:PORT/nowhere?user=postgres&password=s3cret",
                "jdbc:postgresql://localhost:PORT/postgres?user=postgres&password=s3cret&ssl=true&sslpassword=s3cret",
                "jdbc:postgresql://localhost:PORT/postgres?user=postgres&sslmode=require&sslkey=none.p12&sslpassword=s3cret",
                "jdbc:postgresql://localhost:PORT/postgres?user=postgres&password=s3cret&socketTimeout=soon",
                "jdbc:postgresql://localhost:PORT/postgres?user=nobody&password=s3%63ret",
                "jdbc:postgresql://localhost:PORT/postgres?user=nobody&password=s3cret%",
                "jdbc:postgresql://localhost:PORT/postgres?user=nobody&password=s3cret%zz",
                "jdbc:postgresql://localhost:PORT/postgres?user=nobody&PASSWORD=s3cret",
                "jdbc:postgresql://nobody:s3cret@localhost:PORT/postgres",
                "jdbc:postgresql://nobody:s3cret%40@localhost:PORT/postgres?sslmode=disable",
                "jdbc:postgresql://nobody:s3cret/@localhost:PORT/postgres",
                "jdbc:postgresql:nowhere?user=postgres&password=s3cret&port=PORT",
                "jdbc:postgresql:///postgres?user=nobody&password=s3cret",
                "jdbc:postgresql://localhost:1,localhost:2/postgres?user=etl&password=s3cret&targetServerType=primary",
                "jdbc:postgresql://localhost:PORT/postgres?user=postgres&password=s3cret&targetServerType=secondary",
                "jdbc:postgresql://localhost:PORT/postgres?user=postgres&password=s3cret&options=-c%20no_such_parameter=1",
                "jdbc:postgresql://localhost:none/postgres?user=postgres&password=s3cret"
            })
    void aPasswordInTheLocationIsNeverShown(String location) {
        try (RunManifestStore store = RunManifestStores.open(url(location))) {
            failsWithoutShowingIt(RunManifest.over(store));
        }
    }

    @Test
    void aPasswordBesideTheLocationIsNeverShown() {
        try (RunManifestStore store = RunManifestStores.open(
                url("jdbc:postgresql://localhost:PORT/postgres"), Map.of("user", "nobody", "password", "s3cret"))) {
            failsWithoutShowingIt(RunManifest.over(store));
        }
    }

    @Test
    void aWrongPasswordIsNotShownByAServerThatAsksForIt() {
        String role = PostgresServer.newName();
        PostgresServer.shared().sql("CREATE ROLE %s LOGIN PASSWORD 'another'".formatted(role));
        PostgresServer.shared().askForPassword(role);
        try (RunManifestStore store =
                RunManifestStores.open(url("jdbc:postgresql://localhost:PORT/postgres?password=s3cret&user=" + role))) {
            failsWithoutShowingIt(RunManifest.over(store));
        }
    }

    @ParameterizedTest
    @CsvSource({"s3cret, s3cret", "s3%40&%2B+%3D, s3@&++=", "a:b, a:b"})
    void userAndPasswordMayStandBeforeTheHost(String written, String password) {
        String role = PostgresServer.newName();
        PostgresServer.shared().sql("CREATE ROLE %s LOGIN SUPERUSER PASSWORD '%s'".formatted(role, password));
        PostgresServer.shared().askForPassword(role);
        try (RunManifestStore store = RunManifestStores.open(url(
                "jdbc:postgresql://%s:%s@localhost:PORT/postgres?table=%s&ssl=false".formatted(role, written, role)))) {
            store.create();
            assertThat(store.find(RUN)).isEmpty();
            assertThat(store)
                    .hasToString(url("jdbc:postgresql://localhost:PORT/postgres table %s job default".formatted(role)));
        }
    }

    @Test
    void aBrokenEscapeBeforeTheHostIsNotShown() {
        Throwable thrown = catchThrowable(() -> RunManifestStores.open("jdbc:postgresql://etl:s3cret%zz@db/etl"));
        assertThat(thrown)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("store location jdbc:postgresql://db/etl: option 'password' holds a broken percent escape,"
                        + " want %25 for a percent sign");
        showsNoSecret(thrown);
    }

    @Test
    void aUsersOwnDataSourceIsNotShown() throws SQLException {
        var source =
                PostgresServer.dataSource(url("jdbc:postgresql://localhost:PORT/postgres?user=nobody&password=s3cret"));
        try (JdbcRunManifestStore store =
                JdbcRunManifestStore.builder(source).table("missing").build()) {
            failsWithoutShowingIt(RunManifest.over(store));
            try (Connection connection = PostgresServer.shared().dataSource().getConnection()) {
                connection.setAutoCommit(false);
                Throwable thrown = catchThrowable(
                        () -> RunManifest.over(store.joining(connection)).contains(RUN));
                showsNoSecret(thrown);
                assertThat(thrown).hasMessageStartingWith("jdbc table missing job default joined: ");
            }
        }
    }
}
