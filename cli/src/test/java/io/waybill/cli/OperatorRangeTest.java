package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.cli.Workbench.Call;
import io.waybill.cli.Workbench.Result;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator's words on ranges of runs, on runs that others hold, and the answers that they ask for. */
class OperatorRangeTest {

    private static final String FIRST = Workbench.run(0) + "/";
    private static final String SECOND = Workbench.run(1) + "/";

    @TempDir
    private Path folder;

    private Workbench bench;

    @BeforeEach
    void init() throws IOException {
        bench = Workbench.initialised(folder);
    }

    @ParameterizedTest
    @CsvSource({
        "--since=2026-03-01T02:00:00Z,                           2 3",
        "--since=2026-03-01T02:00:00Z --from=2026-03-01T03:00:00Z, 3",
        "--from=2026-03-01T02:00:00Z,                            2 3",
        "--from=run=2026-03-01-02-00-00/,                        2 3",
        "--to=2026-03-01T01:00:00Z,                              0 1",
        "--to=2026-03-01,                                        0 1 2 3",
        "--before=2026-03-01T01:00:00Z,                          0",
        "--until=2026-03-01T01:00:00Z,                           0",
        "--until=2026-03-01T03:00:00Z --to=2026-03-01T01:00:00Z, 0 1",
        "--from=2026-03-01T01:00:00Z --before=run=2026-03-01-03-00-00, 1 2",
        "--before=2026-03-01,                                    ''",
        "--last=1h,                                              ''",
        "--last=36500d,                                          0 1 2 3"
    })
    void aRangeHoldsTheRunsThatStartedInIt(String range, String runs) throws IOException {
        String store = "--store=jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID());
        bench.waybill("init", store);
        bench.waybill(
                "mark",
                "--yes",
                store,
                FIRST,
                SECOND,
                Workbench.run(2) + "/",
                Workbench.run(3) + "/",
                "a name without a time");
        List<String> expected = runs.isEmpty()
                ? List.of()
                : Stream.of(runs.split(" ", -1))
                        .map(number -> Workbench.run(Integer.parseInt(number)) + "/")
                        .toList();
        String[] options = (range + " " + store).split(" ", -1);
        assertThat(listed(options)).containsExactlyElementsOf(expected);

        Result dry = bench.waybill("forget", with(options, "--dry-run", "--output=json"));
        assertThat(dry.code()).isZero();
        assertThat(dry.column("result"))
                .hasSize(expected.size())
                .allSatisfy((run, result) -> assertThat(result).isEqualTo("WOULD CHANGE"));
        assertThat(bench.waybill("forget", with(options, "--yes")).code()).isZero();
        assertThat(listed(store, "--state=new")).containsExactlyElementsOf(expected);
    }

    @Test
    void aRangeThatIsNoneIsWrongUsage() {
        assertThat(bench.waybill("list", "--from=yesterday").code()).isEqualTo(ExitCode.USAGE);
        assertThat(bench.waybill("list", "--from=yesterday").err()).contains("--from is 'yesterday', want for example");
        assertThat(bench.waybill("retry", "--last=7d", FIRST).code()).isEqualTo(ExitCode.USAGE);
        Result turned = bench.waybill("list", "--since=2026-03-02", "--until=2026-03-01");
        assertThat(turned.code()).isEqualTo(ExitCode.USAGE);
        assertThat(turned.err()).contains("from 2026-03-02T00:00:00Z on and before 2026-03-01T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list",
                "status",
                "report",
                "pending",
                "transform",
                "run",
                "verify",
                "export",
                "copy",
                "mark",
                "retry",
                "forget",
                "release"
            })
    void everyCommandThatNamesRunsHasTheSameWordsForARange(String command) {
        String help = Workbench.call(command, "--help").out();
        assertThat(help).contains("--since=WHEN", "--until=WHEN", "--before=WHEN", "--last=TIME");
        if (command.equals("transform")) { // of which --to is the output
            assertThat(help).contains("--to=PLACE").doesNotContain("--from");
        } else {
            assertThat(help).contains("--from=WHEN", "--to=WHEN");
        }
    }

    @Test
    void theCommandsOnAnArchiveKeepToTheRange() throws IOException {
        bench.writeRuns(4, 1);
        String archive = bench.archive.toString();
        assertThat(bench.waybill("pending", archive, "--to=2026-03-01T01:00:00Z", "--output=json")
                        .column("status"))
                .containsOnlyKeys(FIRST, SECOND);
        assertThat(bench.transform("--before=2026-03-01T01:00:00Z").results()).containsOnlyKeys(FIRST);
        assertThat(bench.transform("--last=1h").results()).isEmpty();
        assertThat(bench.waybill(
                                "run",
                                archive,
                                "--from=run=2026-03-01-01-00-00",
                                "--before=2026-03-01T02:00:00Z",
                                "--output=json",
                                "--",
                                "true")
                        .results())
                .containsOnlyKeys(SECOND);
        assertThat(bench.waybill("verify", archive, "--from=2026-03-01T01:00:00Z")
                        .err())
                .contains("1 run verified");
    }

    @Test
    void withAnArchiveARangeHoldsAlsoRunsThatNobodyKnowsYet() throws IOException {
        bench.writeRuns(4, 1);
        Result marked = bench.waybill(
                "mark",
                "--as=skipped",
                "--why=before our time",
                "--before=2026-03-01T02:00:00Z",
                "--archive=" + bench.archive,
                "--yes",
                "--output=json");
        assertThat(marked.code()).as(marked.err()).isZero();
        assertThat(marked.column("is")).isEqualTo(Map.of(FIRST, "SKIPPED", SECOND, "SKIPPED"));
        assertThat(bench.transform().results()).hasSize(2);
    }

    @Test
    void aScriptSaysBeforehandThatItMeansARange() throws IOException {
        bench.writeRuns(2, 1);
        bench.transform();
        Result refused = bench.waybill("forget", "--last=36500d");
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err())
                .contains("2 runs would be made NEW")
                .contains("--dry-run")
                .contains("--yes");
        assertThat(listed("--state=processed")).hasSize(2);
        assertThat(bench.waybill("retry", "--last=36500d").code())
                .as("that does no harm")
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"y, 0, NEW", "n, 1, PROCESSED", "'', 1, PROCESSED"})
    void onATerminalOneIsAsked(String answer, int code, String state) throws Exception {
        bench.writeRuns(1, 1);
        bench.transform();
        Call call = bench.start(
                List.of(),
                List.of("-Dwaybill.interactive=true"),
                "forget",
                "--from=2026-03-01",
                "--store=" + bench.store);
        try (OutputStream keys = call.process().getOutputStream()) {
            keys.write((answer + "\n").getBytes(StandardCharsets.UTF_8));
        }
        Result result = call.end();
        assertThat(result.err()).contains("Make 1 run NEW? [y/N]");
        assertThat(result.code()).isEqualTo(code);
        assertThat(bench.states(bench.store)).isEqualTo(Map.of(FIRST, state));
    }

    @ParameterizedTest
    @CsvSource({"mark, PROCESSED", "forget, NEW", "release, NEW"})
    void aRunThatAnotherHoldsIsTakenAwayOnlyWhenThatIsMeant(String command, String state) throws IOException {
        try (RunManifestStore store = RunManifestStores.open(bench.store)) {
            RunManifest worker = RunManifest.builder(store).owner("nightly").build();
            claim(worker, Duration.ofHours(1));
            Result refused = bench.waybill(command, FIRST);
            assertThat(refused.code()).isEqualTo(ExitCode.HELD);
            assertThat(refused.err())
                    .contains(FIRST + " is held by nightly until")
                    .contains("--yes");
            assertThat(bench.states(bench.store)).isEqualTo(Map.of(FIRST, "PROCESSING"));

            Result meant = bench.waybill(command, "--yes", FIRST);
            assertThat(meant.code()).isZero();
            assertThat(meant.err()).contains("PROCESSING -> " + state);
            assertThat(bench.states(bench.store)).isEqualTo(Map.of(FIRST, state));
        }
    }

    @Test
    void releaseGivesBackWhatNobodyHoldsAnyMoreAndLeavesTheRest() throws IOException {
        try (RunManifestStore store = RunManifestStores.open(bench.store)) {
            RunManifest worker = RunManifest.over(store);
            claim(worker, Duration.ofMillis(1));
            while (store.find(new RunId(FIRST)).orElseThrow().isHeldAt(store.now())) {
                Thread.onSpinWait();
            }
            bench.waybill("mark", SECOND);
            assertThat(bench.waybill("release", FIRST, SECOND).err().lines())
                    .containsExactly(FIRST + " PROCESSING -> NEW", SECOND + " stays PROCESSED");
            assertThat(bench.waybill("release", "--last=36500d", "--yes").err())
                    .contains("no run in this range needs it");
            Instant now = store.now();
            assertThat(store.find(new RunId(FIRST)).orElseThrow().isClaimableAt(now))
                    .isTrue();
        }
    }

    @Test
    void showTellsAllOfARunAndWhatCanBeDone() throws IOException {
        bench.writeRuns(1, 1);
        bench.transform();
        JsonNode processed =
                bench.waybill("show", "--output=json", Workbench.run(0)).rows().get(0);
        assertThat(processed.get("run").asText()).isEqualTo(FIRST);
        assertThat(processed.get("state").asText()).isEqualTo("PROCESSED");
        assertThat(processed.get("version").asInt()).isEqualTo(3);
        assertThat(processed.get("details.events").asText()).isEqualTo("20");
        assertThat(processed.get("next").asText()).contains("waybill forget");
        assertThat(bench.waybill("show", FIRST).out().lines())
                .anySatisfy(line -> assertThat(line).matches("state +PROCESSED"))
                .noneSatisfy(line -> assertThat(line).startsWith("retry_at"));

        Result unknown = bench.waybill("show", SECOND);
        assertThat(unknown.code()).isZero();
        assertThat(unknown.out()).contains("NEW").contains("nothing is known of it");
        try (RunManifestStore store = RunManifestStores.open(bench.store)) {
            RunManifest worker = RunManifest.builder(store).maxAttempts(1).build();
            ClaimResult.Granted claim = (ClaimResult.Granted) worker.claim(new RunId(SECOND), Duration.ofHours(1));
            assertThat(bench.waybill("show", SECOND).out()).contains("until").contains("waybill release");
            worker.fail(claim.claim(), new IOException("no space left"), Duration.ZERO);
            assertThat(bench.waybill("show", SECOND).out())
                    .contains("no space left")
                    .contains("waybill retry");
        }
    }

    @Test
    void completionIsAScriptThatShellsUnderstand() throws Exception {
        Result script = Workbench.call("completion");
        assertThat(script.code()).isZero();
        Process bash = new ProcessBuilder("bash", "-c", "source /dev/stdin && complete -p waybill")
                .redirectErrorStream(true)
                .start();
        try (OutputStream words = bash.getOutputStream()) {
            words.write(script.out().getBytes(StandardCharsets.UTF_8));
        }
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("waybill");
        assertThat(bash.waitFor()).isZero();
        assertThat(script.out()).contains("transform").contains("--ready-marker");
    }

    private static void claim(RunManifest worker, Duration lease) {
        assertThat(worker.claim(new RunId(FIRST), lease)).isInstanceOf(ClaimResult.Granted.class);
    }

    private Iterable<String> listed(String... options) throws IOException {
        return bench.waybill("list", with(options, "--output=json")).rows().stream()
                .map(row -> row.get("run").asText())
                .toList();
    }

    private static String[] with(String[] some, String... others) {
        return IntStream.range(0, some.length + others.length)
                .mapToObj(i -> i < some.length ? some[i] : others[i - some.length])
                .toArray(String[]::new);
    }
}
