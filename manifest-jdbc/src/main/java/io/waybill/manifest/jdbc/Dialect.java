package io.waybill.manifest.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;

/** What differs between the databases. */
enum Dialect {
    /** PostgreSQL, in which a failed insert would end the caller's transaction. */
    POSTGRESQL("PostgreSQL", "run_id", "clock_timestamp()") {
        @Override
        String comparison(String operator, String parameter) {
            return "run_id %s %s".formatted(operator, parameter);
        }

        // looks first, as the insert alone would wait for a transaction that is about to change the row
        @Override
        String valuesIfAbsent(String table, String values) {
            return " SELECT %s WHERE NOT EXISTS (SELECT 1 FROM %s WHERE job = :job AND run_id = :run_id) ON CONFLICT DO NOTHING"
                    .formatted(values, table);
        }

        @Override
        void makeDurable(Handle handle) {
            // a commit is durable
        }

        @Override
        void limit(Handle handle, Duration longest) {
            handle.getConfig(SqlStatements.class).setQueryTimeout((int) longest.toSeconds());
        }

        @Override
        Set<String> primaryKey(Handle handle, String table) {
            // of the table that the statements find, wherever on the search path it is
            return handle.createQuery("SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid"
                            + " WHERE indrelid = to_regclass(:table) AND indisprimary AND attnum = ANY(indkey)")
                    .bind("table", table)
                    .mapTo(String.class)
                    .set();
        }
    },
    /** H2, whose text is ordered by UTF-16 units: the column run_key holds the UTF-8 bytes. */
    H2("H2", "run_key", "CURRENT_TIMESTAMP") {
        @Override
        String comparison(String operator, String parameter) {
            return "run_key %s CAST(%s AS VARBINARY)".formatted(operator, parameter);
        }

        @Override
        String valuesIfAbsent(String table, String values) {
            return " VALUES (%s)".formatted(values);
        }

        // a commit is written half a second later, and a record lost with its process would bring its version back
        @Override
        void makeDurable(Handle handle) throws SQLException {
            try {
                handle.execute("CHECKPOINT SYNC");
            } catch (JdbiException e) {
                if (!SqlFailures.isDenied(SqlFailures.cause(e))) {
                    throw e;
                }
            }
        }

        @Override
        void limit(Handle handle, Duration longest) {
            // it waits for a lock no longer than its LOCK_TIMEOUT, and would keep another limit for the session
        }

        @Override
        Set<String> primaryKey(Handle handle, String table) throws SQLException {
            DatabaseMetaData catalogue = handle.getConnection().getMetaData();
            // the name as the catalogue has it
            String stored = catalogue.storesUpperCaseIdentifiers()
                    ? table.toUpperCase(Locale.ROOT)
                    : table.toLowerCase(Locale.ROOT);
            int dot = stored.indexOf('.');
            String schema = dot < 0 ? handle.getConnection().getSchema() : stored.substring(0, dot);
            Set<String> columns = new TreeSet<>();
            try (ResultSet keys = catalogue.getPrimaryKeys(null, schema, stored.substring(dot + 1))) {
                while (keys.next()) {
                    columns.add(keys.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
                }
            }
            return columns;
        }
    };

    private final String product;
    /** The column in whose order the runs are listed. */
    final String keyColumn;
    /** The query for the time of the statement, rather than of its transaction, in milliseconds since 1970. */
    final String nowInMillis;

    Dialect(String product, String keyColumn, String now) {
        this.product = product;
        this.keyColumn = keyColumn;
        this.nowInMillis = "SELECT CAST(FLOOR(EXTRACT(EPOCH FROM " + now + ") * 1000) AS BIGINT)";
    }

    /** Compares the key of a row with a parameter, by UTF-8 bytes. */
    abstract String comparison(String operator, String parameter);

    /** The rest of an insert, after its columns; a key that exists is an answer where a failure would end the transaction. */
    abstract String valuesIfAbsent(String table, String values);

    /** Sees to it that what was written survives the database's process. */
    abstract void makeDurable(Handle handle) throws SQLException;

    /** Ends the handle's statements after some whole seconds, such as those that wait for another's transaction. */
    abstract void limit(Handle handle, Duration longest);

    /** The columns of a table's primary key, in lower case. */
    abstract Set<String> primaryKey(Handle handle, String table) throws SQLException;

    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return Arrays.stream(values())
                .filter(dialect -> dialect.product.equals(product))
                .findFirst()
                .orElseThrow(() ->
                        new SQLException("the database is '%s', want PostgreSQL or H2".formatted(product), "0A000"));
    }

    /** The statement that makes the table. */
    String ddl(String table) {
        String file = name().toLowerCase(Locale.ROOT) + ".sql";
        try (InputStream sql = Objects.requireNonNull(Dialect.class.getResourceAsStream(file), file)) {
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("CREATE TABLE waybill_run", "CREATE TABLE " + table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
