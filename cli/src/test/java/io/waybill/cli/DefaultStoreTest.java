package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Call;
import io.waybill.cli.Workbench.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store that is used where none is named: who makes it, and what those say who only look. */
class DefaultStoreTest {

    @TempDir
    private Path folder;

    private Workbench bench;

    @BeforeEach
    void init() throws IOException {
        bench = new Workbench(folder);
        bench.writeRuns(2, 1);
    }

    @Test
    void whatReadsRecordsSaysThatThereAreNoneAndMakesNoStore() throws Exception {
        for (Result result : results(
                List.of("list"),
                List.of("status"),
                List.of("status", "--fail-on=failed,stuck,gaps,late"),
                List.of("verify", "archive"),
                List.of("report", "--html=page.html"),
                List.of("show", Workbench.run(0) + "/"),
                List.of("export"),
                List.of("copy", "--target=jdbc:h2:mem:target"),
                List.of("retry", "--last=7d", "--yes"),
                List.of("forget", Workbench.run(0) + "/"),
                List.of("release", Workbench.run(0) + "/"))) {
            assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.NOT_INITIALISED);
            assertThat(result.out()).isEmpty();
            assertThat(result.err())
                    .startsWith("waybill: ")
                    .contains(folder.toRealPath().resolve(".waybill").toString())
                    .contains("--store");
        }
        assertThat(Workbench.namesIn(folder)).doesNotContain(".waybill", "page.html");
    }

    @Test
    void whatLooksIntoAnArchiveFindsAllRunsNewAndMakesNoStore() throws Exception {
        for (Result result : results(
                List.of("pending", "archive", "--output=json"),
                List.of("transform", "archive", "--to=out", "--dry-run", "--output=json"),
                List.of("run", "archive", "--dry-run", "--output=json", "--", "true"),
                List.of("mark", "--archive=archive", "--before=2026-04-01", "--dry-run", "--output=json"))) {
            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.rows()).hasSize(2);
            assertThat(result.err())
                    .contains(folder.toRealPath().resolve(".waybill").toString());
        }
        assertThat(Workbench.namesIn(folder)).doesNotContain(".waybill");
    }

    @Test
    void aDryRunOfAnImportMakesNone() throws Exception {
        Files.writeString(
                folder.resolve("backup"),
                "{\"run\":\"a\",\"version\":1,\"state\":\"NEW\",\"owner\":\"\",\"token\":\"t\","
                        + "\"at\":\"2026-01-01T00:00:00Z\",\"lease_ms\":0,\"failures\":0,\"details\":{}}\n");
        Result result = bench.start("import", "backup", "--dry-run").end();
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("WOULD WRITE");
        assertThat(Workbench.namesIn(folder)).doesNotContain(".waybill");
    }

    @Test
    void whatWritesTheFirstRecordMakesItAndSaysSo() throws Exception {
        Result first = bench.start("mark", Workbench.run(0) + "/").end();
        assertThat(first.code()).isZero();
        assertThat(first.err())
                .contains(
                        "a new manifest, without a run: " + folder.toRealPath().resolve(".waybill"));
        Result second = bench.start("transform", "archive", "--to=out").end();
        assertThat(second.code()).isZero();
        assertThat(second.err()).doesNotContain("a new manifest");
        assertThat(bench.states(bench.defaultStore()))
                .isEqualTo(Map.of(Workbench.run(0) + "/", "PROCESSED", Workbench.run(1) + "/", "PROCESSED"));
    }

    @SafeVarargs
    private List<Result> results(List<String>... commands) throws IOException, InterruptedException {
        List<Call> calls = new ArrayList<>();
        for (List<String> command : commands) {
            calls.add(bench.start(command.toArray(String[]::new)));
        }
        List<Result> results = new ArrayList<>();
        for (Call call : calls) {
            results.add(call.end());
        }
        return results;
    }
}
