package io.waybill.manifest.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2FileProcessTest extends ProcessContract {

    @TempDir
    private Path folder;

    @Override
    String location() {
        return "jdbc:h2:file:" + folder.resolve("runs");
    }

    @Override
    int twinRuns() {
        return 20;
    }
}
