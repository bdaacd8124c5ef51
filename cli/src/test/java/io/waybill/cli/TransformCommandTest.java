package io.waybill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.cli.Workbench.Result;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransformCommandTest {

    private static final String EMPTY = "run=2026-03-01-13-00-00/";
    private static final String HALF_COPIED = "run=2026-03-02-11-00-00/";
    private static final String FIRST = Workbench.run(0);
    private static final String SECOND = Workbench.run(1);
    private static final String THIRD = Workbench.run(2);

    @TempDir
    private Path folder;

    private Workbench bench;

    @BeforeEach
    void init() throws IOException {
        bench = Workbench.initialised(folder);
    }

    // What is done, and what is told.

    @Test
    void everyReadyRunOfTheDemoIsProcessedAndNothingIsLeftOutSilently() throws IOException {
        DemoArchive.Summary demo = DemoArchive.write(bench.archive);

        Result result = bench.transform();

        assertThat(result.code()).as(result.err()).isZero();
        Map<String, String> notProcessed = new TreeMap<>(result.results());
        notProcessed.values().removeIf("PROCESSED"::equals);
        assertThat(notProcessed)
                .containsExactly(
                        Map.entry("reports/", "FOREIGN"),
                        Map.entry("run=2026-02-30-00-00-00/", "FOREIGN"),
                        Map.entry(EMPTY, "EMPTY"),
                        Map.entry(HALF_COPIED, "NOT_READY"));
        assertThat(result.column("note"))
                .hasEntrySatisfying("reports/", note -> assertThat(note).isNotBlank())
                .hasEntrySatisfying(
                        "run=2026-02-30-00-00-00/", note -> assertThat(note).isNotBlank())
                .containsEntry(EMPTY, "no input files")
                .hasEntrySatisfying(
                        HALF_COPIED,
                        note -> assertThat(note).contains("still being written").contains("._COPYING_"));
        long events = sum(result, "events");
        long files = sum(result, "files");
        assertThat(sum(result, "bad_rows")).isEqualTo(demo.badRows());
        assertThat(files).isEqualTo(demo.files() - 2); // those of the half-copied run that are complete
        assertThat(bench.published()).hasSize(demo.runs() - 2).doesNotContainKeys(EMPTY, HALF_COPIED);
        assertThat(bench.published().values().stream().mapToLong(List::size).sum())
                .isEqualTo(events)
                .isBetween(demo.events() - 2L * 60, demo.events() - 2L * 40);
        assertThat(bench.states(bench.store))
                .hasSize(demo.runs() - 2)
                .allSatisfy((run, state) -> assertThat(state).isEqualTo("PROCESSED"));
        assertThat(bench.workFolders()).isEmpty();
    }

    @Test
    void theTableIsForPeople() throws IOException {
        bench.writeRuns(1, 2);
        Files.createDirectories(bench.archive.resolve(SECOND));
        Result result = bench.transform("--output=table");
        assertThat(result.out().lines())
                .satisfiesExactly(
                        head -> assertThat(head).matches("RUN +RESULT +FILES +EVENTS +BAD ROWS +NOTE"),
                        done -> assertThat(done).matches(FIRST + "/ +PROCESSED +2 +40 +0"),
                        empty -> assertThat(empty).matches(SECOND + "/ +EMPTY +- +- +- +no input files"));
        assertThat(result.err()).contains("1 run processed (40 events, 0 bad rows), 0 failed, 1 left out");
    }

    @Test
    void aRunHasOnePartForEachFileWithItsEventsInTheOrderOfItsLines() throws IOException {
        List<byte[]> first = bench.events(30);
        List<byte[]> second = bench.events(1);
        bench.write(FIRST + "/a.gz", first);
        bench.write(FIRST + "/b.tsv", second);

        assertThat(bench.transform().code()).isZero();

        Path run = bench.output.resolve(FIRST);
        assertThat(Workbench.namesIn(run))
                .containsExactly(OutputFolder.MARKER, "part-00000.ndjson", "part-00001.ndjson");
        assertThat(ids(Workbench.lines(run.resolve("part-00000.ndjson")))).isEqualTo(idsOf(first));
        assertThat(ids(Workbench.lines(run.resolve("part-00001.ndjson")))).isEqualTo(idsOf(second));
    }

    @Test
    void badRowsLieBesideTheEventsWithFileLineAndReasons() throws IOException {
        List<byte[]> lines = new ArrayList<>(bench.events(4));
        lines.add(1, "one\ttwo".getBytes(UTF_8));
        lines.add(4, with(lines.get(0), 7, "12abc"));
        bench.write(FIRST + "/a.gz", bench.events(2));
        bench.write(FIRST + "/b.gz", lines);

        Result result = bench.transform();

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(sum(result, "events")).isEqualTo(6);
        assertThat(sum(result, "bad_rows")).isEqualTo(2);
        Path bad = bench.output.resolve(FIRST).resolve("bad");
        assertThat(Workbench.namesIn(bad)).containsExactly("part-00001.ndjson");
        assertThat(Workbench.lines(bad.resolve("part-00001.ndjson")))
                .satisfiesExactly(
                        row -> {
                            assertThat(row.get("file").asText()).isEqualTo("b.gz");
                            assertThat(row.get("line").asInt()).isEqualTo(2);
                            assertThat(row.get("errors").get(0).get("code").asText())
                                    .isEqualTo("FIELD_COUNT");
                        },
                        row -> {
                            assertThat(row.get("file").asText()).isEqualTo("b.gz");
                            assertThat(row.get("line").asInt()).isEqualTo(5);
                            assertThat(row.get("errors").get(0).get("column").asText())
                                    .isEqualTo("txn_id");
                            assertThat(row.get("errors").get(0).get("value").asText())
                                    .isEqualTo("12abc");
                        });
    }

    @Test
    void aSecondCallDoesNothingAndSaysSo() throws IOException {
        bench.writeRuns(3, 1);
        bench.transform();
        Map<String, String> output = Workbench.content(bench.output);

        Result again = bench.transform();

        assertThat(again.code()).isZero();
        assertThat(again.rows()).isEmpty();
        assertThat(again.err()).contains("nothing to do").contains("3 PROCESSED before");
        assertThat(Workbench.content(bench.output)).isEqualTo(output);
        assertThat(bench.transform("--output=table").out()).isEmpty();
    }

    @Test
    void aRunThatHasComeSinceIsTheOneThatIsProcessed() throws IOException {
        Map<String, List<String>> ids = bench.writeRuns(2, 1);
        bench.transform();
        List<byte[]> late = bench.events(5);
        bench.write("run=2026-02-01-00-00-00/late.tsv", late); // older than those that are done

        Result result = bench.transform();

        assertThat(result.code()).isZero();
        assertThat(result.results()).containsExactly(Map.entry("run=2026-02-01-00-00-00/", "PROCESSED"));
        ids.put("run=2026-02-01-00-00-00", idsOf(late));
        assertThat(bench.published()).isEqualTo(ids);
    }

    @Test
    void anArchiveWithoutARunIsNothingToDo() throws IOException {
        Result result = bench.transform();
        assertThat(result.code()).isZero();
        assertThat(result.rows()).isEmpty();
        assertThat(result.err()).contains("nothing to do");
    }

    @Test
    void ndjsonAndTsvHaveALineForEachRun() throws IOException {
        bench.writeRuns(2, 1);
        Result ndjson = bench.transform("--output=ndjson");
        assertThat(ndjson.out().lines()).hasSize(2).allSatisfy(line -> {
            JsonNode row = new ObjectMapper().readTree(line);
            assertThat(row.get("result").asText()).isEqualTo("PROCESSED");
            assertThat(row.get("events").asLong()).isEqualTo(20);
        });
        Files.createDirectories(bench.archive.resolve(THIRD));
        assertThat(bench.transform("--output=tsv").out())
                .isEqualToNormalizingNewlines(THIRD + "/\tEMPTY\t\t\t\tno input files\n");
    }

    @Test
    void aDryRunListsWhatWouldBeProcessedAndChangesNothing() throws IOException {
        bench.writeRuns(2, 3);
        Files.createDirectories(bench.archive.resolve(THIRD));

        Result result = bench.transform("--dry-run");

        assertThat(result.code()).isZero();
        assertThat(result.results())
                .containsExactly(
                        Map.entry(FIRST + "/", "WOULD PROCESS"),
                        Map.entry(SECOND + "/", "WOULD PROCESS"),
                        Map.entry(THIRD + "/", "EMPTY"));
        assertThat(result.column("files")).containsEntry(FIRST + "/", "3");
        assertThat(result.err()).contains("2 runs would be processed");
        assertThat(bench.output).doesNotExist();
        assertThat(bench.states(bench.store)).isEmpty();
    }

    @Test
    void inOrderNothingIsProcessedBehindARunThatIsNotReady() throws IOException {
        bench.writeRuns(4, 1);
        Path copying = Files.createFile(bench.archive.resolve(THIRD).resolve("part-1.gz._COPYING_"));

        Result stopped = bench.transform("--in-order");

        assertThat(stopped.code()).isZero();
        assertThat(stopped.rows())
                .extracting(
                        row -> row.get("run").asText() + " " + row.get("result").asText())
                .containsExactly(
                        FIRST + "/ PROCESSED", SECOND + "/ PROCESSED", THIRD + "/ NOT_READY", THIRD + "/ STOPPED");

        Files.delete(copying);
        assertThat(bench.transform("--in-order").results())
                .containsExactly(Map.entry(THIRD + "/", "PROCESSED"), Map.entry(Workbench.run(3) + "/", "PROCESSED"));
    }

    @Test
    void inOrderAnEmptyRunHoldsNothingUp() throws IOException {
        bench.writeRuns(1, 1);
        Files.createDirectories(bench.archive.resolve(SECOND));
        bench.write(THIRD + "/part-0.tsv", bench.events(1));
        assertThat(bench.transform("--in-order").results())
                .containsExactly(
                        Map.entry(FIRST + "/", "PROCESSED"),
                        Map.entry(SECOND + "/", "EMPTY"),
                        Map.entry(THIRD + "/", "PROCESSED"));
    }

    @Test
    void inOrderNothingIsProcessedBehindARunThatFails() throws IOException {
        bench.writeRuns(3, 1);
        Files.writeString(bench.archive.resolve(SECOND).resolve("x.gz"), "no gzip");

        Result stopped = bench.transform("--in-order");

        assertThat(stopped.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(stopped.results())
                .containsExactly(Map.entry(FIRST + "/", "PROCESSED"), Map.entry(SECOND + "/", "FAILED"));
        assertThat(bench.published()).containsOnlyKeys(FIRST);
    }

    @Test
    void compressedOutputHoldsTheSame() throws IOException {
        Map<String, List<String>> ids = bench.writeRuns(2, 2);
        bench.write(FIRST + "/part-00000.gz", List.of("bad".getBytes(UTF_8)));
        ids.computeIfPresent(FIRST, (run, all) -> all.subList(20, 40));

        assertThat(bench.transform("--compress=gzip").code()).isZero();

        assertThat(bench.published()).isEqualTo(ids);
        Path run = bench.output.resolve(FIRST);
        assertThat(Workbench.namesIn(run)).contains("part-00000.ndjson.gz", "part-00001.ndjson.gz");
        assertThat(Workbench.lines(run.resolve("bad/part-00000.ndjson.gz"))).hasSize(1);
    }

    @Test
    void runsThatWereProcessedIntoAnotherFolderAreWarnedOf() throws IOException {
        bench.writeRuns(2, 1);
        bench.transform();
        assertThat(bench.transform().err()).doesNotContain("warning");

        Result elsewhere = bench.waybill(
                "transform",
                bench.archive.toString(),
                "--to",
                folder.resolve("other").toString());

        assertThat(elsewhere.code()).isZero();
        assertThat(elsewhere.err())
                .contains("warning: 2 of these runs")
                .contains("into another folder")
                .contains("--job");
        assertThat(bench.transform("--job=other", "--to=" + folder.resolve("other"))
                        .results())
                .hasSize(2)
                .containsEntry(FIRST + "/", "PROCESSED");
    }

    // What is refused.

    @ParameterizedTest
    @ValueSource(strings = {"", "out", "a/b"})
    void anOutputFolderInTheArchiveIsRefused(String below) throws IOException {
        bench.writeRuns(1, 1);
        Map<String, String> before = Workbench.content(bench.archive);

        Result result = bench.waybill(
                "transform",
                bench.archive.toString(),
                "--to",
                bench.archive.resolve(below).toString());

        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("lies in the archive").contains("want one outside");
        assertThat(Workbench.content(bench.archive)).isEqualTo(before);
        assertThat(bench.states(bench.store)).isEmpty();
    }

    @Test
    void anOutputFolderThatALinkLeadsIntoTheArchiveIsRefused() throws IOException {
        bench.writeRuns(1, 1);
        Path link = Files.createSymbolicLink(folder.resolve("link"), bench.archive);
        for (List<Path> places :
                List.of(List.of(bench.archive, link.resolve("out")), List.of(link, bench.archive.resolve("out")))) {
            Result result = bench.waybill(
                    "transform", places.get(0).toString(), "--to", places.get(1).toString());
            assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.USAGE);
            assertThat(result.err()).contains("lies in the archive");
        }
        assertThat(Workbench.namesIn(bench.archive)).containsExactly(FIRST);
    }

    @Test
    void anArchiveThatIsNotThereIsAFailureThatNamesIt() throws IOException {
        Path missing = folder.resolve("nowhere");
        Result result = bench.waybill("transform", missing.toString(), "--to", bench.output.toString());
        assertThat(result.code()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err())
                .startsWith("waybill: ")
                .contains(missing.toString())
                .contains("no such folder");
        assertThat(result.err().lines()).hasSize(1);
        assertThat(bench.output).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "--what, Unknown option",
        "--lease=soon, 'soon' is no span of time",
        "--lease=0s, lease",
        "--retry-after=-1, is no span of time",
        "--threads=0, want 1 or more",
        "--threads=many, many",
        "--max-attempts=0, want 1 or more",
        "--compress=rar, rar",
        "--output=xml, xml",
        "--layout=nonsense, nonsense"
    })
    void whatIsNotUnderstoodIsWrongUsageAndNothingIsTouched(String option, String told) throws IOException {
        bench.writeRuns(1, 1);
        Result result = bench.transform(option);
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains(told);
        assertThat(bench.published()).isEmpty();
        assertThat(bench.states(bench.store)).isEmpty();
    }

    @Test
    void withoutAnOutputFolderNothingIsDone() {
        Result result = bench.waybill("transform", bench.archive.toString());
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("Missing required option: '--to=PLACE'");
    }

    @Test
    void aNamedStoreThatWasNotMadeIsNotMadeByTheWay() throws IOException {
        bench.writeRuns(1, 1);
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Result result = bench.transform("--store=jdbc:h2:file:" + elsewhere.resolve("m"));
        assertThat(result.code()).isEqualTo(ExitCode.NOT_INITIALISED);
        assertThat(result.err()).contains("waybill init");
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(bench.published()).isEmpty();
    }

    @Test
    void aStoreWhoseFileIsDamagedIsAFailureInClearWords() throws IOException {
        bench.writeRuns(1, 1);
        byte[] garbage = new byte[20_000];
        new Random(1).nextBytes(garbage);
        Files.write(folder.resolve("m.mv.db"), garbage);
        Result result = bench.transform();
        assertThat(result.code()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err())
                .contains("waybill: ")
                .contains(folder.resolve("m").toString())
                .contains("damaged");
        assertThat(bench.published()).isEmpty();
    }

    // Where the output cannot be.

    @ParameterizedTest
    @ValueSource(strings = {"file", "file/below"})
    void anOutputFolderInWhosePlaceAFileStandsIsAFailureThatMarksNoRun(String where) throws IOException {
        bench.writeRuns(1, 1);
        Path file = Files.writeString(folder.resolve("file"), "mine");

        Result result = bench.transform("--to=" + folder.resolve(where));

        assertThat(result.code()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err())
                .containsPattern("(?m)^waybill: .*(a file is in the way|Not a directory)")
                .contains(file.toString())
                .doesNotContain("nothing to do");
        assertThat(file).hasContent("mine");
        assertThat(bench.states(bench.store)).isEmpty();
    }

    @Test
    void anOutputFolderThatMayNotBeWrittenIsAFailureThatMarksNoRun() throws IOException {
        bench.writeRuns(1, 1);
        Files.createDirectory(
                bench.output, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        assumeThat(Files.isWritable(bench.output)).as("root may write anywhere").isFalse();

        Result result = bench.transform();

        assertThat(result.code()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("access denied").contains(bench.output.toString());
        assertThat(bench.states(bench.store)).isEmpty();
    }

    @Test
    void whatWaybillDidNotPublishIsNeverReplaced() throws IOException {
        Map<String, List<String>> ids = bench.writeRuns(3, 1);
        Path mine = Files.createDirectories(bench.output.resolve(FIRST)).resolve("part-00000.ndjson");
        Files.writeString(mine, "{\"event_id\":\"mine\"}\n");
        Path file = Files.writeString(bench.output.resolve(SECOND), "a file of mine");

        Result result = bench.transform();

        assertThat(result.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(result.results())
                .containsExactly(
                        Map.entry(FIRST + "/", "FAILED"),
                        Map.entry(SECOND + "/", "FAILED"),
                        Map.entry(THIRD + "/", "PROCESSED"));
        assertThat(result.column("note").get(FIRST + "/"))
                .contains(mine.resolveSibling("").toString())
                .contains("was not published by waybill");
        assertThat(file).hasContent("a file of mine");
        Files.delete(file);
        ids.put(FIRST, List.of("mine"));
        ids.remove(SECOND);
        assertThat(bench.published()).isEqualTo(ids);
        assertThat(bench.workFolders()).isEmpty();
    }

    // Runs that cannot be read.

    @ParameterizedTest
    @ValueSource(strings = {"cut short", "no gzip", "damaged"})
    void aRunWithAFileThatCannotBeReadInFullFailsUntilItIsMended(String how) throws IOException {
        Map<String, List<String>> ids = bench.writeRuns(3, 2);
        Path broken = bench.archive.resolve(SECOND).resolve("part-00001.gz");
        byte[] whole = Files.readAllBytes(broken);
        Files.write(broken, broken(whole, how));

        Result result = bench.transform();

        assertThat(result.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(result.results())
                .containsExactly(
                        Map.entry(FIRST + "/", "PROCESSED"),
                        Map.entry(SECOND + "/", "FAILED"),
                        Map.entry(THIRD + "/", "PROCESSED"));
        assertThat(result.column("note").get(SECOND + "/"))
                .startsWith("part-00001.gz: " + broken)
                .doesNotContain("Exception");
        assertThat(result.err()).contains("2 runs processed (80 events, 0 bad rows), 1 failed");
        assertThat(bench.published()).containsOnlyKeys(FIRST, THIRD);
        assertThat(bench.workFolders()).isEmpty();
        assertThat(bench.states(bench.store)).containsEntry(SECOND + "/", "FAILED");

        Files.write(broken, whole);
        Result mended = bench.transform();
        assertThat(mended.code()).isZero();
        assertThat(mended.results()).containsExactly(Map.entry(SECOND + "/", "PROCESSED"));
        assertThat(bench.published()).isEqualTo(ids);
    }

    @Test
    void aFileThatMayNotBeReadFailsItsRun() throws IOException {
        bench.writeRuns(2, 1);
        Path secret = bench.archive.resolve(FIRST).resolve("part-00000.gz");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(secret)).as("root may read anything").isFalse();

        Result result = bench.transform();

        assertThat(result.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(result.results())
                .containsExactly(Map.entry(FIRST + "/", "FAILED"), Map.entry(SECOND + "/", "PROCESSED"));
        assertThat(result.column("note").get(FIRST + "/"))
                .startsWith("part-00000.gz: ")
                .contains("access denied");
    }

    @Test
    void aRunThatCannotBeLookedIntoIsToldAndKeepsNoOther() throws IOException {
        bench.writeRuns(2, 1);
        Files.createSymbolicLink(bench.archive.resolve(FIRST).resolve("lost.gz"), folder.resolve("nowhere"));

        Result result = bench.transform();

        assertThat(result.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(result.results())
                .containsExactly(Map.entry(FIRST + "/", "UNREADABLE"), Map.entry(SECOND + "/", "PROCESSED"));
        assertThat(result.column("note").get(FIRST + "/")).contains("lost.gz");
        assertThat(bench.states(bench.store)).containsOnlyKeys(SECOND + "/");
    }

    @Test
    void aRunThatFailsTooOftenNeedsARetry() throws IOException {
        bench.writeRuns(1, 1);
        Path broken = bench.archive.resolve(FIRST).resolve("part-00000.gz");
        byte[] whole = Files.readAllBytes(broken);
        Files.write(broken, Arrays.copyOf(whole, whole.length / 2));
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(bench.transform("--max-attempts=2").results()).containsExactly(Map.entry(FIRST + "/", "FAILED"));
        }
        Files.write(broken, whole);

        Result leftOut = bench.transform("--max-attempts=2");

        assertThat(leftOut.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(leftOut.results()).containsExactly(Map.entry(FIRST + "/", "FAILED BEFORE"));
        assertThat(leftOut.column("note").get(FIRST + "/"))
                .startsWith("2 attempts failed, 'waybill retry' allows more: part-00000.gz: ");
        assertThat(bench.published()).isEmpty();

        assertThat(bench.waybill("retry", FIRST).code()).isZero();
        assertThat(bench.transform("--max-attempts=2").results()).containsExactly(Map.entry(FIRST + "/", "PROCESSED"));
    }

    @Test
    void aFailedRunWaitsForItsTime() throws IOException {
        bench.writeRuns(1, 1);
        Path broken = bench.archive.resolve(FIRST).resolve("part-00000.gz");
        byte[] whole = Files.readAllBytes(broken);
        Files.writeString(broken, "no gzip");
        bench.transform("--retry-after=1h");
        Files.write(broken, whole);

        Result waiting = bench.transform();

        assertThat(waiting.code()).isZero();
        assertThat(waiting.results()).containsExactly(Map.entry(FIRST + "/", "WAITING"));
        assertThat(bench.published()).isEmpty();
    }

    // Lines that cannot be read.

    @Test
    void garbageIsBadRowsAndStopsNothing() throws IOException {
        byte[] garbage = new byte[200_000];
        new Random(2).nextBytes(garbage);
        garbage[0] = 0; // no gzip by chance
        Path file = bench.archive.resolve(FIRST).resolve("core.bin");
        Files.createDirectories(file.resolveSibling(""));
        Files.write(file, garbage);
        List<byte[]> events = bench.events(3);
        bench.write(FIRST + "/good.tsv", events);

        Result result = bench.transform();

        assertThat(result.code()).as(result.err()).isZero();
        long lines = lineCount(garbage);
        assertThat(sum(result, "bad_rows")).isEqualTo(lines);
        assertThat(sum(result, "events")).isEqualTo(3);
        assertThat(Workbench.lines(bench.output.resolve(FIRST).resolve("bad/part-00000.ndjson")))
                .hasSize((int) lines);
        assertThat(bench.published()).containsExactly(Map.entry(FIRST, idsOf(events)));
    }

    @Test
    void aLineOverTheLimitIsOneBadRow() throws IOException {
        List<byte[]> events = bench.events(2);
        Path file = bench.archive.resolve(FIRST).resolve("long.tsv");
        Files.createDirectories(file.resolveSibling(""));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write(events.get(0));
            out.write('\n');
            byte[] chunk = "x".repeat(1 << 20).getBytes(UTF_8);
            for (int i = 0; i < 20; i++) {
                out.write(chunk);
            }
            out.write('\n');
            out.write(events.get(1));
        }

        Result result = bench.transform();

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(bench.published()).containsExactly(Map.entry(FIRST, idsOf(events)));
        assertThat(Workbench.lines(bench.output.resolve(FIRST).resolve("bad/part-00000.ndjson")))
                .satisfiesExactly(row -> {
                    assertThat(row.get("line").asInt()).isEqualTo(2);
                    assertThat(row.get("errors").get(0).get("code").asText()).isEqualTo("LINE_TOO_LONG");
                });
    }

    @Test
    void anEmptyFileIsAnEmptyPart() throws IOException {
        bench.write(FIRST + "/a.tsv", List.of());
        bench.write(FIRST + "/b.gz", List.of());
        Result result = bench.transform();
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.results()).containsExactly(Map.entry(FIRST + "/", "PROCESSED"));
        assertThat(bench.output.resolve(FIRST).resolve("part-00000.ndjson")).isEmptyFile();
        assertThat(bench.output.resolve(FIRST).resolve("part-00001.ndjson")).isEmptyFile();
    }

    private static byte[] broken(byte[] whole, String how) {
        return switch (how) {
            case "cut short" -> Arrays.copyOf(whole, whole.length / 2);
            case "damaged" -> {
                byte[] damaged = whole.clone();
                damaged[whole.length - 6] ^= 1; // of the checksum
                yield damaged;
            }
            default -> "this is no gzip\n".getBytes(UTF_8);
        };
    }

    private static long lineCount(byte[] bytes) {
        long feeds = 0;
        for (byte b : bytes) {
            feeds += b == '\n' ? 1 : 0;
        }
        return feeds + (bytes[bytes.length - 1] == '\n' ? 0 : 1);
    }

    private static byte[] with(byte[] line, int column, String value) {
        String[] columns = new String(line, UTF_8).split("\t", -1);
        columns[column] = value;
        return String.join("\t", columns).getBytes(UTF_8);
    }

    private static List<String> idsOf(List<byte[]> lines) {
        return lines.stream().map(Workbench::eventId).toList();
    }

    private static List<String> ids(List<JsonNode> events) {
        return events.stream().map(event -> event.get("event_id").asText()).toList();
    }

    private static long sum(Result result, String column) throws IOException {
        return result.rows().stream()
                .mapToLong(row -> row.path(column).asLong())
                .sum();
    }
}
