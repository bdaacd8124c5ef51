package io.waybill.manifest.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.Claim;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The example of docs/processing.md on batches, and what it does. */
class BatchExampleTest {

    private final List<List<RunId>> loaded = new ArrayList<>();

    private void load(List<RunId> runs) {
        loaded.add(runs);
    }

    // spotless:off
    private RunProcessor.Summary batches(RunManifest manifest, List<RunId> listing) throws InterruptedException {
RunProcessor processor = RunProcessor.builder(manifest).build();
return processor.processBatches(manifest.pending(listing.stream()), 50, claims -> {
    load(claims.stream().map(Claim::run).toList()); // one statement, one Spark job, …
    return Map.of(); // by run, details to keep with its record
});
    }
    // spotless:on

    @Test
    void allRunsOfABatchAreCommittedTogether() throws InterruptedException {
        InMemoryRunManifestStore store = new InMemoryRunManifestStore();
        store.create();
        RunManifest manifest = RunManifest.over(store);
        List<RunId> listing = IntStream.range(0, 60)
                .mapToObj(i -> new RunId("run-%02d".formatted(i)))
                .toList();
        manifest.add(listing.get(3));

        assertThat(batches(manifest, listing)).isEqualTo(new RunProcessor.Summary(59, 0, 0, 0, 0));
        assertThat(loaded).extracting(List::size).containsExactly(50, 9);
        assertThat(listing).allMatch(manifest::contains);
    }
}
