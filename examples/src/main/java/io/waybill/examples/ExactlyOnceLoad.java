package io.waybill.examples;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunFile;
import io.waybill.event.BadRow;
import io.waybill.event.EnrichedEvent;
import io.waybill.event.EventReader;
import io.waybill.event.Field;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.jdbc.JdbcRunManifestStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Loads the events of an archive into PostgreSQL, each run in one transaction with its record. */
public final class ExactlyOnceLoad {

    private static final int ROWS_AT_A_TIME = 1_000;

    private final RunArchive archive;
    private final DataSource pool;

    ExactlyOnceLoad(RunArchive archive, DataSource pool) {
        this.archive = archive;
        this.pool = pool;
    }

    /** Takes the archive's location and the database's URL, and may be started as often and as many times at once as one likes. */
    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        if (arguments.length != 2) {
            System.err.println("usage: ExactlyOnceLoad ARCHIVE JDBC-URL");
            System.exit(2);
        }
        PGSimpleDataSource database = new PGSimpleDataSource(); // a connection for each run; a pool is better for many
        database.setUrl(arguments[1]);
        try (RunArchive archive = RunArchive.at(arguments[0])
                .quietPeriod(Duration.ofMinutes(15)) // a run that was just written to may not be complete
                .open()) {
            System.out.println(new ExactlyOnceLoad(archive, database).run());
        }
    }

    RunProcessor.Summary run() throws SQLException, InterruptedException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS events (run_id text, event_id text, app_id text)");
            statement.execute("CREATE TABLE IF NOT EXISTS bad_rows (run_id text, bad_row jsonb)");
        }
        return load();
    }

    // spotless:off
    private RunProcessor.Summary load() throws InterruptedException {
        // docs: load
try (JdbcRunManifestStore store = JdbcRunManifestStore.builder(pool).build()) {
    RunManifest manifest = RunManifest.over(store);
    manifest.create();

    Stream<RunId> runs = archive.ready(manifest.pending(archive.runs(RunRange.all()))); // looks into the pending ones alone

    return RunProcessor.builder(manifest).build().process(runs, claim -> {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            int rows = load(claim.run(), connection); // whatever it writes with this connection
            RunManifest.over(store.joining(connection)).commit(claim, Map.of("rows", Integer.toString(rows)));
            connection.commit(); // the rows and the record, or neither
        }
        return Map.of();
    });
}
        // end
    }
    // spotless:on

    /** Inserts the lines of a run and tells how many. */
    private int load(RunId run, Connection connection) throws SQLException, IOException {
        int rows = 0;
        try (PreparedStatement events = connection.prepareStatement("INSERT INTO events VALUES (?, ?, ?)");
                PreparedStatement badRows = connection.prepareStatement("INSERT INTO bad_rows VALUES (?, ?::jsonb)")) {
            for (RunFile file : archive.inspect(run).files()) {
                try (InputStream tsv = archive.open(file)) {
                    EventReader lines = new EventReader(tsv);
                    while (lines.next()) {
                        Optional<BadRow> bad = lines.check();
                        if (bad.isPresent()) {
                            insert(badRows, run, new String(bad.get().toJson(file.name()), StandardCharsets.UTF_8));
                        } else {
                            EnrichedEvent event = lines.event().orElseThrow();
                            insert(
                                    events,
                                    run,
                                    event.text(Field.EVENT_ID).orElse(""),
                                    event.text(Field.APP_ID).orElse(""));
                        }
                        rows++;
                        if (rows % ROWS_AT_A_TIME == 0) {
                            events.executeBatch();
                        }
                    }
                }
            }
            events.executeBatch();
            badRows.executeBatch();
        }
        return rows;
    }

    private static void insert(PreparedStatement statement, RunId run, String... texts) throws SQLException {
        statement.setString(1, run.key());
        for (int i = 0; i < texts.length; i++) {
            statement.setString(i + 2, texts[i]);
        }
        statement.addBatch();
    }
}
