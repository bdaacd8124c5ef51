package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many statements it takes, as the server counts them. */
class PostgresStatementsTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");

    private final String table = PostgresServer.newName();
    private final RunManifestStore store =
            RunManifestStores.open(PostgresServer.shared().url(), Map.of("table", table));
    private final RunManifest manifest = RunManifest.over(store);
    private long before;

    @BeforeEach
    void create() {
        manifest.create();
        manifest.add(RUN);
        before = PostgresServer.shared().statementsOn(table);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private long statements() {
        return PostgresServer.shared().statementsOn(table) - before;
    }

    private static List<RunId> runs(int count) {
        return IntStream.range(0, count).mapToObj(i -> new RunId("run-" + i)).toList();
    }

    @Test
    void anyNumberOfRunsIsFoundByOneStatement() {
        List<RunId> runs = runs(50_000);
        assertThat(store.findAll(runs)).isEmpty();
        assertThat(statements()).isEqualTo(1);
    }

    @Test
    void aListingIsComparedByAStatementForEachThousandRuns() {
        assertThat(manifest.pending(runs(3_000).stream()).count()).isEqualTo(3_000);
        assertThat(statements()).isEqualTo(3);
    }

    @Test
    void aClaimReadsAndWritesOnceAndSoDoesACommitWithoutReading() {
        Claim claim = ((ClaimResult.Granted) manifest.claim(new RunId("another"), Duration.ofMinutes(1))).claim();
        assertThat(statements()).isEqualTo(2);
        manifest.commit(claim, Map.of());
        assertThat(statements()).isEqualTo(3);
        assertThat(manifest.contains(RUN)).isTrue();
        assertThat(statements()).isEqualTo(4);
    }
}
