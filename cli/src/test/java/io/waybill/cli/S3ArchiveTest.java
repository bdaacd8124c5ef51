package io.waybill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.waybill.archive.StubS3;
import io.waybill.cli.Workbench.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command on an archive in S3, which the SDK finds by its own environment. */
@Timeout(300)
class S3ArchiveTest {

    private static final String ROOT = S3Workbench.ROOT;
    private static final String ARCHIVE = S3Workbench.ARCHIVE;

    @TempDir
    private Path folder;

    private S3Workbench work;
    private Workbench bench;
    private StubS3 s3;

    @BeforeEach
    void open() throws IOException {
        work = new S3Workbench(folder);
        bench = work.bench;
        s3 = work.s3;
    }

    @AfterEach
    void close() {
        work.close();
    }

    @Test
    void aTransformTakesEachRunOnceAndKeepsItsFingerprint() throws Exception {
        Map<String, List<String>> input = work.upload(3, 2);
        s3.put(ROOT + "run=2026-02-01-00-00-00/part-0", new byte[1], "GLACIER", null);
        s3.put(ROOT + "run=2026-02-02-00-00-00/", new byte[0]);
        s3.put(ROOT + "run=2012-13-11-01-11-33/part-0", new byte[1]);
        s3.breakAfter("GET ", 4, 700);

        Result first = work.waybill("transform", "s3a://bucket/enriched/archive", "--to=out", "--output=json");
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.results().values().stream().collect(Collectors.groupingBy(r -> r, Collectors.counting())))
                .isEqualTo(Map.of("PROCESSED", 3L, "ARCHIVED", 1L, "EMPTY", 1L, "FOREIGN", 1L));
        assertThat(bench.published()).isEqualTo(input);

        Result list = work.waybill("list", "--output=json");
        assertThat(list.column("run"))
                .hasSize(3)
                .allSatisfy((run, id) -> assertThat(id).startsWith(ROOT + "run="));
        assertThat(list.out()).contains("digest=").contains(ARCHIVE);

        s3.forgetRequests();
        Result second = work.waybill("transform", ARCHIVE, "--to=out", "--output=json");
        assertThat(second.err())
                .contains("nothing to do")
                .contains("3 PROCESSED before")
                .doesNotContain("another archive");
        assertThat(s3.requests())
                .as("a page, and a look into each run that is pending")
                .hasSize(4);
    }

    @Test
    void whateverIsWrongWithARunIsToldAndKeepsNoOtherFromBeingProcessed() throws Exception {
        byte[] events = Files.readAllBytes(bench.write("part-0.gz", bench.events(5)));
        String restored = "ongoing-request=\"false\", expiry-date=\"Fri, 01 Jan 2037 00:00:00 GMT\"";
        s3.put("run=2026-04-01-00-00-00/", new byte[0]);
        s3.put("run=2026-04-01-01-00-00/_SUCCESS", new byte[0]);
        s3.put("run=2026-04-01-02-00-00/a", events, "GLACIER", null).put("run=2026-04-01-02-00-00/b", events);
        s3.put("run=2026-04-01-03-00-00/a", events).put("run=2026-04-01-03-00-00/b", events, "DEEP_ARCHIVE", null);
        s3.put("run=2026-04-01-04-00-00/a", events, "GLACIER", restored);
        s3.put("run=2026-04-01-05-00-00/a", events).put("run=2026-04-01-05-00-00/b", events);
        s3.before("GET run=2026-04-01-05", () -> s3.delete("run=2026-04-01-05-00-00/b"));
        s3.put("run=2026-04-01-06-00-00/a", events);
        s3.before("LIST prefix=run=2026-04-01-06", () -> s3.delete("run=2026-04-01-06-00-00/a"));
        s3.put("run=2026-04-01-07-00-00-replay 2/a", events);
        s3.put("run=2026-04-01-08-00-00/sub/part 0+%é.gz", events);
        s3.put("run=2026-04-01-09-00-00/a.tmp", events);
        s3.put("run=2026-04-01-10-00-00/a", events);
        s3.fail("GET run=2026-04-01-10", 1, 403, "AccessDenied");
        s3.put("run=2012-13-11-01-11-33/a", events).put("old/run=2026-04-01-00-00-00/a", events);
        s3.put("notes.txt", events);

        Result result = work.waybill("transform", "s3://bucket", "--to=out", "--threads=1", "--output=json");

        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        Map<String, String> notes = result.column("note");
        Map<String, String> told = new TreeMap<>();
        result.results().forEach((run, what) -> told.put(run, what + " " + notes.get(run)));
        assertThat(told)
                .containsOnly(
                        entry("notes.txt", "FOREIGN not a folder"),
                        entry("old/", "FOREIGN does not match the layout run=uuuu-MM-dd-HH-mm-ss"),
                        entry(
                                "run=2012-13-11-01-11-33/",
                                "FOREIGN names no real time: Invalid value for MonthOfYear (valid values 1 - 12): 13"),
                        entry("run=2026-04-01-00-00-00/", "EMPTY no input files"),
                        entry("run=2026-04-01-01-00-00/", "EMPTY no input files, left out by name: '_SUCCESS'"),
                        entry("run=2026-04-01-02-00-00/", "ARCHIVED 'a' is archived and not restored"),
                        entry("run=2026-04-01-03-00-00/", "ARCHIVED 'b' is archived and not restored"),
                        entry("run=2026-04-01-04-00-00/", "PROCESSED "),
                        entry(
                                "run=2026-04-01-05-00-00/",
                                "FAILED b: s3://bucket/run=2026-04-01-05-00-00/b: is not there (any more)"),
                        entry(
                                "run=2026-04-01-06-00-00/",
                                "UNREADABLE s3://bucket/run=2026-04-01-06-00-00/: the folder of run"
                                        + " run=2026-04-01-06-00-00/ is not there (any more)"),
                        entry("run=2026-04-01-07-00-00-replay 2/", "PROCESSED "),
                        entry("run=2026-04-01-08-00-00/", "PROCESSED "),
                        entry("run=2026-04-01-09-00-00/", "NOT_READY still being written: 'a.tmp' is a temporary name"),
                        entry(
                                "run=2026-04-01-10-00-00/",
                                "FAILED a: s3://bucket/run=2026-04-01-10-00-00/a: access was refused: status 403,"
                                        + " AccessDenied: told by the stub"));
        assertThat(bench.published().keySet())
                .containsExactly(
                        "run=2026-04-01-04-00-00", "run=2026-04-01-07-00-00-replay 2", "run=2026-04-01-08-00-00");
    }

    @Test
    void aTransformIntoS3PublishesEachRunUnderItsFence() throws Exception {
        Map<String, List<String>> input = work.upload(2, 2);
        s3.put(ROOT + Workbench.run(1) + "/part-00009", "no event\n".getBytes(UTF_8));

        Result first = work.waybill(
                "transform", ARCHIVE, "--to=S3A://bucket/json", "--compress=gzip", "--threads=2", "--output=json");

        assertThat(first.code()).as(first.err()).isZero();
        assertThat(work.published()).isEqualTo(input);
        String second = "json/" + Workbench.run(1);
        assertThat(s3.keys(second))
                .containsExactly(
                        second + "/_SUCCESS",
                        second + "/fence=1/bad/part-00002.ndjson.gz",
                        second + "/fence=1/part-00000.ndjson.gz",
                        second + "/fence=1/part-00001.ndjson.gz",
                        second + "/fence=1/part-00002.ndjson.gz");
        assertThat(Workbench.lines("bad.gz", s3.bytes(second + "/fence=1/bad/part-00002.ndjson.gz")))
                .hasSize(1);
        assertThat(s3.uploads()).isEmpty();
        assertThat(work.waybill("list", "--output=json").out())
                .contains(" output=s3://bucket/" + second + "/fence=1/ took_ms=");

        Result again = work.waybill("transform", ARCHIVE, "--to=" + S3Workbench.OUTPUT);
        assertThat(again.err()).contains("nothing to do").doesNotContain("warning");
        Result elsewhere = work.waybill("transform", ARCHIVE, "--to=s3://bucket/other/", "--dry-run");
        assertThat(elsewhere.err()).contains("warning: 2 of these runs were processed from another archive or into");

        assertThat(work.waybill("forget", ROOT + Workbench.run(1) + "/").code()).isZero();
        assertThat(work.waybill("transform", ARCHIVE, "--to=" + S3Workbench.OUTPUT)
                        .code())
                .isZero();
        assertThat(work.published()).isEqualTo(input);
        assertThat(s3.keys(second + "/fence=")).hasSize(4).noneMatch(key -> key.contains("/fence=1/"));
    }

    @Test
    void verifyLooksAtTheOutputInS3Too() throws Exception {
        work.upload(6, 1);
        work.waybill("transform", ARCHIVE, "--to=" + S3Workbench.OUTPUT);
        Result good = work.waybill("verify", ARCHIVE);
        assertThat(good.code()).as(good.err()).isZero();
        assertThat(good.err()).contains("6 runs verified, 0 findings").doesNotContain("not looked at");

        s3.delete("json/" + Workbench.run(0) + "/_SUCCESS");
        s3.delete("json/" + Workbench.run(1) + "/fence=1/part-00000.ndjson");
        String marker = new String(s3.bytes("json/" + Workbench.run(2) + "/_SUCCESS"), UTF_8);
        s3.put(
                "json/" + Workbench.run(2) + "/_SUCCESS",
                marker.replace("=1/", "=9/").replace(":1,", ":9,").getBytes(UTF_8));
        s3.put("json/" + Workbench.run(2) + "/fence=9/part-00000.ndjson", new byte[1]);
        work.waybill("forget", ROOT + Workbench.run(3) + "/");
        s3.fail("GET json/" + Workbench.run(4), 1, 403, "AccessDenied");

        Result result = work.waybill("verify", ARCHIVE, "--output=json");
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FINDINGS);
        assertThat(result.column("finding"))
                .isEqualTo(Map.of(
                        ROOT + Workbench.run(0) + "/", "OUTPUT MISSING",
                        ROOT + Workbench.run(1) + "/", "OUTPUT MISSING",
                        ROOT + Workbench.run(2) + "/", "OUTPUT MISSING",
                        ROOT + Workbench.run(3) + "/", "ORPHANED",
                        ROOT + Workbench.run(4) + "/", "UNREADABLE"));
        assertThat(result.column("note").get(ROOT + Workbench.run(2) + "/"))
                .contains("fence=9/ is what _SUCCESS names, and not ")
                .contains("waybill forget");
    }

    @Test
    void anOutputThatCannotBeWrittenFailsTheRunAndSaysWhy() throws Exception {
        work.upload(3, 1);
        s3.put("json/" + Workbench.run(0) + "/_SUCCESS", new byte[0]);
        s3.fail("BEGIN json/" + Workbench.run(1), 1, 403, "AccessDenied");

        Result result = work.waybill("transform", ARCHIVE, "--to=" + S3Workbench.OUTPUT, "--output=json");

        assertThat(result.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(result.column("note"))
                .satisfies(notes -> assertThat(notes.get(ROOT + Workbench.run(0) + "/"))
                        .contains("_SUCCESS is there already and was not written by waybill"))
                .satisfies(notes -> assertThat(notes.get(ROOT + Workbench.run(1) + "/"))
                        .contains("access was refused: status 403, AccessDenied"));
        assertThat(result.results()).containsEntry(ROOT + Workbench.run(2) + "/", "PROCESSED");
        assertThat(s3.uploads()).isEmpty();
        assertThat(work.waybill("transform", ARCHIVE, "--to=s3n://bucket/enriched/archive/json")
                        .err())
                .isEqualToIgnoringNewLines("waybill: the output s3://bucket/enriched/archive/json/ lies in the archive "
                        + ARCHIVE + ", want one outside");
    }

    @Test
    void pendingTellsWhatIsReadyAndListsNoMoreThanWasAskedFor() throws Exception {
        work.upload(30, 2);
        Result pending =
                work.waybill("pending", ARCHIVE, "--since=2026-03-02", "--until=2026-03-02T02:00:00Z", "--output=json");
        assertThat(pending.code()).as(pending.err()).isZero();
        assertThat(pending.column("status"))
                .isEqualTo(Map.of(ROOT + Workbench.run(24) + "/", "READY", ROOT + Workbench.run(25) + "/", "READY"));
        assertThat(s3.requests()).hasSize(3);
    }

    @Test
    void whatGoesWrongIsOneLine() throws Exception {
        work.upload(1, 2);
        assertThat(work.waybill("init").code()).isZero(); // or another line would say that there is no store
        s3.fail("LIST", 1, 403, "AccessDenied");
        Result denied = work.waybill("pending", ARCHIVE);
        assertThat(denied.code()).isEqualTo(ExitCode.ACCESS_DENIED);
        assertThat(denied.err())
                .isEqualToIgnoringNewLines(
                        "waybill: " + ARCHIVE + ": access was refused: status 403, AccessDenied: told by the stub");
        Result nowhere = work.waybill("pending", "s3://nowhere/");
        assertThat(nowhere.code()).isEqualTo(ExitCode.FAILED);
        assertThat(nowhere.err()).isEqualToIgnoringNewLines("waybill: s3://nowhere/: there is no such bucket");
        assertThat(bench.waybill("pending", ARCHIVE, "--since=tomorrow").err())
                .startsWith("waybill: --since is 'tomorrow', want for example 2026-03-01, ");
    }
}
