package io.waybill.manifest.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server for all tests of this JVM, begun by the first that asks and ended with the JVM. Safe for use by many
 * threads.
 */
final class PostgresServer {

    private static final class Shared {
        private static final PostgresServer INSTANCE = new PostgresServer();
    }

    private final EmbeddedPostgres postgres;

    private PostgresServer() {
        try {
            postgres = EmbeddedPostgres.builder() // which ends it when the JVM ends
                    .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                    .start();
            sql("CREATE EXTENSION pg_stat_statements");
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start", e);
        }
    }

    static PostgresServer shared() {
        return Shared.INSTANCE;
    }

    int port() {
        return postgres.getPort();
    }

    /** The administrator's URL, to which parameters can be added with {@code &}. */
    String url() {
        return url("postgres");
    }

    String url(String database) {
        return "jdbc:postgresql://localhost:%d/%s?user=postgres&password=postgres".formatted(port(), database);
    }

    /** Connections that are opened for each use. */
    PGSimpleDataSource dataSource() {
        return dataSource(url());
    }

    static PGSimpleDataSource dataSource(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    /** Runs statements as the administrator. */
    void sql(String... statements) {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(String.join("; ", statements), e);
        }
    }

    /** Lets the server ask a role for its password, where it trusts everybody otherwise. */
    void askForPassword(String role) {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet file = statement.executeQuery("SHOW hba_file")) {
            file.next();
            Path rules = Path.of(file.getString(1));
            Files.writeString(rules, "host all %s all scram-sha-256%n%s".formatted(role, Files.readString(rules)));
            sql("SELECT pg_reload_conf()");
            await().atMost(10, SECONDS).until(() -> isAskedForPassword(role));
        } catch (SQLException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private boolean isAskedForPassword(String role) {
        try (Connection connection = DriverManager.getConnection(url().replace("user=postgres", "user=" + role))) {
            return connection == null;
        } catch (SQLException e) {
            return true;
        }
    }

    /** Whether a session waits for a lock with a statement that begins so. */
    boolean isAnybodyWaiting(String statement) {
        return isAny("wait_event_type = 'Lock' AND query LIKE '%s%%'".formatted(statement));
    }

    /** How many statements that read or write a table the server has run. */
    long statementsOn(String table) {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet calls = statement.executeQuery(
                        "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query ~ '(FROM|INTO|UPDATE) %s'"
                                .formatted(table))) {
            calls.next();
            return calls.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(table, e);
        }
    }

    /** Whether any other session is so, by the columns of pg_stat_activity. */
    boolean isAny(String condition) {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND " + condition)) {
            return found.next();
        } catch (SQLException e) {
            throw new AssertionError(condition, e);
        }
    }

    /** Ends sessions, as an administrator or a stopping server does, and waits until they have ended. */
    void endSessions(String condition) {
        sql("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
                + condition);
    }

    /** A name that no table, schema, role or database has yet. */
    static String newName() {
        return "t" + UUID.randomUUID().toString().replace("-", "");
    }
}
