package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoresTest {

    @ParameterizedTest
    @CsvSource({
        "memory:, memory: job sessions",
        "jdbc:h2:mem:runs, jdbc:h2:mem:runs table waybill_run job sessions",
        "dynamodb:runs, DynamoDB table runs job sessions"
    })
    void theToolBringsEveryBackend(String location, String where) {
        try (RunManifestStore store = RunManifestStores.open(location, Map.of("job", "sessions"))) {
            assertThat(store).hasToString(where);
        }
    }
}
