package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said where nothing is done because nothing was found: no run in a range, none in an archive, none in a store. */
class NothingFoundTest {

    @TempDir
    private Path folder;

    private Workbench bench;

    @BeforeEach
    void init() throws IOException {
        bench = Workbench.initialised(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pending", "run", "transform", "transform --dry-run"})
    void anArchiveInWhichNothingIsARunIsTold(String command) throws IOException {
        Result empty = over(command);
        assertThat(empty.code()).isZero();
        assertThat(empty.err()).doesNotContain("--layout");
        bench.write("notes.txt", List.of());
        bench.write("enriched/run=2026-03-01-00-00-00/part", bench.events(1));
        Result result = over(command);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("waybill: there is no run in " + bench.archive.toRealPath() + ": is --layout right");
        assertThat(over(command, "--since=2026-03-01", "--until=2026-03-02").err())
                .contains("there is no run in " + bench.archive.toRealPath());
        bench.writeRuns(1, 1);
        assertThat(over(command).err()).doesNotContain("--layout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pending", "run", "transform", "transform --dry-run"})
    void aRangeOfAnArchiveThatLeavesAllRunsOutIsTold(String command) throws IOException {
        bench.writeRuns(3, 1);
        bench.write("notes.txt", List.of());
        Result result = over(command, "--since=2026-04-01", "--output=json");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.rows()).as("nothing that lies outside").isEmpty();
        assertThat(result.err()).containsOnlyOnce(TimeBounds.OTHERS_OUTSIDE).doesNotContain("notes.txt");
        assertThat(over(command, "--since=2026-03-01T02:00:00Z").err()).doesNotContain("outside");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "status", "status --grid", "verify", "export", "forget", "report"})
    void aRangeOfRecordsThatLeavesAllOutIsTold(String command) throws IOException {
        bench.writeRuns(3, 1);
        assertThat(bench.transform().code()).isZero();
        Result result = over(command, "--since=2026-04-01");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains(TimeBounds.OTHERS_OUTSIDE);
        assertThat(result.out()).isEmpty();
        assertThat(over(command, "--since=2026-03-01T02:00:00Z", "--dry-run").err())
                .doesNotContain("outside");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "status", "status --grid", "report"})
    void aStoreThatKnowsNoRunIsNamed(String command) {
        assertThat(over(command, "--job=slip").err()).contains("m table waybill_run job slip knows no run");
    }

    /** The command over the archive or the store, with what else it needs. */
    private Result over(String command, String... options) {
        String[] words = command.split(" ", -1);
        Stream<String> needs = switch (words[0]) {
            case "pending", "verify" -> Stream.of(bench.archive.toString());
            case "transform" -> Stream.of(bench.archive.toString(), "--to=" + bench.output);
            case "run" -> Stream.of(bench.archive.toString());
            case "report" -> Stream.of("--html=" + folder.resolve("page.html"));
            default -> Stream.of();
        };
        Stream<String> given =
                Stream.of(options).filter(option -> words[0].equals("forget") || !option.equals("--dry-run"));
        Stream<String> behind = words[0].equals("run") ? Stream.of("--", "true") : Stream.of();
        return bench.waybill(
                words[0],
                Stream.of(Stream.of(words).skip(1), needs, given, behind)
                        .flatMap(part -> part)
                        .toArray(String[]::new));
    }
}
