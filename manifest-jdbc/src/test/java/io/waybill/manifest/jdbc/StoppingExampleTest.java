package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The example of docs/processing.md, which {@link ProcessContract} runs. */
class StoppingExampleTest {

    @Test
    void thePageQuotesIt() throws IOException {
        String example = Files.readString(Path.of("src/test/java/io/waybill/manifest/jdbc/StoppedWorker.java"))
                .lines()
                .dropWhile(line -> !line.strip().equals("// docs:"))
                .skip(1)
                .takeWhile(line -> !line.strip().equals("// end"))
                .collect(Collectors.joining("\n"));
        assertThat(example).isNotEmpty();
        assertThat(Files.readString(Path.of("..", "docs", "processing.md"))).contains("```java\n" + example + "\n```");
    }
}
