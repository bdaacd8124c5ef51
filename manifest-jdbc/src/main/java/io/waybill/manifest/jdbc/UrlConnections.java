package io.waybill.manifest.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.LinkedBlockingDeque;

/** Connections to a URL, a few of which are kept open between statements. */
final class UrlConnections implements Connections {

    private static final int KEPT = 4;

    private final String url;
    private final String existing;
    private final Properties properties;
    private final LinkedBlockingDeque<Connection> idle = new LinkedBlockingDeque<>(KEPT);
    private volatile boolean closed;

    UrlConnections(String url, Properties properties) {
        this.url = url;
        // H2 makes a database that does not exist; only create() may
        this.existing = url.toLowerCase(Locale.ROOT).startsWith("jdbc:h2:") ? url + ";IFEXISTS=TRUE" : url;
        this.properties = url.startsWith("jdbc:postgresql:") ? withTimeouts(properties) : properties;
    }

    /** A connection that died without a word would otherwise hold its worker up for good; what the URL says wins. */
    private static Properties withTimeouts(Properties properties) {
        Properties all = new Properties();
        all.setProperty("connectTimeout", "10");
        all.setProperty("socketTimeout", "60");
        all.setProperty("tcpKeepAlive", "true");
        all.putAll(properties);
        return all;
    }

    @Override
    public Connection openConnection() throws SQLException {
        if (closed) {
            throw new SQLException("the store is closed", "08003");
        }
        Connection kept = idle.poll();
        return kept != null ? kept : DriverManager.getConnection(existing, properties);
    }

    @Override
    public void closeConnection(Connection connection) throws SQLException {
        if (closed || connection.isClosed() || !idle.offerFirst(connection)) {
            connection.close();
        } else if (closed) { // between the question and the offer
            discardIdle();
        }
    }

    @Override
    public void makeDatabase() throws SQLException {
        closeConnection(DriverManager.getConnection(url, properties));
    }

    @Override
    public void lost(Connection connection) {
        discard(connection);
        discardIdle();
    }

    @Override
    public void close() {
        closed = true;
        discardIdle();
    }

    private void discardIdle() {
        for (Connection next = idle.poll(); next != null; next = idle.poll()) {
            discard(next);
        }
    }

    private static void discard(Connection connection) {
        try {
            connection.close();
        } catch (SQLException ignored) {
            // it was of no use already
        }
    }
}
