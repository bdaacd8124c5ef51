package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.ManifestListener;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.tck.FaultInjectingStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a record that is written in the user's transaction does, on every database that has transactions. */
@Timeout(120)
abstract class JoinedCommitContract {

    static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");
    static final Duration LEASE = Duration.ofMinutes(10);

    final String table = "t" + UUID.randomUUID().toString().replace("-", "");
    final String rows = table + "_rows";
    final List<String> told = new CopyOnWriteArrayList<>();
    private final List<Connection> opened = new ArrayList<>();

    final JdbcRunManifestStore store = JdbcRunManifestStore.builder(dataSource())
            .table(table)
            .longestWrite(Duration.ofSeconds(1))
            .build();
    final RunManifest manifest = RunManifest.builder(store)
            .listener(new ManifestListener() {
                @Override
                public void ended(Claim claim, RunRecord record) {
                    told.add("ended " + record.state());
                }

                @Override
                public void lost(Claim claim, ClaimLostException why) {
                    told.add("lost");
                }
            })
            .build();
    /** One whose clock is an hour ahead, so that it takes every claim for lapsed. */
    final RunManifest successor = RunManifest.builder(
                    new FaultInjectingStore(store, () -> Instant.now().plus(Duration.ofHours(1))))
            .owner("successor")
            .build();

    abstract DataSource dataSource();

    @BeforeEach
    void createTables() throws SQLException {
        manifest.create();
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE %s (event VARCHAR(100))".formatted(rows));
        }
    }

    @AfterEach
    void closeConnections() throws SQLException {
        for (Connection connection : opened) {
            connection.close();
        }
    }

    final Connection transaction() throws SQLException {
        Connection connection = dataSource().getConnection();
        connection.setAutoCommit(false);
        opened.add(connection);
        return connection;
    }

    final RunManifest joined(Connection connection) {
        return RunManifest.over(store.joining(connection));
    }

    final Claim claimed() {
        return granted(manifest.claim(RUN, LEASE));
    }

    static Claim granted(ClaimResult result) {
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).claim();
    }

    final void load(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO %s VALUES ('an event')".formatted(rows));
        }
    }

    final int loaded() throws SQLException {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM " + rows)) {
            count.next();
            return count.getInt(1);
        }
    }

    final RunState state() {
        return manifest.find(RUN).orElseThrow().state();
    }

    static String sqlState(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SQLException e) {
                return e.getSQLState();
            }
        }
        throw new AssertionError("no SQLException among the causes", thrown);
    }

    @Test
    void aCommitShowsTheRowsAndTheRecordAtOnce() throws SQLException {
        Claim claim = claimed();
        Connection connection = transaction();
        load(connection);

        joined(connection).commit(claim, Map.of("rows", "1"));

        assertThat(state()).isEqualTo(RunState.PROCESSING);
        assertThat(loaded()).isZero();
        assertThat(connection.isClosed()).isFalse();
        assertThat(connection.getAutoCommit()).isFalse();

        connection.commit();

        assertThat(loaded()).isEqualTo(1);
        assertThat(manifest.find(RUN)).get().satisfies(record -> {
            assertThat(record.state()).isEqualTo(RunState.PROCESSED);
            assertThat(record.details()).containsExactly(Map.entry("rows", "1"));
        });
    }

    @Test
    void aRollbackShowsNeitherAndTheRunStaysClaimed() throws SQLException {
        Claim claim = claimed();
        Connection connection = transaction();
        load(connection);
        joined(connection).commit(claim, Map.of());

        connection.rollback();

        assertThat(loaded()).isZero();
        assertThat(state()).isEqualTo(RunState.PROCESSING);
        assertThat(manifest.claim(RUN, LEASE)).isInstanceOf(ClaimResult.Held.class);
        manifest.renew(claim);
        load(connection);
        joined(connection).commit(claim, Map.of());
        connection.commit();
        assertThat(loaded()).isEqualTo(1);
        assertThat(state()).isEqualTo(RunState.PROCESSED);
    }

    @Test
    void whoSawTheRunAsNewIsToldAtOnceThatItIsHeldWhileItsHoldersTransactionIsOpen() throws SQLException {
        RunManifest other = RunManifest.over(store);
        assertThat(other.pending(Stream.of(RUN))).containsExactly(RUN);
        Claim claim = claimed();
        Connection connection = transaction();
        joined(connection).commit(claim, Map.of());

        assertThat(other.claim(RUN, LEASE)).isInstanceOf(ClaimResult.Held.class);

        connection.commit();
        assertThat(state()).isEqualTo(RunState.PROCESSED);
    }

    @Test
    void afterARollbackTheClaimCanFail() throws SQLException {
        Claim claim = claimed();
        Connection connection = transaction();
        joined(connection).commit(claim, Map.of());
        connection.rollback();

        manifest.fail(claim, new IOException("disk full"), Duration.ZERO);

        assertThat(state()).isEqualTo(RunState.FAILED);
        assertThat(told).containsExactly("ended FAILED");
    }

    @Test
    void severalStepsOfOneTransactionAreTakenBackTogether() throws SQLException {
        Claim claim = claimed();
        Connection connection = transaction();
        RunManifest joined = joined(connection);
        joined.renew(claim);
        joined.commit(claim, Map.of());
        assertThat(joined.contains(RUN)).isTrue();

        connection.rollback();

        assertThat(manifest.find(RUN)).get().satisfies(record -> {
            assertThat(record.version()).isEqualTo(1);
            assertThat(record.state()).isEqualTo(RunState.PROCESSING);
        });
        manifest.release(claim);
        assertThat(state()).isEqualTo(RunState.NEW);
    }

    @Test
    void theOrdinaryCommitAfterwardsFindsItDoneAndTellsTheListeners() throws SQLException {
        Claim claim = claimed();
        Connection connection = transaction();
        joined(connection).commit(claim, Map.of("rows", "1"));
        connection.commit();
        assertThat(told).isEmpty();

        manifest.commit(claim, Map.of("rows", "another number"));

        assertThat(manifest.find(RUN)).get().satisfies(record -> {
            assertThat(record.version()).isEqualTo(2);
            assertThat(record.details()).containsExactly(Map.entry("rows", "1"));
        });
        assertThat(told).containsExactly("ended PROCESSED");
    }

    @Test
    void theOrdinaryCommitAfterARollbackIsRefusedAsTheRowsAreMissing() throws SQLException {
        Claim claim = claimed();
        Connection connection = transaction();
        load(connection);
        joined(connection).commit(claim, Map.of());
        connection.rollback();

        assertThatThrownBy(() -> manifest.commit(claim, Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was ended in a transaction that does not stand");

        assertThat(state()).isEqualTo(RunState.PROCESSING);
        load(connection);
        joined(connection).commit(claim, Map.of());
        connection.commit();
        manifest.commit(claim, Map.of());
        assertThat(told).containsExactly("ended PROCESSED");
    }

    @Test
    void aHandlerWhoseTransactionIsNotCommittedHasFailed() throws InterruptedException {
        RunProcessor.Summary summary = RunProcessor.builder(manifest).build().process(Stream.of(RUN), claim -> {
            try (Connection connection = transaction()) {
                load(connection);
                joined(connection).commit(claim, Map.of());
                connection.rollback(); // as a pool does with a connection that comes back without a commit
            }
            return Map.of();
        });

        assertThat(summary).isEqualTo(new RunProcessor.Summary(0, 1, 0, 0, 0));
        assertThat(manifest.find(RUN)).get().satisfies(record -> {
            assertThat(record.state()).isEqualTo(RunState.FAILED);
            assertThat(record.details().get(RunRecord.REASON)).contains("in a transaction that does not stand");
        });
    }

    @Test
    void aHandlerThatReleasedItsRunInATransactionThatDoesNotStandHasFailed() throws InterruptedException {
        RunProcessor.Summary summary = RunProcessor.builder(manifest).build().process(Stream.of(RUN), claim -> {
            try (Connection connection = transaction()) {
                joined(connection).release(claim);
                connection.rollback();
            }
            return Map.of();
        });

        assertThat(summary).isEqualTo(new RunProcessor.Summary(0, 1, 0, 0, 0));
        assertThat(state()).isEqualTo(RunState.FAILED);
    }

    @Test
    void aHandlerThatLeavesItsTransactionOpenHoldsUpWhatBecomesOfItsRun() throws Exception {
        List<Connection> open = new ArrayList<>();
        RunProcessor.Summary summary = RunProcessor.builder(manifest).build().process(Stream.of(RUN), claim -> {
            open.add(transaction());
            load(open.get(0));
            joined(open.get(0)).commit(claim, Map.of());
            return Map.of();
        });

        assertThat(summary).isEqualTo(new RunProcessor.Summary(0, 0, 0, 0, 1));
        open.get(0).commit(); // nothing was written in between: rows and record are there together
        assertThat(loaded()).isEqualTo(1);
        assertThat(state()).isEqualTo(RunState.PROCESSED);
    }

    @Test
    void aHandlerOfAProcessorThatJoinsIsCountedAsItsTransactionEnds() throws Exception {
        RunId bad = new RunId("run=2017-04-11-11-00-00/");
        RunProcessor processor = RunProcessor.builder(manifest).lease(LEASE).build();

        RunProcessor.Summary summary = processor.process(Stream.of(RUN, bad), claim -> {
            try (Connection connection = transaction()) {
                load(connection);
                joined(connection).commit(claim, Map.of("rows", "1"));
                if (claim.run().equals(bad)) {
                    connection.rollback();
                    throw new IOException("rolled back");
                }
                connection.commit();
            }
            return Map.of();
        });

        assertThat(summary).isEqualTo(new RunProcessor.Summary(1, 1, 0, 0, 0));
        assertThat(loaded()).isEqualTo(1);
        assertThat(state()).isEqualTo(RunState.PROCESSED);
        assertThat(manifest.find(bad)).get().extracting(RunRecord::state).isEqualTo(RunState.FAILED);
        assertThat(told).containsExactly("ended PROCESSED", "ended FAILED");
    }

    @Test
    void aHeartbeatMeanwhileIsNotServedAndLosesNothing() throws SQLException {
        Claim claim = claimed();
        Connection connection = transaction();
        joined(connection).commit(claim, Map.of());

        assertThatThrownBy(() -> manifest.renew(claim)).isInstanceOf(StoreUnavailableException.class);
        assertThat(claim.isLost()).isFalse();

        connection.commit();

        assertThatThrownBy(() -> manifest.renew(claim))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has ended: PROCESSED");
        assertThat(claim.isLost()).isFalse();
        assertThat(told).as("the heartbeat learned it").containsExactly("ended PROCESSED");
    }

    @Test
    void aHeartbeatMeanwhileLeavesTheClaimWhenTheTransactionIsRolledBack() throws SQLException {
        Claim claim = claimed();
        Connection connection = transaction();
        joined(connection).commit(claim, Map.of());
        assertThatThrownBy(() -> manifest.renew(claim)).isInstanceOf(StoreUnavailableException.class);

        connection.rollback();

        manifest.renew(claim);
        assertThat(state()).isEqualTo(RunState.PROCESSING);
    }

    @Test
    void oneWhoWasOvertakenIsRefusedAndItsTransactionStaysUsable() throws SQLException {
        Claim claim = claimed();
        granted(successor.claim(RUN, LEASE));
        Connection connection = transaction();
        load(connection);

        assertThatThrownBy(() -> joined(connection).commit(claim, Map.of()))
                .isInstanceOf(ClaimLostException.class)
                .hasMessageContaining("'successor'");

        assertThat(claim.isLost()).isTrue();
        load(connection); // whatever its owner thinks fit to do now
        connection.commit();
        assertThat(loaded()).isEqualTo(2);
        assertThat(state()).isEqualTo(RunState.PROCESSING);
    }

    @Test
    void addingAKnownRunLeavesTheTransactionUsable() throws SQLException {
        manifest.add(RUN);
        RunRecord known = manifest.find(RUN).orElseThrow();
        Connection connection = transaction();

        assertThat(joined(connection).add(RUN)).isFalse();
        assertThat(store.joining(connection).compareAndPut(known))
                .as("an insert of its first version does nothing")
                .isFalse();
        load(connection);
        assertThat(joined(connection).add(new RunId("another"))).isTrue();
        connection.commit();

        assertThat(loaded()).isEqualTo(1);
        assertThat(manifest.contains(new RunId("another"))).isTrue();
    }

    @Test
    void aClaimOfATransactionThatWasRolledBackIsWorthNothing() throws SQLException {
        Connection connection = transaction();
        Claim claim = granted(joined(connection).claim(RUN, LEASE));
        connection.rollback();
        granted(manifest.claim(RUN, LEASE));

        assertThatThrownBy(() -> manifest.commit(claim, Map.of())).isInstanceOf(ClaimLostException.class);
    }

    @Test
    void aConnectionInAutoCommitModeHasNothingToJoin() throws SQLException {
        Connection connection = transaction();
        connection.setAutoCommit(true);
        assertThatThrownBy(() -> joined(connection).add(RUN))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "jdbc table %s job default joined: the connection is in auto-commit mode,"
                                + " so there is no transaction to join",
                        table);
        assertThat(manifest.contains(RUN)).isFalse();
    }

    @Test
    void creatingItThereOnlyVerifies() throws SQLException {
        Connection connection = transaction();
        load(connection);
        joined(connection).create();
        assertThat(loaded()).as("nothing was committed by it").isZero();

        JdbcRunManifestStore missing =
                JdbcRunManifestStore.builder(dataSource()).table(table + "x").build();
        assertThatThrownBy(() -> missing.joining(connection).create()).isInstanceOf(StoreMissingException.class);
        connection.rollback();
        assertThat(loaded()).isZero();
    }

    @Test
    void closingTheJoinedStoreLeavesTheConnection() throws SQLException {
        Connection connection = transaction();
        store.joining(connection).close();
        assertThat(connection.isClosed()).isFalse();
        load(connection);
        connection.commit();
        assertThat(loaded()).isEqualTo(1);
    }
}
