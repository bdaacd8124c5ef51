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
    int claimedRuns() {
        return FULL ? 2_000 : 40;
    }

    @Override
    int twinRuns() {
        return 20;
    }

    @Override
    int processedRuns() {
        return FULL ? 500 : 12;
    }
}
