package io.waybill.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code -Dwaybill.runs=100000} takes fewer runs. */
@Timeout(600)
class S3LongListingTest {

    private static final int RUNS = Integer.getInteger("waybill.runs", 1_000_000);
    private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern(
                    "'enriched/archive/run='uuuu-MM-dd-HH-mm-ss'/part-0'")
            .withZone(ZoneOffset.UTC);

    @Test
    void runsWithoutEndNeedNoMoreMemoryThanAFew() throws Exception {
        try (StubS3 s3 = TestClients.stub()) {
            byte[] content = {1};
            for (int i = 0; i < RUNS; i++) {
                s3.put(NAME.format(FIRST.plusSeconds(60L * i)), content);
            }
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xmx32m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ListEverything.class.getName(),
                    s3.endpoint().toString(),
                    "s3://bucket/enriched/archive/");

            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();

            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
            assertThat(said.lines().toList()).last().isEqualTo(Integer.toString(RUNS));
            assertThat(s3.requests()).hasSize((RUNS + 999) / 1000);
        }
    }
}
