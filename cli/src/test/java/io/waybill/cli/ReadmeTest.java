package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.spi.RunManifestStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the README's first example does. */
class ReadmeTest {

    private final List<RunId> listing =
            List.of(new RunId("run=2017-04-11-09-00-00/"), new RunId("run=2017-04-11-10-00-00/"));
    private final List<RunId> loaded = new ArrayList<>();

    private void load(RunId run) {
        loaded.add(run);
    }

    // spotless:off
    @Test
    void theFirstExampleRuns() throws InterruptedException {
        boolean contained;
        // docs:
try (RunManifestStore store = RunManifestStores.open("memory:")) { // or jdbc:… with that backend on the class path
    RunManifest manifest = RunManifest.over(store);
    manifest.create();

    manifest.add(new RunId("run=2017-04-11-09-00-00/")); // this one is done
    RunProcessor.builder(manifest).parallelism(2).build()
            .process(manifest.pending(listing.stream()), claim -> {
                load(claim.run()); // claimed, renewed meanwhile, committed after; a failure is recorded
                return Map.of("rows", "42");
            });
    contained = manifest.contains(listing.get(1)); // true
}
        // end
        assertThat(loaded).containsExactly(listing.get(1));
        assertThat(contained).isTrue();
    }
    // spotless:on
}
