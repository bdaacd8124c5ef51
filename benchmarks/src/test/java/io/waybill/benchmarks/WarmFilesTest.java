package io.waybill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmFilesTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void filesAreAsLargeAndAsManyAsAskedForAndBecomeAsManyEvents() throws IOException {
        GzipFiles input = GzipFiles.write(folder, 2, 20_000);
        long inflated = 0;
        long lines = 0;
        for (Path gzip : input.files()) {
            inflated += OneFile.inflate(gzip);
            Path json = folder.resolve("json");
            OneFile.transform(gzip, json);
            lines += Files.readAllLines(json).size();
        }
        assertThat(input.files()).hasSize(2);
        assertThat(inflated).isEqualTo(input.plainBytes()).isGreaterThan(40_000);
        assertThat(lines).isEqualTo(input.events());
    }

    @Test
    void bytesOfNoMeaningAreAsManyAsAskedFor() throws IOException {
        Path gzip = GzipFiles.write(folder, 1, 1).files().get(0);
        Path target = folder.resolve("bytes");
        OneFile.inflateAndWrite(gzip, target, 100_000);
        assertThat(target).hasSize(100_000);
    }

    @Test
    void eachStepIsMeasuredOnceInARoundAndLeavesNothingBehind() throws IOException, InterruptedException {
        GzipFiles input = GzipFiles.write(folder.resolve("in"), 3, 10_000);
        Path out = Files.createDirectory(folder.resolve("out"));
        List<Sample> samples;
        try (WarmFiles steps = new WarmFiles(input, out)) {
            samples = steps.measure(1);
        }
        assertThat(samples)
                .extracting(Sample::candidate)
                .containsExactly(
                        WarmFiles.INFLATE,
                        WarmFiles.INFLATE_AND_WRITE,
                        WarmFiles.TRANSFORM,
                        WarmFiles.INFLATE_IN_TWO,
                        WarmFiles.TRANSFORM_IN_TWO);
        assertThat(samples)
                .allSatisfy(sample -> assertThat(sample.bytesPerSecond()).isPositive());
        try (Stream<Path> left = Files.list(out)) {
            assertThat(left).isEmpty();
        }
    }
}
