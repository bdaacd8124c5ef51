package io.waybill.manifest.jdbc;

import io.waybill.manifest.CorruptRecordException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.statement.Update;

/** A record as a row: the columns, and both ways between them. */
final class RunRow {

    static final String COLUMNS =
            "run_id, version, state, owner, token, at_ms, lease_ms, attempts, retry_at_ms, details";

    private RunRow() {}

    static void bind(RunRecord record, Update statement) {
        statement
                .bind("run_id", record.id().key())
                .bind("version", record.version())
                .bind("state", record.state().name())
                .bind("owner", record.owner())
                .bind("token", record.token())
                .bind("at_ms", record.at().toEpochMilli())
                .bind("lease_ms", record.lease().toMillis())
                .bind("attempts", record.attempts())
                .bind("details", DetailsJson.write(record.details()));
        Instant retryAt = record.retryAt();
        if (retryAt == null) {
            statement.bindNull("retry_at_ms", Types.BIGINT);
        } else {
            statement.bind("retry_at_ms", retryAt.toEpochMilli());
        }
    }

    static RunRecord read(String where, ResultSet row) throws SQLException {
        String run = row.getString("run_id");
        try {
            long retryAt = row.getLong("retry_at_ms");
            boolean retries = !row.wasNull();
            return new RunRecord(
                    new RunId(run),
                    row.getLong("version"),
                    RunState.valueOf(row.getString("state")),
                    row.getString("owner"),
                    row.getString("token"),
                    Instant.ofEpochMilli(row.getLong("at_ms")),
                    Duration.ofMillis(row.getLong("lease_ms")),
                    row.getInt("attempts"),
                    retries ? Instant.ofEpochMilli(retryAt) : null,
                    DetailsJson.read(row.getString("details")));
        } catch (IllegalArgumentException | NullPointerException | DateTimeException e) {
            throw new CorruptRecordException(
                    "%s: run '%s': the stored row is no record: %s".formatted(where, run, e.getMessage()), e);
        }
    }
}
