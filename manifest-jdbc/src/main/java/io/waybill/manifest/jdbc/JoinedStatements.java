package io.waybill.manifest.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The store's statements within the user's transaction, which stays the user's to end: each is sent once, and whatever goes
 * wrong is thrown, as PostgreSQL takes no further statement of a transaction in which one failed.
 */
final class JoinedStatements implements Statements {

    private final Connection connection;
    private final Jdbi jdbi;
    private final String where;

    JoinedStatements(Connection connection, String where) {
        this.connection = connection;
        this.jdbi = OwnStatements.jdbi(new Unclosed(connection));
        this.where = where;
    }

    /** Verifies only: to make a table would end the transaction on H2. */
    @Override
    public void create(TableShape shape) {
        read((handle, sql) -> {
            shape.verify(handle, sql);
            return shape;
        });
    }

    @Override
    public <T> T read(Work<T> work) {
        try {
            return once(work);
        } catch (JdbiException | SQLException e) {
            throw SqlFailures.answered(where, SqlFailures.cause(e));
        }
    }

    /** A lost answer leaves no doubt: what was not committed was not written. */
    @Override
    public boolean write(Work<Integer> work) {
        try {
            return once(work) == 1;
        } catch (JdbiException | SQLException e) {
            SQLException cause = SqlFailures.cause(e);
            if (SqlFailures.isDuplicateKey(cause)) {
                return false; // on H2, where the transaction goes on
            }
            throw SqlFailures.answered(where, cause);
        }
    }

    private <T> T once(Work<T> work) throws SQLException {
        try (Handle handle = jdbi.open()) {
            if (connection.getAutoCommit()) {
                throw new IllegalStateException(
                        where + ": the connection is in auto-commit mode, so there is no transaction to join");
            }
            return work.on(handle, Dialect.of(connection));
        }
    }

    @Override
    public boolean areJoined() {
        return true;
    }

    @Override
    public void close() {
        // nothing was opened
    }

    /** The user's connection, which stays open. */
    private record Unclosed(Connection connection) implements ConnectionFactory {
        @Override
        public Connection openConnection() {
            return connection;
        }

        @Override
        public void closeConnection(Connection ours) {
            // it is the user's
        }
    }
}
