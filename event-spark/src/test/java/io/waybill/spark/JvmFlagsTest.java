package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The flags that the page gives to a JVM are those that the tests run with. */
class JvmFlagsTest {

    private static final String PAGE = "spark.md";

    @Test
    void thePageHasTheFlagsOfThisVeryJvm() throws IOException {
        List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens"))
                .toList();
        assertThat(flags).isNotEmpty();
        assertThat(Files.readString(page()).lines().filter(line -> line.startsWith("--add-opens")))
                .containsExactlyElementsOf(flags);
    }

    /** The modules for other versions of Spark, which run this too, lie deeper. */
    private static Path page() {
        Path docs = Path.of("..", "docs", PAGE);
        return Files.exists(docs) ? docs : Path.of("..").resolve(docs);
    }
}
