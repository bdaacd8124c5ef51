package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.archive.StubS3;
import io.waybill.cli.Workbench.Call;
import io.waybill.cli.Workbench.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command on an archive in S3, which the SDK finds by its own environment. */
@Timeout(300)
class S3ArchiveTest {

    private static final String ROOT = "enriched/archive/";
    private static final String ARCHIVE = "s3://bucket/" + ROOT;

    @TempDir
    private Path folder;

    private final StubS3 s3 = stub();

    private static StubS3 stub() {
        try {
            return new StubS3();
        } catch (IOException e) {
            throw new AssertionError("no server could be started", e);
        }
    }

    @BeforeEach
    void forget() {
        s3.forgetRequests();
    }

    @AfterEach
    void stop() {
        s3.close();
    }

    @Test
    void aTransformTakesEachRunOnceAndKeepsItsFingerprint() throws Exception {
        Workbench bench = new Workbench(folder);
        Map<String, List<String>> input = upload(bench, 3);
        s3.put(ROOT + "run=2026-02-01-00-00-00/part-0", new byte[1], "GLACIER", null);
        s3.put(ROOT + "run=2026-02-02-00-00-00/", new byte[0]);
        s3.put(ROOT + "run=2012-13-11-01-11-33/part-0", new byte[1]);
        s3.breakAfter("GET ", 4, 700);

        Result first = waybill(bench, "transform", "s3a://bucket/enriched/archive", "--to=out", "--output=json");
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.results().values().stream().collect(Collectors.groupingBy(r -> r, Collectors.counting())))
                .isEqualTo(Map.of("PROCESSED", 3L, "ARCHIVED", 1L, "EMPTY", 1L, "FOREIGN", 1L));
        assertThat(bench.published()).isEqualTo(input);

        Result list = waybill(bench, "list", "--output=json");
        assertThat(list.column("run"))
                .hasSize(3)
                .allSatisfy((run, id) -> assertThat(id).startsWith(ROOT + "run="));
        assertThat(list.out()).contains("digest=").contains(ARCHIVE);

        s3.forgetRequests();
        Result second = waybill(bench, "transform", ARCHIVE, "--to=out", "--output=json");
        assertThat(second.err())
                .contains("nothing to do")
                .contains("3 PROCESSED before")
                .doesNotContain("another archive");
        assertThat(s3.requests())
                .as("a page, and a look into each run that is pending")
                .hasSize(4);
    }

    @Test
    void pendingTellsWhatIsReadyAndListsNoMoreThanWasAskedFor() throws Exception {
        Workbench bench = new Workbench(folder);
        upload(bench, 30);
        Result pending = waybill(
                bench, "pending", ARCHIVE, "--since=2026-03-02", "--until=2026-03-02T02:00:00Z", "--output=json");
        assertThat(pending.code()).as(pending.err()).isZero();
        assertThat(pending.column("status"))
                .isEqualTo(Map.of(ROOT + Workbench.run(24) + "/", "READY", ROOT + Workbench.run(25) + "/", "READY"));
        assertThat(s3.requests()).hasSize(3);
    }

    @Test
    void whatGoesWrongIsOneLine() throws Exception {
        Workbench bench = new Workbench(folder);
        upload(bench, 1);
        s3.fail("LIST", 1, 403, "AccessDenied");
        Result denied = waybill(bench, "pending", ARCHIVE);
        assertThat(denied.code()).isEqualTo(ExitCode.ACCESS_DENIED);
        assertThat(denied.err())
                .isEqualToIgnoringNewLines(
                        "waybill: " + ARCHIVE + ": access was refused: status 403, AccessDenied: told by the stub");
        Result nowhere = waybill(bench, "pending", "s3://nowhere/");
        assertThat(nowhere.code()).isEqualTo(ExitCode.FAILED);
        assertThat(nowhere.err()).isEqualToIgnoringNewLines("waybill: s3://nowhere/: there is no such bucket");
        assertThat(Workbench.call("transform", ARCHIVE, "--to=s3://bucket/out").err())
                .isEqualToIgnoringNewLines(
                        "waybill: --to is 's3:/bucket/out', want a local folder: S3 is not written to yet");
        assertThat(Workbench.call("pending", ARCHIVE, "--since=tomorrow").err())
                .startsWith("waybill: --since is 'tomorrow', want for example 2026-03-01, ");
    }

    /** Writes runs as the workbench does, and uploads them; tells the ids of each run's events. */
    private Map<String, List<String>> upload(Workbench bench, int runs) throws IOException {
        Map<String, List<String>> input = bench.writeRuns(runs, 2);
        try (Stream<Path> files = Files.walk(bench.archive)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                s3.put(ROOT + bench.archive.relativize(file), Files.readAllBytes(file));
            }
        }
        return input;
    }

    private Result waybill(Workbench bench, String... arguments) throws Exception {
        List<String> launcher = new ArrayList<>(List.of(
                "env",
                "AWS_ENDPOINT_URL_S3=" + s3.endpoint(),
                "AWS_REGION=eu-west-1",
                "AWS_ACCESS_KEY_ID=id",
                "AWS_SECRET_ACCESS_KEY=secret"));
        Call call = bench.start(launcher, List.of(), arguments);
        return call.end();
    }
}
