package io.waybill.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.spark.SparkTestSession;
import io.waybill.spark.Tool;
import io.waybill.spark.TransformedDemo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The job of the README, started by the README's command, on the Spark that this test runs on. */
@Timeout(300)
class ParquetByRunTest {

    private static final String COMMAND = "examples/run spark demo/archive demo/parquet";

    private final SparkSession spark = SparkTestSession.get();

    @TempDir
    private Path folder;

    /** The command for this test's Spark; the one without a version is for the newest. */
    private String command() {
        String on = spark.version().replaceFirst("[.][0-9]+$", "_")
                + scala.util.Properties.versionNumberString().replaceFirst("[.][0-9]+$", "");
        return on.equals("4.2_2.13") ? COMMAND : COMMAND.replace("spark", "spark --on " + on);
    }

    private String run() throws IOException, InterruptedException {
        List<String> words = Stream.of(command().split(" ")).collect(Collectors.toList());
        words.set(0, Tool.modules().resolve(words.get(0)).toString());
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void theReadmesCommandGivesWhatTheToolWritesAndThenHasNothingToDo() throws Exception {
        TransformedDemo demo = TransformedDemo.in(folder.resolve("demo"));

        assertThat(run()).contains("%d runs processed, 0 failed".formatted(demo.runs()), "on Spark " + spark.version());

        Dataset<Row> rows = spark.read().parquet(folder.resolve("demo/parquet").toString());
        demo.assertSameEvents(rows.where("_bad is null"));
        demo.assertSameBadRows(rows.where("_bad is not null"));
        assertThat(run()).contains("0 runs processed, 0 failed");
    }

    @Test
    void theReadmeAndThePageHaveTheCommand() throws IOException {
        for (String page : List.of("README.md", "docs/examples.md")) {
            assertThat(Files.readString(Tool.modules().resolve(page)))
                    .contains("```sh\n./waybill demo demo/archive && " + COMMAND + "\n```")
                    .contains("`examples/run spark --on 3.5_2.12 …`", "`examples/run spark --on 3.5_2.13 …`");
        }
    }
}
