package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a location is taken for, and which of its runs are read. */
class LocationsTest {

    private static final String RUN = "run=2026-03-01-00-00-00/";
    private static final String LATER_RUN = "run=2026-03-01-01-00-00/";

    private final SparkSession spark = SparkTestSession.get();

    @TempDir
    private Path archive;

    private Dataset<Row> read(Map<String, String> options, String... below) {
        String[] locations = List.of(below).stream()
                .map(path -> archive.resolve(path).toString())
                .toArray(String[]::new);
        return EnrichedEvents.read(spark, options, locations);
    }

    private static List<String> apps(Dataset<Row> rows) {
        return rows.select("run_id", "app_id").collectAsList().stream()
                .map(Row::toString)
                .toList();
    }

    private void write(String run, String appId) throws IOException {
        EventLines.write(archive, run, "part-0", EventLines.line("app_id", appId));
    }

    @Test
    void aRunOfSeveralLevelsIsReadAloneAndHasTheIdThatItHasInItsArchive() throws IOException {
        write("date=2026-03-01/hour=03/", "a");
        write("date=2026-03-01/hour=04/", "b");
        Map<String, String> options = Map.of("layout", "date=/hour=");

        assertThat(apps(read(options, "date=2026-03-01/hour=03"))).containsExactly("[date=2026-03-01/hour=03/,a]");
        assertThat(apps(read(options, ""))).hasSize(2).contains("[date=2026-03-01/hour=03/,a]");
    }

    @Test
    void aRunOfALayoutOfRegularExpressionsIsReadAlone() throws IOException {
        write("year=2026/run-0301T03/", "a");
        write("year=2026/run-0301T04/", "b");
        String layout = "year=(?<year>[0-9]{4})/run-(?<month>[0-9]{2})(?<day>[0-9]{2})T(?<hour>[0-9]{2})";

        assertThat(apps(read(Map.of("layout", layout), "year=2026/run-0301T04/")))
                .containsExactly("[year=2026/run-0301T04/,b]");
    }

    @Test
    void aFileIsRefused() throws IOException {
        write(RUN, "a");

        assertThatThrownBy(() -> read(Map.of(), RUN + "part-0"))
                .hasMessageContaining(RUN + "part-0")
                .hasMessageContaining("is a file, want an archive or the folder of one run");
    }

    @Test
    void aFolderInWhichNothingIsARunIsRefusedAndAnEmptyOneIsNot() throws IOException {
        assertThat(read(Map.of(), "").count()).isZero();

        write("date=2026-03-01/hour=03/", "a");
        Files.writeString(archive.resolve("notes.txt"), "");

        assertThatThrownBy(() -> read(Map.of(), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no run in file:%s", archive)
                .hasMessageContaining("by the layout run=uuuu-MM-dd-HH-mm-ss")
                .hasMessageContaining("'date=2026-03-01/: does not match the layout")
                .hasMessageContaining("and 1 more")
                .hasMessageContaining(
                        "is the option layout right, and is it the archive, not a folder above or below it?");
        assertThatThrownBy(() -> read(Map.of("layout", "date=/hour="), "date=2026-03-01"))
                .hasMessageContaining("there is no run in file:%s/date=2026-03-01/", archive);
    }

    @Test
    void noLocationIsRefused() {
        assertThatThrownBy(() -> EnrichedEvents.read(spark))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no location to read, want an archive or the folder of one run");
    }

    @Test
    void locationsThatHaveAFileInCommonAreRefused() throws IOException {
        write(RUN, "a");
        write(LATER_RUN, "b");

        for (List<String> locations : List.of(List.of("", ""), List.of("", RUN), List.of(RUN, RUN + "."))) {
            assertThatThrownBy(() -> read(Map.of(), locations.toArray(String[]::new)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(RUN + "part-0 is in more than one of the locations")
                    .hasMessageContaining("its rows would be there twice");
        }
        assertThat(read(Map.of(), RUN, LATER_RUN).count()).isEqualTo(2);
    }

    @Test
    void aRunIsReadyByTheRulesThatAreAskedFor() throws IOException {
        write(RUN, "a");
        write(LATER_RUN, "b");
        EventLines.write(archive, LATER_RUN, "DONE", "");
        Files.setLastModifiedTime(
                archive.resolve(RUN).resolve("part-0"),
                FileTime.from(Instant.now().minus(Duration.ofDays(3))));

        assertThat(apps(read(Map.of("quiet-period", "1d"), ""))).containsExactly("[" + RUN + ",a]");
        assertThat(apps(read(Map.of("quiet-period", "4d"), ""))).isEmpty();
        assertThat(apps(read(Map.of("Ready-Marker", "DONE"), ""))).containsExactly("[" + LATER_RUN + ",b]");
        assertThat(apps(read(Map.of("ready-when-followed", "true"), ""))).containsExactly("[" + RUN + ",a]");
        assertThat(apps(spark.read()
                        .format("snowplow")
                        .option("ready-when-followed", true)
                        .load(archive.resolve(LATER_RUN).toString())))
                .isEmpty();
    }

    @Test
    void rulesThatAreNoneAreRefused() {
        for (String text : List.of("soon", "15", "-PT1M", "1d12", "")) {
            assertThatThrownBy(() -> read(Map.of("quiet-period", text), ""))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("option quiet-period is '%s', want a span of time such as 90s, 15m, 1h30m, 2d or PT15M"
                            .formatted(text));
        }
        assertThatThrownBy(() -> read(Map.of("ready-when-followed", "yes"), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("option ready-when-followed is 'yes', want true or false");
        assertThatThrownBy(() -> read(Map.of("ready-marker", "a/b"), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 'a/b'");
    }
}
