package io.waybill.manifest.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;

/** Where the store's connections come from. */
interface Connections extends ConnectionFactory, AutoCloseable {

    /** Makes the database itself if it is missing and this is ours to do. */
    void makeDatabase() throws SQLException;

    /** Told that a connection was found lost, so that others like it are not handed out again. */
    void lost(Connection connection);

    /** Releases what was opened here. */
    @Override
    void close();

    /** The user's own data source, which stays the user's. */
    static Connections of(DataSource dataSource) {
        return new Connections() {
            @Override
            public Connection openConnection() throws SQLException {
                return dataSource.getConnection();
            }

            @Override
            public void makeDatabase() {}

            @Override
            public void lost(Connection connection) {}

            @Override
            public void close() {}
        };
    }
}
