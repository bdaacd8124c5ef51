package io.waybill.example;

import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.RunManifestStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FolderStoreTest extends RunManifestStoreContract {

    @TempDir
    private Path root;

    @Override
    protected RunManifestStore open(String space, String job) {
        return new FolderStore(root.resolve(space).resolve(job));
    }

    @Override
    protected int histories() {
        return 100;
    }
}
