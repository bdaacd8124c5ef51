/** A run manifest backend that lives in the process. */
module io.waybill.manifest.inmemory {
    requires transitive io.waybill.manifest;
    requires static org.jspecify;

    exports io.waybill.manifest.inmemory;

    provides io.waybill.manifest.spi.RunManifestStoreProvider with
            io.waybill.manifest.inmemory.InMemoryRunManifestStoreProvider;
}
