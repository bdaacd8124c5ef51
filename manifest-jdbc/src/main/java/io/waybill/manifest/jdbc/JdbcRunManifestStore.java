package io.waybill.manifest.jdbc;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.StoreLocation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/**
 * A store in one table of a PostgreSQL or H2 database.
 *
 * <p>Each operation is one statement on a connection of its own, in auto-commit mode, and keeps nothing in the session.
 * The table's definition ships beside this class as {@code postgresql.sql} and {@code h2.sql}, for those who make their
 * tables with Flyway or Liquibase; {@link #create} runs the same. Safe for use by many threads.
 *
 * <p>On H2 a record is forced to disk before a write returns, which only an administrator's connection can do; with
 * another user's, a record is as durable as the database's {@code WRITE_DELAY} makes it.
 */
public final class JdbcRunManifestStore implements RunManifestStore {

    /** The table's name unless the builder says otherwise. */
    public static final String DEFAULT_TABLE = "waybill_run";

    // a write takes milliseconds unless a transaction that joined holds the record
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);

    private static final int PAGE = 1000;

    private static final String INSERT = "INSERT INTO %s (job, " + RunRow.COLUMNS + ")";
    private static final String VALUES =
            ":job, :run_id, :version, :state, :owner, :token, :at_ms, :lease_ms, :attempts,"
                    + " :retry_at_ms, :details";
    private static final String UPDATE = "UPDATE %s SET version = :version, state = :state, owner = :owner,"
            + " token = :token, at_ms = :at_ms, lease_ms = :lease_ms, attempts = :attempts, retry_at_ms = :retry_at_ms,"
            + " details = :details WHERE job = :job AND run_id = :run_id AND version = :previous";

    private final Statements statements;
    private final String job;
    private final String table;
    private final String where;

    private JdbcRunManifestStore(Builder builder) {
        this.job = builder.job;
        this.table = builder.table;
        this.where = "%s table %s job %s".formatted(builder.database, table, job);
        this.statements = new OwnStatements(builder.connections, where, builder.longestWrite);
    }

    private JdbcRunManifestStore(JdbcRunManifestStore own, Connection connection) {
        this.job = own.job;
        this.table = own.table;
        this.where = own.where + " joined";
        this.statements = new JoinedStatements(connection, where);
    }

    /**
     * Begins a store on the user's data source, which stays the user's to close.
     *
     * @param dataSource where connections come from; a pool serves well. Give it a socket timeout: a connection that dies
     *     without a word otherwise holds its worker up for good
     * @return a builder
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(Connections.of(dataSource), "jdbc");
    }

    static Builder builder(Connections connections, String database) {
        return new Builder(connections, database);
    }

    /**
     * The same table and job within the caller's open transaction, so that a record and whatever else the transaction
     * writes are committed together, or not at all.
     *
     * <p>The transaction stays the caller's: nothing here commits, rolls back, closes or sends a statement twice. Whatever
     * fails is thrown with the {@link java.sql.SQLException} as a cause, and the caller rolls back. {@link #create} only verifies
     * there. A version that another has written is no failure and leaves the transaction usable.
     *
     * <p>As safe for use by several threads as the connection is. {@link #now} on H2 is the time at which the transaction
     * began.
     *
     * @param connection a connection to the same database that is not in auto-commit mode, at READ COMMITTED: at a stricter
     *     level PostgreSQL refuses to write a record that was renewed since the transaction began
     * @return the store, for {@link io.waybill.manifest.RunManifest#over}; closing it does nothing
     */
    public RunManifestStore joining(Connection connection) {
        return new JdbcRunManifestStore(this, connection);
    }

    @Override
    public boolean isJoined() {
        return statements.areJoined();
    }

    @Override
    public void create() {
        statements.create(new TableShape(table, where));
    }

    @Override
    public Optional<RunRecord> find(RunId run) {
        return statements.read((handle, sql) -> handle.createQuery(select("run_id = :run"))
                .bind("job", job)
                .bind("run", run.key())
                .map((row, context) -> RunRow.read(where, row))
                .findFirst());
    }

    @Override
    public Map<RunId, RunRecord> findAll(Collection<RunId> runs) {
        List<String> keys = runs.stream().map(RunId::key).distinct().toList();
        return statements.read((handle, sql) -> handle.createQuery(select("run_id = ANY(:runs)"))
                .bind("job", job)
                .bindArray("runs", String.class, keys)
                .map((row, context) -> RunRow.read(where, row))
                .collect(Collectors.toMap(RunRecord::id, Function.identity())));
    }

    @Override
    public boolean compareAndPut(RunRecord next) {
        return statements.write((handle, sql) -> {
            String put = next.version() == 1
                    ? INSERT.formatted(table) + sql.valuesIfAbsent(table, VALUES)
                    : UPDATE.formatted(table);
            try (Update update = handle.createUpdate(put)) {
                RunRow.bind(next, update.bind("job", job).bind("previous", next.version() - 1));
                int rows = update.execute();
                if (rows == 0 && statements.areJoined()) {
                    requireRecent(handle, next);
                }
                return rows;
            }
        });
    }

    /** A transaction that sees an older version than the caller knows of cannot say what stands there now. */
    private void requireRecent(Handle handle, RunRecord next) throws SQLException {
        if (handle.getConnection().getTransactionIsolation() > Connection.TRANSACTION_READ_COMMITTED) {
            long seen = find(next.id()).map(RunRecord::version).orElse(0L);
            if (seen < next.version() - 1) {
                throw new SQLException(
                        "the transaction sees version %d of run %s, which is at version %d since: begin it again"
                                .formatted(seen, next.id(), next.version() - 1),
                        "40001");
            }
        }
    }

    @Override
    public Stream<RunRecord> list(RunRange range) {
        // pages by key: no cursor and no transaction stay open however slowly the stream is read
        return Stream.generate(new Pages(range))
                .takeWhile(page -> !page.isEmpty())
                .flatMap(List::stream);
    }

    @Override
    public Instant now() {
        return Instant.ofEpochMilli(statements.read((handle, sql) ->
                handle.createQuery(sql.nowInMillis).mapTo(Long.class).one()));
    }

    @Override
    public void close() {
        statements.close();
    }

    /** The database without its password, the table and the job. */
    @Override
    public String toString() {
        return where;
    }

    private List<RunRecord> page(String from, String comparison, RunRange range) {
        return statements.read((handle, sql) -> {
            String condition = sql.comparison(comparison, ":from")
                    + (range.to() == null ? "" : " AND " + sql.comparison("<", ":to"));
            return handle.createQuery("%s ORDER BY %s LIMIT %d".formatted(select(condition), sql.keyColumn, PAGE))
                    .bind("job", job)
                    .bind("from", from)
                    .bindMap(range.to() == null ? Map.of() : Map.of("to", range.to()))
                    .map((row, context) -> RunRow.read(where, row))
                    .list();
        });
    }

    /** The pages of a range, one after the other; an empty one at the end. */
    private final class Pages implements Supplier<List<RunRecord>> {

        private final RunRange range;
        private List<RunRecord> last = List.of();
        private boolean begun;

        Pages(RunRange range) {
            this.range = range;
        }

        @Override
        public List<RunRecord> get() {
            if (!begun) {
                begun = true;
                last = page(range.from(), ">=", range);
            } else {
                last = last.size() < PAGE
                        ? List.of()
                        : page(last.get(PAGE - 1).id().key(), ">", range);
            }
            return last;
        }
    }

    private String select(String condition) {
        return "SELECT %s FROM %s WHERE job = :job AND %s".formatted(RunRow.COLUMNS, table, condition);
    }

    /** Builds a {@link JdbcRunManifestStore}. Not safe for use by several threads. */
    public static final class Builder {

        private final Connections connections;
        private final String database;
        private String job = StoreLocation.DEFAULT_JOB;
        private String table = DEFAULT_TABLE;
        private Duration longestWrite = LONGEST_WRITE;

        private Builder(Connections connections, String database) {
            this.connections = connections;
            this.database = database;
        }

        /**
         * Sets the job whose records the store holds; {@value StoreLocation#DEFAULT_JOB} by default.
         *
         * @param job 1 to 255 characters
         * @return this builder
         */
        public Builder job(String job) {
            if (job.isBlank() || job.length() > 255) {
                throw new IllegalArgumentException("'%s' is no job name, want 1 to 255 characters".formatted(job));
            }
            this.job = job;
            return this;
        }

        /**
         * Sets the table's name; {@value JdbcRunManifestStore#DEFAULT_TABLE} by default.
         *
         * @param table letters, digits and underscores, with an optional schema and a dot before it
         * @return this builder
         */
        public Builder table(String table) {
            if (!table.matches("([A-Za-z_]\\w{0,62}\\.)?[A-Za-z_]\\w{0,62}")) {
                throw new IllegalArgumentException(
                        "'%s' is no table name, want letters, digits and underscores, with an optional schema and a dot"
                                .formatted(table));
            }
            this.table = table;
            return this;
        }

        Builder longestWrite(Duration wholeSeconds) {
            this.longestWrite = wholeSeconds;
            return this;
        }

        /**
         * The store. Nothing is sent to the database yet.
         *
         * @return a store with these settings
         */
        public JdbcRunManifestStore build() {
            return new JdbcRunManifestStore(this);
        }
    }
}
