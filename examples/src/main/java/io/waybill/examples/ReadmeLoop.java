package io.waybill.examples;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.spi.RunManifestStore;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The loop of the README: of two runs one is done, and the other is loaded. */
public final class ReadmeLoop {

    private final List<RunId> listing =
            List.of(new RunId("run=2017-04-11-09-00-00/"), new RunId("run=2017-04-11-10-00-00/"));
    private final Consumer<RunId> loader;

    ReadmeLoop(Consumer<RunId> loader) {
        this.loader = loader;
    }

    /** Takes nothing, and says which run is loaded. */
    public static void main(String[] arguments) throws InterruptedException {
        new ReadmeLoop(run -> System.out.println("loads " + run)).run();
    }

    private void load(RunId run) {
        loader.accept(run);
    }

    // spotless:off
    /** Whether the second run is done afterwards. */
    boolean run() throws InterruptedException {
        boolean contained;
        // docs: loop
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
        return contained;
    }
    // spotless:on
}
