package io.waybill.manifest.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * The store's own statements: each on a connection of its own, in auto-commit mode, with the database's failures turned
 * into the manifest's.
 */
final class Statements implements AutoCloseable {

    // after a conflict between serializable transactions, or on connections that were found lost, one after the other
    private static final int TRIES = 4;

    private final Connections connections;
    private final Jdbi jdbi;
    private final String where;
    private volatile @Nullable Dialect dialect;

    Statements(Connections connections, String where) {
        this.connections = connections;
        this.jdbi = Jdbi.create(connections).registerArrayType(String.class, "varchar");
        this.where = where;
    }

    /** What is done on a connection. */
    interface Work<T> {
        T on(Handle handle, Dialect sql) throws SQLException;
    }

    /** Makes the database itself if it is missing and this is ours to do. */
    void makeDatabase() {
        try {
            connections.makeDatabase();
        } catch (SQLException e) {
            throw SqlFailures.answered(where, e);
        }
    }

    /** Does what changes nothing, or may be done twice. */
    <T> T read(Work<T> work) {
        for (int i = 1; ; i++) {
            try {
                return once(work);
            } catch (JdbiException | SQLException e) {
                SQLException cause = sqlCause(e);
                if (i == TRIES || !SqlFailures.isPassing(cause)) {
                    throw SqlFailures.answered(where, cause);
                }
            }
        }
    }

    /** Does what changes a record: again after a conflict, in which nothing was done, and never after a lost answer. */
    boolean write(Work<Integer> work) {
        for (int i = 1; ; i++) {
            try {
                return once(work) == 1;
            } catch (JdbiException | SQLException e) {
                SQLException cause = sqlCause(e);
                if (SqlFailures.isDuplicateKey(cause)) {
                    return false; // an answer: another writer was first
                }
                if (!(e instanceof ConnectionException) && !SqlFailures.isDefinite(cause)) {
                    throw SqlFailures.unanswered(where, cause);
                }
                if (i == TRIES || !SqlFailures.isPassing(cause)) {
                    throw SqlFailures.answered(where, cause);
                }
            }
        }
    }

    @Override
    public void close() {
        connections.close();
    }

    /** The database's own failure, which JDBI wraps. */
    static SQLException sqlCause(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return new SQLException(e.getMessage(), "HY000", e);
    }

    private <T> T once(Work<T> work) throws SQLException {
        try (Handle handle = jdbi.open()) {
            Connection connection = handle.getConnection();
            try {
                return inAutoCommit(connection, () -> work.on(handle, dialect(connection)));
            } catch (JdbiException | SQLException e) {
                if (SqlFailures.isConnectionLost(sqlCause(e))) {
                    connections.lost(connection);
                }
                throw e;
            }
        }
    }

    private interface Sql<T> {
        T run() throws SQLException;
    }

    private static <T> T inAutoCommit(Connection connection, Sql<T> work) throws SQLException {
        if (connection.getAutoCommit()) {
            return work.run();
        }
        connection.setAutoCommit(true);
        T result = work.run();
        connection.setAutoCommit(
                false); // as the user's pool had it; a connection that failed the pool has to look at itself
        return result;
    }

    private Dialect dialect(Connection connection) throws SQLException {
        Dialect known = dialect;
        if (known == null) {
            known = Dialect.of(connection);
            dialect = known;
        }
        return known;
    }
}
