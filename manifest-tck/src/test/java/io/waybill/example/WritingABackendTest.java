package io.waybill.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example of docs/writing-a-backend.md, which {@link FolderStoreTest} runs. */
class WritingABackendTest {

    @Test
    void theExampleIsShort() throws IOException {
        assertThat(Files.readAllLines(Path.of("src/test/java/io/waybill/example/FolderStore.java")))
                .filteredOn(line -> !line.startsWith("// spotless:"))
                .hasSizeLessThan(100);
    }
}
