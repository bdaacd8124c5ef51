package io.waybill.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WritingABackendTest {

    private static final Path DOC = Path.of("..", "docs", "writing-a-backend.md");
    private static final Path HERE = Path.of("src/test/java/io/waybill/example");

    @ParameterizedTest
    @ValueSource(strings = {"FolderStore.java", "FolderStoreTest.java"})
    void theExampleIsTheCodeThatPasses(String file) throws IOException {
        assertThat(Files.readString(DOC)).contains("```java\n" + code(file) + "\n```");
    }

    @Test
    void theExampleIsShort() throws IOException {
        assertThat(code("FolderStore.java").lines()).hasSizeLessThan(100);
    }

    private static String code(String file) throws IOException {
        return Files.readString(HERE.resolve(file))
                .lines()
                .filter(line -> !line.startsWith("// spotless:"))
                .collect(Collectors.joining("\n"));
    }
}
