package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Why a run failed can be found out: its record keeps a line of it, the log all. */
class FailureLogTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");

    private final PrintStream console = System.err;
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

    @AfterEach
    void giveBackTheConsole() {
        System.setErr(console);
    }

    @Test
    void whatAHandlerThrewIsLoggedWithItsStackTraceAsAWarning() throws InterruptedException {
        try (RunManifestStore store = RunManifestStores.open("jdbc:h2:mem:failures;DB_CLOSE_DELAY=-1")) {
            RunManifest manifest = RunManifest.over(store);
            manifest.create();
            RunProcessor processor = RunProcessor.builder(manifest).build();
            System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));

            processor.process(Stream.of(RUN), claim -> {
                throw new IOException("disk full");
            });
            manifest.retry(RUN);
            processor.processBatches(Stream.of(RUN), 2, claims -> {
                throw new IOException("disk on fire");
            });
            manifest.retry(RUN);
            processor.process(Stream.of(RUN), claim -> Map.of());
        }

        assertThat(logged.toString(StandardCharsets.UTF_8).lines())
                .satisfiesOnlyOnce(line -> assertThat(line).endsWith("claim 1 on " + RUN + " failed"))
                .satisfiesOnlyOnce(line -> assertThat(line).endsWith("claim 4 on " + RUN + " failed"))
                .contains("java.io.IOException: disk full", "java.io.IOException: disk on fire")
                .filteredOn(line -> line.startsWith("\tat " + FailureLogTest.class.getName()))
                .hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void aClaimThatItsHandlerEndedIsNoFailure() throws InterruptedException {
        try (RunManifestStore store = RunManifestStores.open("jdbc:h2:mem:ended;DB_CLOSE_DELAY=-1")) {
            RunManifest manifest = RunManifest.over(store);
            manifest.create();
            System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));

            RunProcessor.Summary summary = RunProcessor.builder(manifest)
                    .build()
                    .process(Stream.of(RUN), claim -> {
                        manifest.commit(claim, Map.of());
                        return Map.of();
                    });

            assertThat(summary.processed()).isEqualTo(1);
        }
        assertThat(logged.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
