package io.waybill.manifest.jdbc;

import io.waybill.manifest.StoreSchemaMismatchException;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
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
        Set<String> key = primaryKey(
                handle.getConnection().getMetaData(), handle.getConnection().getSchema());
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

    private Set<String> primaryKey(DatabaseMetaData metaData, String currentSchema) throws SQLException {
        List<String> name = List.of(stored(metaData, table).split("\\.", -1));
        String schema = name.size() > 1 ? name.get(0) : currentSchema;
        Set<String> columns = new TreeSet<>();
        try (ResultSet keys = metaData.getPrimaryKeys(null, schema, name.get(name.size() - 1))) {
            while (keys.next()) {
                columns.add(keys.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
            }
        }
        return columns;
    }

    /** The name as the catalogue has it: H2 folds to upper case, PostgreSQL to lower. */
    private static String stored(DatabaseMetaData metaData, String name) throws SQLException {
        return metaData.storesUpperCaseIdentifiers() ? name.toUpperCase(Locale.ROOT) : name.toLowerCase(Locale.ROOT);
    }
}
