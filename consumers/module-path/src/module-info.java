/** A program on the module path, which finds the backends there. */
module example.modular {
    requires io.waybill.event;
    requires io.waybill.manifest;
    requires java.sql; // of manifest-jdbc, whose jar is an automatic module and cannot say so

    uses io.waybill.manifest.spi.RunManifestStoreProvider;
}
