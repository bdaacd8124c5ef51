package io.waybill.manifest.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * The store's own statements, each on a connection of its own, in auto-commit mode, with the database's failures turned
 * into the manifest's.
 */
final class OwnStatements implements Statements {

    // after a conflict between serializable transactions, or on connections that were found lost, one after the other
    private static final int TRIES = 4;

    private final Connections connections;
    private final Jdbi jdbi;
    private final String where;
    private final Duration longestWrite;
    private volatile @Nullable Dialect dialect;

    OwnStatements(Connections connections, String where, Duration longestWrite) {
        this.longestWrite = longestWrite;
        this.connections = connections;
        this.jdbi = jdbi(connections);
        this.where = where;
    }

    static Jdbi jdbi(ConnectionFactory connections) {
        return Jdbi.create(connections).registerArrayType(String.class, "varchar");
    }

    @Override
    public void create(TableShape shape) {
        try {
            connections.makeDatabase();
        } catch (SQLException e) {
            throw SqlFailures.answered(where, e);
        }
        read((handle, sql) -> {
            shape.ensure(handle, sql);
            return shape;
        });
    }

    /** Again after a conflict, or on another connection when one was lost. */
    @Override
    public <T> T read(Work<T> work) {
        for (int i = 1; ; i++) {
            try {
                return once(work);
            } catch (JdbiException | SQLException e) {
                SQLException cause = SqlFailures.cause(e);
                if (i == TRIES || !SqlFailures.isPassing(cause)) {
                    throw SqlFailures.answered(where, cause);
                }
            }
        }
    }

    /** Again after a conflict, in which nothing was done, and never after a lost answer. */
    @Override
    public boolean write(Work<Integer> work) {
        for (int i = 1; ; i++) {
            try {
                return once((handle, sql) -> {
                            sql.limit(handle, longestWrite);
                            int rows = work.on(handle, sql);
                            sql.makeDurable(handle);
                            return rows;
                        })
                        == 1;
            } catch (JdbiException | SQLException e) {
                SQLException cause = SqlFailures.cause(e);
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
    public boolean areJoined() {
        return false;
    }

    @Override
    public void close() {
        connections.close();
    }

    private <T> T once(Work<T> work) throws SQLException {
        try (Handle handle = jdbi.open()) {
            Connection connection = handle.getConnection();
            try {
                return inAutoCommit(connection, () -> work.on(handle, dialect(connection)));
            } catch (JdbiException | SQLException e) {
                if (SqlFailures.isConnectionLost(SqlFailures.cause(e))) {
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
