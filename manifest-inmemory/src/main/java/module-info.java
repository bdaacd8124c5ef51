/** A run manifest backend that lives in the process, and a near-cache in front of any other. */
module io.waybill.manifest.inmemory {
    requires com.github.benmanes.caffeine;
    requires transitive io.waybill.manifest;
    requires static org.jspecify;

    exports io.waybill.manifest.inmemory;

    provides io.waybill.manifest.spi.RunManifestStoreProvider with
            io.waybill.manifest.inmemory.InMemoryRunManifestStoreProvider;
}
