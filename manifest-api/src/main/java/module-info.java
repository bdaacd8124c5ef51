/** The run manifest: which runs a job has processed. */
module io.waybill.manifest {
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.waybill.manifest;
    exports io.waybill.manifest.spi;

    uses io.waybill.manifest.spi.RunManifestStoreProvider;
}
