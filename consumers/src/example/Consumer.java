package example;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;

/** Opens the stores whose locations are given, with whatever backend the class path has, and adds a run to each. */
public final class Consumer {

    private Consumer() {}

    public static void main(String[] locations) {
        for (String location : locations) {
            System.out.println(addRun(location));
        }
    }

    static String addRun(String location) {
        try (RunManifestStore store = RunManifestStores.open(location)) {
            RunManifest manifest = RunManifest.over(store);
            RunId run = new RunId("run=2017-04-11-10-00-00/");
            manifest.create();
            return manifest.contains(run) + " " + manifest.add(run) + " " + manifest.contains(run);
        }
    }
}
