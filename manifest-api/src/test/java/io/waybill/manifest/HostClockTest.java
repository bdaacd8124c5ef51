package io.waybill.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HostClockTest {

    @Test
    void nothingInThisModuleAsksTheHostForTheTimeOfDay() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            List<Path> java =
                    sources.filter(path -> path.toString().endsWith(".java")).toList();
            assertThat(java).isNotEmpty();
            for (Path source : java) {
                assertThat(Files.readString(source))
                        .as(source.toString())
                        .doesNotContain(
                                "Instant.now(", "currentTimeMillis", "InstantSource", "java.time.Clock", "new Date(");
            }
        }
    }
}
