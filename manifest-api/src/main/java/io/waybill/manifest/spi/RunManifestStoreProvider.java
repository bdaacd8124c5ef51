package io.waybill.manifest.spi;

import java.util.Map;
import java.util.Optional;

/**
 * Opens the stores of one backend. Found through {@link java.util.ServiceLoader}; has a public constructor without
 * parameters that does no work.
 */
public interface RunManifestStoreProvider {

    /**
     * The part of a location before its first colon that says it is this backend's.
     *
     * @return lower-case letters, such as {@code jdbc}
     */
    String scheme();

    /**
     * The location that this backend serves without any configuration.
     *
     * @return such a location, or empty if there is none
     */
    default Optional<String> defaultLocation() {
        return Optional.empty();
    }

    /**
     * Opens a store. Need not reach it yet.
     *
     * @param location the whole location, its scheme included; {@link StoreLocation} takes it apart
     * @param options settings beside the location, which win over the same ones in it
     * @return the store, which the caller closes
     * @throws IllegalArgumentException if the location or an option is not understood; names the nearest valid option
     */
    RunManifestStore open(String location, Map<String, String> options);
}
