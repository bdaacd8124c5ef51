package io.waybill.manifest.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.spi.RunManifestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The joined commit on PostgreSQL, where a failure ends the transaction and sessions wait for each other. */
class PostgresJoinedCommitTest extends JoinedCommitContract {

    @Override
    DataSource dataSource() {
        return PostgresServer.shared().dataSource();
    }

    private static void sql(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private boolean somebodyWaits() {
        return PostgresServer.shared().isAnybodyWaiting("UPDATE " + table);
    }

    @Test
    void aTakeoverMeanwhileWaitsAndIsRefused() throws SQLException {
        Claim claim = claimed();
        Connection connection = transaction();
        load(connection);
        joined(connection).commit(claim, Map.of());

        CompletableFuture<ClaimResult> takeover = CompletableFuture.supplyAsync(() -> successor.claim(RUN, LEASE));
        await().atMost(10, SECONDS).until(this::somebodyWaits);
        connection.commit();

        assertThat(takeover).succeedsWithin(10, SECONDS).isInstanceOf(ClaimResult.Settled.class);
        assertThat(state()).isEqualTo(RunState.PROCESSED);
        assertThat(loaded()).isEqualTo(1);
    }

    @Test
    void aTakeoverMeanwhileIsGrantedWhenTheTransactionIsRolledBack() throws SQLException {
        Claim claim = claimed();
        Connection connection = transaction();
        joined(connection).commit(claim, Map.of());

        CompletableFuture<ClaimResult> takeover = CompletableFuture.supplyAsync(() -> successor.claim(RUN, LEASE));
        await().atMost(10, SECONDS).until(this::somebodyWaits);
        connection.rollback();

        assertThat(takeover).succeedsWithin(10, SECONDS).isInstanceOf(ClaimResult.Granted.class);
    }

    @Test
    void aProcessorWhoseHeartbeatsMeetTheOpenTransactionLosesNothing() throws Exception {
        RunProcessor processor =
                RunProcessor.builder(manifest).lease(Duration.ofSeconds(2)).build();

        RunProcessor.Summary summary = processor.process(Stream.of(RUN), claim -> {
            try (Connection connection = transaction()) {
                load(connection);
                joined(connection).commit(claim, Map.of());
                await().atMost(10, SECONDS).until(this::somebodyWaits);
                await().atMost(10, SECONDS).until(() -> !somebodyWaits()); // it gave up
                await().atMost(10, SECONDS).until(this::somebodyWaits);
                connection.commit();
            }
            return Map.of();
        });

        assertThat(summary).isEqualTo(new RunProcessor.Summary(1, 0, 0, 0, 0));
        assertThat(told).containsExactly("ended PROCESSED");
        assertThat(loaded()).isEqualTo(1);
        assertThat(manifest.find(RUN).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void aWaitThatIsTooLongPassesOutWithItsSqlStateAndNothingIsRetried() throws SQLException {
        Claim claim = claimed();
        Connection holder = transaction();
        joined(holder).commit(claim, Map.of());
        Connection late = transaction();
        sql(late, "SET LOCAL lock_timeout = '50ms'");

        assertThatThrownBy(() -> joined(late).commit(claim, Map.of()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("joined")
                .satisfies(e -> assertThat(sqlState(e)).isEqualTo("55P03")); // and not 25P02, of a second try

        assertThatThrownBy(() -> load(late))
                .satisfies(e -> assertThat(sqlState(e)).isEqualTo("25P02"));
        late.rollback();
        holder.rollback();
        manifest.release(claim);
        assertThat(state()).isEqualTo(RunState.NEW);
    }

    @Test
    void inATransactionThatHasFailedTheFailureIsTold() throws SQLException {
        Claim claim = claimed();
        Connection connection = transaction();
        assertThatThrownBy(() -> sql(connection, "SELECT 1 / 0")).isInstanceOf(SQLException.class);

        assertThatThrownBy(() -> joined(connection).commit(claim, Map.of()))
                .isInstanceOf(StoreUnavailableException.class)
                .satisfies(e -> assertThat(sqlState(e)).isEqualTo("25P02"));

        connection.rollback();
        manifest.renew(claim);
    }

    @Test
    void aConnectionThatIsCutBeforeTheCommitHasWrittenNothing() throws SQLException {
        Claim claim = claimed();
        Connection connection = transaction();
        load(connection);
        PostgresServer.shared().endSessions("query LIKE '%" + rows + "%'");

        assertThatThrownBy(() -> joined(connection).commit(claim, Map.of()))
                .isInstanceOf(StoreUnavailableException.class)
                .satisfies(e -> assertThat(sqlState(e)).isEqualTo("57P01"));

        manifest.renew(claim);
        assertThat(loaded()).isZero();
    }

    @Test
    void anInsertOfWhatAnotherInsertedMeanwhileWaitsForItAndDoesNothing() throws SQLException {
        Connection first = transaction();
        Connection second = transaction();
        assertThat(joined(first).add(RUN)).isTrue();

        CompletableFuture<Boolean> added =
                CompletableFuture.supplyAsync(() -> joined(second).add(RUN));
        await().atMost(10, SECONDS).until(() -> PostgresServer.shared().isAnybodyWaiting("INSERT INTO " + table));
        first.commit();

        assertThat(added).succeedsWithin(10, SECONDS).isEqualTo(false);
        load(second);
        second.commit();
        assertThat(loaded()).isEqualTo(1);
    }

    @Test
    void aRecordThatWasRenewedSinceARepeatableReadBeganIsAConflictToBeRepeated() throws SQLException {
        Claim claim = claimed();
        Connection connection = transaction();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        load(connection);
        manifest.renew(claim);

        assertThatThrownBy(() -> joined(connection).commit(claim, Map.of()))
                .isInstanceOf(StoreUnavailableException.class)
                .satisfies(e -> assertThat(sqlState(e)).isEqualTo("40001"));
        connection.rollback();

        load(connection);
        joined(connection).commit(claim, Map.of());
        connection.commit();
        assertThat(loaded()).isEqualTo(1);
        assertThat(state()).isEqualTo(RunState.PROCESSED);
    }

    @Test
    void theTimeIsThatOfTheStatementAndNotOfTheTransaction() throws SQLException {
        Connection connection = transaction();
        RunManifestStore joined = store.joining(connection);
        Instant first = joined.now();
        await().atMost(10, SECONDS).until(() -> joined.now().isAfter(first));
    }
}
