package io.waybill.manifest.jdbc;

import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.RunManifestStoreContract;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The contract over files, which are opened and closed for each statement. */
class H2FileContractTest extends RunManifestStoreContract {

    @TempDir
    private static Path folder;

    @Override
    protected RunManifestStore open(String space, String job) {
        return RunManifestStores.open("jdbc:h2:file:" + folder.resolve(space), Map.of("job", job));
    }
}
