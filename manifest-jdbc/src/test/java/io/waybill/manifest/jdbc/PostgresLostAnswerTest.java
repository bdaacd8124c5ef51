package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.jdbc.CuttingProxy.Moment;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections that are cut while a write is under way: before PostgreSQL has it, or before its answer is back. */
@Timeout(120)
class PostgresLostAnswerTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final int TOO_OFTEN = 5; // as often as the manifest tries

    private final String table = PostgresServer.newName();
    private final CuttingProxy proxy = new CuttingProxy(PostgresServer.shared().port());
    private final String cuttable = PostgresServer.shared().url().replaceFirst(":\\d+/", ":" + proxy.port() + "/");
    private final RunManifestStore store = RunManifestStores.open(cuttable, Map.of("table", table));
    private final RunManifest manifest =
            RunManifest.builder(store).owner("worker").build();

    @BeforeEach
    void create() {
        manifest.create();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        proxy.close();
    }

    private Claim claimed() {
        ClaimResult result = manifest.claim(RUN, LEASE);
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).claim();
    }

    private RunRecord record() {
        return manifest.find(RUN).orElseThrow();
    }

    enum Write {
        CLAIM("INSERT INTO ", 1, RunState.PROCESSING),
        RENEW("UPDATE ", 2, RunState.PROCESSING),
        COMMIT("UPDATE ", 2, RunState.PROCESSED),
        FAIL("UPDATE ", 2, RunState.FAILED),
        RELEASE("UPDATE ", 2, RunState.NEW),
        ADD("INSERT INTO ", 1, RunState.PROCESSED),
        SKIP("INSERT INTO ", 1, RunState.SKIPPED),
        FORGET("UPDATE ", 2, RunState.NEW);

        final String statement;
        final long version;
        final RunState state;

        Write(String statement, long version, RunState state) {
            this.statement = statement;
            this.version = version;
            this.state = state;
        }

        boolean needsClaim() {
            return version == 2;
        }
    }

    private void write(Write write, Claim claim) {
        switch (write) {
            case RENEW -> manifest.renew(claim);
            case COMMIT -> manifest.commit(claim, Map.of());
            case FAIL -> manifest.fail(claim, new IOException("disk full"), Duration.ZERO);
            case RELEASE -> manifest.release(claim);
            case FORGET -> assertThat(manifest.forget(RUN)).isTrue();
            default -> throw new AssertionError(write);
        }
    }

    private void write(Write write) {
        switch (write) {
            case CLAIM -> assertThat(claimed().fence()).isEqualTo(1);
            case ADD -> assertThat(manifest.add(RUN)).isTrue();
            case SKIP -> assertThat(manifest.skip(RUN, "why")).isTrue();
            default -> {
                Claim claim = claimed();
                write(write, claim);
            }
        }
    }

    private static Stream<Arguments> everyLoss() {
        return Stream.of(Write.values())
                .flatMap(write -> Stream.concat(
                        IntStream.rangeClosed(1, 3)
                                .mapToObj(times -> Arguments.of(write, Moment.BEFORE_THE_SERVER_GETS_IT, times)),
                        Stream.of(Arguments.of(write, Moment.BEFORE_THE_ANSWER_ARRIVES, 1))));
    }

    @ParameterizedTest
    @MethodSource("everyLoss")
    void aWriteWhoseAnswerIsLostCountsOnceAndItsAnswerIsTrue(Write write, Moment moment, int times) {
        proxy.cut(write.statement + table, moment, times);

        write(write);

        assertThat(proxy.left()).as("cuts that were not made").isZero();
        assertThat(record().version()).isEqualTo(write.version);
        assertThat(record().state()).isEqualTo(write.state);
    }

    @ParameterizedTest
    @EnumSource(Write.class)
    void aWriteThatNeverArrivesIsNotKnownAndAskingAgainTells(Write write) {
        if (write.needsClaim()) {
            Claim claim = claimed();
            proxy.cut(write.statement + table, Moment.BEFORE_THE_SERVER_GETS_IT, TOO_OFTEN);
            assertThatThrownBy(() -> write(write, claim)).isInstanceOf(OutcomeUnknownException.class);
            write(write, claim);
        } else {
            proxy.cut(write.statement + table, Moment.BEFORE_THE_SERVER_GETS_IT, TOO_OFTEN);
            assertThatThrownBy(() -> write(write)).isInstanceOf(OutcomeUnknownException.class);
            write(write);
        }
        assertThat(record().version()).isEqualTo(write.version);
        assertThat(record().state()).isEqualTo(write.state);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void aReadWhoseAnswerIsLostIsMadeAgain(Moment moment) {
        manifest.add(RUN);
        proxy.cut("SELECT ", moment, 2);
        assertThat(manifest.contains(RUN)).isTrue();
        assertThat(proxy.left()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void whenTheAnswerToTheUsersCommitIsLostTheProcessorLearnsWhatBecameOfIt(Moment moment) throws Exception {
        String rows = table + "_rows";
        PostgresServer.shared().sql("CREATE TABLE %s (event text)".formatted(rows));
        JdbcRunManifestStore joinable = JdbcRunManifestStore.builder(PostgresServer.dataSource(cuttable))
                .table(table)
                .build();

        RunProcessor.Summary summary = RunProcessor.builder(manifest).build().process(Stream.of(RUN), claim -> {
            try (Connection connection = DriverManager.getConnection(cuttable);
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("INSERT INTO %s VALUES ('an event')".formatted(rows));
                RunManifest.over(joinable.joining(connection)).commit(claim, Map.of("rows", "1"));
                proxy.cut("COMMIT", moment, 1);
                connection.commit();
            }
            return Map.of();
        });

        assertThat(proxy.left()).isZero();
        boolean committed = moment == Moment.BEFORE_THE_ANSWER_ARRIVES;
        assertThat(summary.processed()).isEqualTo(committed ? 1 : 0);
        assertThat(summary.failed()).isEqualTo(committed ? 0 : 1);
        assertThat(record().state()).isEqualTo(committed ? RunState.PROCESSED : RunState.FAILED);
        assertThat(rowsIn(rows)).isEqualTo(committed ? 1 : 0);
    }

    @Test
    void aServerThatEndsItsSessionsIsAskedAgainOnNewOnes() {
        Claim claim = claimed();
        PostgresServer.shared().endSessions("query LIKE '%" + table + "%'");
        assertThat(manifest.contains(RUN)).isFalse();

        PostgresServer.shared().endSessions("query LIKE '%" + table + "%'");
        manifest.commit(claim, Map.of());

        assertThat(record().version()).isEqualTo(2);
        assertThat(record().state()).isEqualTo(RunState.PROCESSED);
    }

    private static int rowsIn(String table) throws SQLException {
        try (Connection connection = PostgresServer.shared().dataSource().getConnection();
                Statement statement = connection.createStatement();
                var count = statement.executeQuery("SELECT count(*) FROM " + table)) {
            count.next();
            return count.getInt(1);
        }
    }
}
