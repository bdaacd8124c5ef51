package io.waybill.manifest.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.ManifestException;
import io.waybill.manifest.ManifestListener;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the examples of docs/processing.md do. */
class MetersExampleTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    // spotless:off
    // docs: meters
record Meters(MeterRegistry registry) implements ManifestListener {

    @Override public void claimed(Claim claim) { count("claimed"); }
    @Override public void refused(RunId run, ClaimResult answer) { count("refused"); }
    @Override public void ended(Claim claim, RunRecord record) { count(record.state().name().toLowerCase(Locale.ROOT)); }
    @Override public void lost(Claim claim, ClaimLostException why) { count("lost"); }
    @Override public void undecided(RunId run, ManifestException why) { count("undecided"); }

    private void count(String what) {
        registry.counter("waybill.runs", "what", what).increment();
    }
}
    // end

    private RunProcessor.Summary cached(RunManifestStore store, Stream<RunId> listing) throws InterruptedException {
        // docs: cache
try (RunManifestStore cache = new CachingRunManifestStore(store, Duration.ofMinutes(10))) {
    RunManifest manifest = RunManifest.builder(cache).listener(new Meters(registry)).build();
    // every minute, for a day:
    return RunProcessor.builder(manifest).build().process(manifest.pending(listing), this::load);
}
        // end
    }
    // spotless:on

    private Map<String, String> load(Claim claim) throws IOException {
        if (claim.run().key().equals("broken")) {
            throw new IOException("broken");
        }
        return Map.of();
    }

    @Test
    void whatBecameOfTheRunsIsCounted() throws InterruptedException {
        InMemoryRunManifestStore store = new InMemoryRunManifestStore();
        store.create();
        cached(store, Stream.of(new RunId("a"), new RunId("b"), new RunId("broken")));

        assertThat(registry.get("waybill.runs").tag("what", "claimed").counter().count())
                .isEqualTo(3);
        assertThat(registry.get("waybill.runs")
                        .tag("what", "processed")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("waybill.runs").tag("what", "failed").counter().count())
                .isEqualTo(1);
    }
}
