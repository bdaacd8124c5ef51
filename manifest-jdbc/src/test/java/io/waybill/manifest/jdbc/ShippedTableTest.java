package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The files that ship for migrations make the table that {@code create()} makes. */
class ShippedTableTest {

    /** A file as a tool for migrations finds it, by its name in the jar. */
    private static String file(String name) throws IOException {
        String path = "io/waybill/manifest/jdbc/" + name;
        try (InputStream sql = ShippedTableTest.class.getClassLoader().getResourceAsStream(path)) {
            return new String(Objects.requireNonNull(sql, path).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> rows(Connection connection, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.append(result.getString(i)).append(' ');
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    @Test
    void onPostgres() throws IOException, SQLException {
        String migrated = PostgresServer.newName();
        String created = PostgresServer.newName();
        String url = PostgresServer.shared().url() + "&currentSchema=";
        PostgresServer.shared().sql("CREATE SCHEMA " + migrated, "CREATE SCHEMA " + created);
        create(url + created);
        try (Connection connection = DriverManager.getConnection(url + migrated);
                Statement statement = connection.createStatement()) {
            statement.execute(file("postgresql.sql"));
            create(url + migrated); // takes it
            List<String> shape = shapeOnPostgres(connection, migrated);
            assertThat(shape)
                    .hasSize(13) // eleven columns, the key, and its index
                    .anySatisfy(column -> assertThat(column).startsWith("run_id text C "))
                    .isEqualTo(shapeOnPostgres(connection, created));
        }
    }

    private static List<String> shapeOnPostgres(Connection connection, String schema) throws SQLException {
        List<String> shape = rows(
                connection,
                ("SELECT attname, format_type(atttypid, atttypmod), collname, attnotnull, pg_get_expr(adbin, adrelid)"
                                + " FROM pg_attribute LEFT JOIN pg_collation c ON c.oid = attcollation"
                                + " LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
                                + " WHERE attrelid = '%s.waybill_run'::regclass AND attnum > 0 ORDER BY attnum")
                        .formatted(schema));
        shape.addAll(rows(
                connection,
                ("SELECT contype, pg_get_constraintdef(oid) FROM pg_constraint"
                                + " WHERE conrelid = '%s.waybill_run'::regclass AND contype <> 'n' ORDER BY 2")
                        .formatted(schema)));
        rows(
                        connection,
                        "SELECT indexdef FROM pg_indexes WHERE schemaname = '%s' AND tablename = 'waybill_run' ORDER BY 1"
                                .formatted(schema))
                .forEach(index -> shape.add(index.replace(schema, "")));
        return shape;
    }

    @Test
    void onH2() throws IOException, SQLException {
        String migrated = "jdbc:h2:mem:" + PostgresServer.newName();
        String created = "jdbc:h2:mem:" + PostgresServer.newName();
        try (Connection one = DriverManager.getConnection(migrated);
                Connection other = DriverManager.getConnection(created);
                Statement statement = one.createStatement()) {
            statement.execute(file("h2.sql"));
            create(migrated);
            create(created);
            List<String> shape = shapeOnH2(one);
            assertThat(shape).hasSizeGreaterThan(12).isEqualTo(shapeOnH2(other));
        }
    }

    private static List<String> shapeOnH2(Connection connection) throws SQLException {
        List<String> shape = rows(
                connection,
                "SELECT COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, IS_NULLABLE, COLUMN_DEFAULT,"
                        + " IS_GENERATED, GENERATION_EXPRESSION FROM INFORMATION_SCHEMA.COLUMNS"
                        + " WHERE TABLE_NAME = 'WAYBILL_RUN' ORDER BY ORDINAL_POSITION");
        shape.addAll(rows(
                connection,
                "SELECT CONSTRAINT_TYPE, COLUMN_NAME FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS"
                        + " JOIN INFORMATION_SCHEMA.KEY_COLUMN_USAGE USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME)"
                        + " ORDER BY CONSTRAINT_TYPE, KEY_COLUMN_USAGE.ORDINAL_POSITION"));
        return shape;
    }

    private static void create(String url) {
        try (RunManifestStore store = RunManifestStores.open(url)) {
            store.create();
        }
    }

    @Test
    void thePageQuotesTheTable() throws IOException {
        String table =
                Dialect.POSTGRESQL.ddl(JdbcRunManifestStore.DEFAULT_TABLE).strip();
        assertThat(Files.readString(Path.of("..", "docs", "jdbc.md"))).contains("```sql\n" + table + "\n```");
    }
}
