package io.waybill.benchmarks;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The loop of the ancestors, which knows of no backend: {@code create}, {@code contains}, {@code add}. */
final class LoopProgram {

    private LoopProgram() {}

    /**
     * Goes over a listing twice and prints what it does.
     *
     * @param args the store's location
     */
    public static void main(String[] args) {
        List<RunId> listing = IntStream.range(0, 5)
                .mapToObj(i -> new RunId("run=2017-04-11-1%d-00-00/".formatted(i)))
                .toList();
        try (RunManifestStore store = RunManifestStores.open(args[0], Map.of())) {
            RunManifest manifest = RunManifest.over(store);
            manifest.create();
            manifest.add(listing.get(1));
            for (int pass = 1; pass <= 2; pass++) {
                for (RunId run : listing) {
                    if (manifest.contains(run)) {
                        System.out.println("skipping " + run);
                    } else {
                        System.out.println("processing " + run);
                        System.out.println("added " + manifest.add(run));
                    }
                }
            }
            System.out.println("again " + manifest.add(listing.get(0)));
            manifest.records(listing.stream())
                    .forEach(r -> System.out.println(r.id() + " " + r.state() + " " + r.version()));
        }
    }
}
