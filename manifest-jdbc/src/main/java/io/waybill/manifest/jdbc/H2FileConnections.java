package io.waybill.manifest.jdbc;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Connections to an H2 file, which is opened for a turn and closed again; that takes some milliseconds. A turn is one
 * statement, or several where other threads wait with theirs.
 *
 * <p>So several processes share it by turns, none of them is another's server, and one that is killed leaves nothing behind
 * that others would have to wait for.
 */
final class H2FileConnections implements Connections {

    private static final Pattern FILE_URL = Pattern.compile(
            "jdbc:h2:(?:file:)?(?<path>(?:[A-Za-z]:)?[^:;]+)(?<settings>;.*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern OUR_SETTINGS =
            Pattern.compile("(?i);(DB_CLOSE_DELAY|DB_CLOSE_ON_EXIT|TRACE_LEVEL_FILE|MAX_COMPACT_TIME|IFEXISTS)=");
    private static final Pattern OTHER_SHARING = Pattern.compile("(?i).*;(AUTO_SERVER|FILE_LOCK)=.*");

    // The turns keep others of us out, H2's own lock everybody else. By default H2 spends up to 200 ms on compacting
    // the file each time it is closed; 10 ms keep it as small.
    private static final String SHARED_BY_TURNS = ";FILE_LOCK=FS;DB_CLOSE_ON_EXIT=FALSE;MAX_COMPACT_TIME=10";

    // keeps H2 from writing its errors into a file of their own; only an administrator may
    private static final String WITHOUT_TRACE = ";TRACE_LEVEL_FILE=0";

    private static final String ACCESS_REFUSED = "42501"; // as the standard numbers it

    private static final int IN_USE = 90020; // H2's number for a file that somebody else has open

    // Of a process that is killed in its turn the system closes one file after the other, the lock file first: for a
    // moment
    // the next one has the turn, and the database is still open.
    private static final Duration DYING = Duration.ofSeconds(2);

    private final Path file;
    private final String url;
    private final Properties properties;
    private final Path lockFile;
    private final Handover handover = new Handover(System::nanoTime);
    private volatile boolean closed;

    private H2FileConnections(String path, String url, Properties properties) {
        String absolute = path.replaceFirst("^~(?=[/\\\\])", Matcher.quoteReplacement(System.getProperty("user.home")));
        this.file = Path.of(absolute + ".mv.db");
        this.url = url + SHARED_BY_TURNS;
        this.properties = properties;
        this.lockFile = Path.of(absolute + ".lock");
    }

    /** The connections, if the URL is that of a file for which no other way of sharing was chosen. */
    static Optional<Connections> of(String url, Properties properties) {
        Matcher parts = FILE_URL.matcher(url);
        if (!parts.matches()
                || OTHER_SHARING.matcher(url).matches()
                || parts.group("path").matches("(?i)mem")) {
            return Optional.empty();
        }
        Matcher ours = OUR_SETTINGS.matcher(url);
        if (ours.find()) {
            throw new IllegalArgumentException(
                    "the setting %s of an H2 file is the store's own, leave it out of the URL"
                            .formatted(ours.group(1).toUpperCase(Locale.ROOT)));
        }
        return Optional.of(new H2FileConnections(parts.group("path"), url, properties));
    }

    @Override
    public Connection openConnection() throws SQLException {
        if (closed) {
            throw new SQLException("the store is closed", "08003");
        }
        return handover.take(() -> {
            if (!Files.exists(file)) {
                throw new SQLException("there is no database file " + file, "90146");
            }
            return open(url + ";IFEXISTS=TRUE");
        });
    }

    @Override
    public void closeConnection(Connection connection) throws SQLException {
        handover.giveBack();
    }

    @Override
    public void makeDatabase() throws SQLException {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (AccessDeniedException e) {
            throw new SQLException("no right to make the folder " + e.getFile(), ACCESS_REFUSED, e);
        } catch (IOException e) {
            throw new SQLException("the folder of the database file cannot be made: " + e, "90028", e);
        }
        closeConnection(handover.take(() -> open(url)));
    }

    @Override
    public void lost(Connection connection) {
        handover.endTurn();
    }

    @Override
    public void close() {
        closed = true;
    }

    private Handover.OpenFile open(String target) throws SQLException {
        FileTurns.Turn turn;
        try {
            turn = FileTurns.take(lockFile);
        } catch (AccessDeniedException e) {
            throw new SQLException("no right to write " + e.getFile(), ACCESS_REFUSED, e);
        } catch (IOException e) {
            throw new SQLException("no turn to use the database file: " + e.getMessage(), "90020", e);
        }
        Handover.OpenFile opened = null;
        try {
            opened = opened(target, turn);
            return opened;
        } finally {
            if (opened == null) {
                Handover.end(turn);
            }
        }
    }

    private Handover.OpenFile opened(String target, FileTurns.Turn turn) throws SQLException {
        try {
            return new Handover.OpenFile(connect(target + WITHOUT_TRACE), turn, true);
        } catch (SQLException e) {
            if (!SqlFailures.isAdministratorsOnly(e)) {
                throw e;
            }
            // only closing the file makes what this user writes durable
            return new Handover.OpenFile(connect(target), turn, false);
        }
    }

    private Connection connect(String target) throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try {
                return DriverManager.getConnection(target, properties);
            } catch (SQLException e) {
                boolean waits = e.getErrorCode() == IN_USE && System.nanoTime() - start < DYING.toNanos();
                if (!waits || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
    }
}
