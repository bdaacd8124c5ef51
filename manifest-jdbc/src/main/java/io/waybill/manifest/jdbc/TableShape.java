package io.waybill.manifest.jdbc;

import io.waybill.manifest.StoreSchemaMismatchException;
import java.sql.SQLException;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/** Makes the table where it is missing, and verifies the one that is there. */
final class TableShape {

    private final String table;
    private final String where;

    TableShape(String table, String where) {
        this.table = table;
        this.where = where;
    }

    void ensure(Handle handle, Dialect sql) throws SQLException {
        if (isMissing(handle)) {
            make(handle, sql);
        }
        verify(handle, sql);
    }

    void verify(Handle handle, Dialect sql) throws SQLException {
        select(handle, "job, " + RunRow.COLUMNS);
        Set<String> key = sql.primaryKey(handle, table);
        if (!key.equals(Set.of("job", "run_id"))) {
            throw new StoreSchemaMismatchException(
                    "%s: the table's primary key is %s, want [job, run_id]".formatted(where, key));
        }
    }

    private boolean isMissing(Handle handle) {
        try {
            select(handle, "1");
            return false;
        } catch (JdbiException e) {
            if (SqlFailures.isMissingTable(SqlFailures.cause(e))) {
                return true;
            }
            throw e;
        }
    }

    private void make(Handle handle, Dialect sql) {
        try {
            handle.execute(sql.ddl(table));
        } catch (JdbiException e) {
            // IF NOT EXISTS would not help: two sessions at once still collide in PostgreSQL's catalogue
            if (!SqlFailures.isMadeByAnother(SqlFailures.cause(e))) {
                throw e;
            }
        }
    }

    private void select(Handle handle, String columns) {
        handle.createQuery("SELECT %s FROM %s WHERE 1 = 0".formatted(columns, table))
                .mapToMap()
                .list();
    }
}
