package io.waybill.cli;

import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.StoreLocation;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which store and job a command works on. */
final class StoreChoice {

    // relative, as the working folder's name may hold what means something in a URL
    private static final String DEFAULT = "jdbc:h2:file:./.waybill/manifest";

    @Option(
            names = "--store",
            paramLabel = "LOCATION",
            defaultValue = "${env:" + RunManifestStores.STORE_VARIABLE + "}",
            description = "Where the manifest is, such as jdbc:h2:/data/runs. Default: $"
                    + RunManifestStores.STORE_VARIABLE + ", else an H2 file below the working folder,"
                    + " .waybill/manifest, which makes itself on first use.")
    private @Nullable String location;

    @Option(
            names = "--job",
            paramLabel = "NAME",
            defaultValue = "${env:WAYBILL_JOB}",
            description =
                    "The job whose records are used. Default: $WAYBILL_JOB, else '" + StoreLocation.DEFAULT_JOB + "'.")
    private @Nullable String job;

    /** The store; the default one is made if it is not there, a named one must have been made by {@code init}. */
    RunManifestStore open() {
        RunManifestStore store = openAsItIs();
        if (isNamed()) {
            return store;
        }
        boolean made = false;
        try {
            store.create();
            made = true;
        } finally {
            if (!made) {
                store.close();
            }
        }
        return store;
    }

    /** The store, whether it is there or not. */
    RunManifestStore openAsItIs() {
        Map<String, String> options = Optional.ofNullable(job)
                .filter(name -> !name.isBlank())
                .map(name -> Map.of(StoreLocation.JOB, name))
                .orElse(Map.of());
        return RunManifestStores.open(isNamed() ? String.valueOf(location) : DEFAULT, options);
    }

    /** Whether the user has said which store is meant. */
    boolean isNamed() {
        return location != null && !location.isBlank();
    }
}
