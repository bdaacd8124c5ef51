package io.waybill.examples;

// spotless:off
import io.waybill.manifest.*;
import io.waybill.manifest.spi.RunManifestStore;
import java.util.*;

/** Of two runs one is done, and the other is loaded. */
public final class ReadmeLoop {

    public static void main(String[] arguments) throws InterruptedException {
        List<RunId> listing = List.of(new RunId("run=2017-04-11-09-00-00/"), new RunId("run=2017-04-11-10-00-00/"));
        try (RunManifestStore store = RunManifestStores.open("memory:")) { // or jdbc:…, dynamodb:…
            RunManifest manifest = RunManifest.over(store);
            manifest.create();
            manifest.add(listing.get(0)); // this one is done

            RunProcessor.builder(manifest).parallelism(2).build().process(manifest.pending(listing.stream()), claim -> {
                System.out.println("loads " + claim.run()); // claimed, renewed meanwhile, committed after
                return Map.of("rows", "42"); // kept with the record; what is thrown is recorded as a failure
            });
            System.out.println(manifest.contains(listing.get(1))); // true
        }
    }
}
// spotless:on
