package example.modular;

import io.waybill.event.BadRow;
import io.waybill.event.EventTransformer;
import io.waybill.event.TransformResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;

/** Opens the stores whose locations are given, adds a run to each, and transforms a line that is no event. */
public final class ModularConsumer {

    private ModularConsumer() {}

    public static void main(String[] locations) {
        for (String location : locations) {
            try (RunManifestStore store = RunManifestStores.open(location)) {
                RunManifest manifest = RunManifest.over(store);
                RunId run = new RunId("run=2017-04-11-10-00-00/");
                manifest.create();
                System.out.println(manifest.contains(run) + " " + manifest.add(run) + " " + manifest.contains(run));
            }
        }
        TransformResult result = EventTransformer.flattened().transform("no event");
        System.out.println((result instanceof BadRow) + " in " + ModularConsumer.class.getModule().getName());
    }
}
