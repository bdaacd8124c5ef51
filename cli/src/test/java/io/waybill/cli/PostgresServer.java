package io.waybill.cli;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** A PostgreSQL server for all tests of this JVM, begun by the first that asks and ended with the JVM. */
final class PostgresServer {

    private static final class Shared {
        private static final EmbeddedPostgres INSTANCE = start();
    }

    private PostgresServer() {}

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder().start(); // which ends it when the JVM ends
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start", e);
        }
    }

    /** The URL for a role that needs no password. */
    static String url(String user) {
        return "jdbc:postgresql://localhost:%d/postgres?user=%s".formatted(Shared.INSTANCE.getPort(), user);
    }

    /** Runs statements as the administrator. */
    static void sql(String... statements) {
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(String.join("; ", statements), e);
        }
    }

    /** A name that no table or role has yet. */
    static String newName() {
        return "t" + UUID.randomUUID().toString().replace("-", "");
    }
}
