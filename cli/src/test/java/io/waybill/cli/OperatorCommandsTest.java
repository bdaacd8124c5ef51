package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.cli.Workbench.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands beside the transform: mark, retry, list, status, pending. */
class OperatorCommandsTest {

    private static final String FIRST = Workbench.run(0) + "/";
    private static final String SECOND = Workbench.run(1) + "/";
    private static final String THIRD = Workbench.run(2) + "/";

    @TempDir
    private Path folder;

    private Workbench bench;

    @BeforeEach
    void init() throws IOException {
        bench = Workbench.initialised(folder);
    }

    // mark

    @Test
    void markRecordsRunsAsProcessedAndATransformLeavesThemOut() throws IOException {
        bench.writeRuns(3, 1);

        Result marked = bench.waybill("mark", FIRST, SECOND);

        assertThat(marked.code()).isZero();
        assertThat(marked.out()).isEmpty();
        assertThat(marked.err().lines()).containsExactly(FIRST + " NEW -> PROCESSED", SECOND + " NEW -> PROCESSED");
        assertThat(bench.transform().results()).containsExactly(Map.entry(THIRD, "PROCESSED"));
        assertThat(bench.waybill("mark", FIRST).err().lines()).containsExactly(FIRST + " stays PROCESSED");
    }

    @Test
    void aRunWithARecordIsKnownWithoutItsSlashToo() throws IOException {
        fail(FIRST);
        assertThat(bench.waybill("retry", Workbench.run(0)).err().lines()).containsExactly(FIRST + " FAILED -> NEW");
        assertThat(bench.states(bench.store)).containsExactly(Map.entry(FIRST, "NEW"));
    }

    @Test
    void markAsSkippedKeepsTheReason() throws IOException {
        bench.writeRuns(1, 1);
        assertThat(bench.waybill("mark", "--as=skipped", "--why=a test run", FIRST)
                        .err()
                        .lines())
                .containsExactly(FIRST + " NEW -> SKIPPED");
        assertThat(bench.states(bench.store)).containsExactly(Map.entry(FIRST, "SKIPPED"));
        assertThat(bench.waybill("list").out()).contains("reason=a test run");
        Result nothing = bench.transform();
        assertThat(nothing.rows()).isEmpty();
        assertThat(nothing.err()).contains("nothing to do").contains("1 SKIPPED before");
    }

    @Test
    void aDryRunOfAnOperatorsWordChangesNothing() throws IOException {
        fail(FIRST);
        Map<String, String> before = bench.states(bench.store);
        assertThat(bench.waybill("mark", "--dry-run", FIRST, SECOND).err().lines())
                .containsExactly(
                        FIRST + " is FAILED, would be made PROCESSED where that applies",
                        SECOND + " is NEW, would be made PROCESSED where that applies");
        assertThat(bench.waybill("retry", "--dry-run", FIRST).code()).isZero();
        assertThat(bench.states(bench.store)).isEqualTo(before).containsExactly(Map.entry(FIRST, "FAILED"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mark", "retry"})
    void oneNameThatIsNoneKeepsAllRunsAsTheyAre(String command) throws IOException {
        fail(FIRST);
        Result result = bench.waybill(command, FIRST, "a\nb");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).startsWith("waybill: ").contains("cannot hold U+000A");
        assertThat(bench.states(bench.store)).containsExactly(Map.entry(FIRST, "FAILED"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mark", "retry"})
    void anOperatorsWordNeedsARun(String command) {
        Result result = bench.waybill(command);
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("Missing required parameter: 'RUN'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run=2026-03-01-00-00-00", "foo", "a b"})
    void aNameWithoutASlashThatNobodyKnowsIsNotMarkedUnlessItIsMeant(String slip) throws IOException {
        bench.writeRuns(1, 1);
        for (String option : List.of("--as=skipped", "--dry-run")) {
            Result refused = bench.waybill("mark", option, SECOND, slip);
            assertThat(refused.code()).as(option).isEqualTo(ExitCode.USAGE);
            assertThat(refused.err())
                    .startsWith("waybill: nothing was changed, as no run '%s' is known".formatted(slip))
                    .contains("want '%s/'".formatted(slip))
                    .contains("--yes");
        }
        assertThat(bench.states(bench.store))
                .as("the others are not marked either")
                .isEmpty();

        assertThat(bench.waybill("mark", "--yes", slip).err()).contains(slip + " NEW -> PROCESSED");
        assertThat(bench.waybill("mark", "--as=skipped", slip).code())
                .as("now it is known")
                .isZero();
    }

    @Test
    void aRunThatIsKnownIsMarkedWithoutItsSlash() throws IOException {
        fail(FIRST);
        assertThat(bench.waybill("mark", Workbench.run(0)).err().lines())
                .containsExactly(FIRST + " FAILED -> PROCESSED");
        assertThat(bench.states(bench.store)).containsExactly(Map.entry(FIRST, "PROCESSED"));
    }

    @Test
    void markKnowsNoOtherState() {
        Result result = bench.waybill("mark", "--as=failed", FIRST);
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("PROCESSED").contains("SKIPPED");
    }

    // retry

    @Test
    void retryMakesAFailedRunNewAndLeavesTheOthers() throws IOException {
        fail(FIRST);
        bench.waybill("mark", SECOND);
        assertThat(bench.waybill("retry", FIRST, SECOND, THIRD).err().lines())
                .containsExactly(
                        FIRST + " FAILED -> NEW",
                        SECOND + " stays PROCESSED",
                        THIRD + " stays NEW: the manifest has no record of it, is the name right?");
        assertThat(bench.states(bench.store)).containsExactly(Map.entry(FIRST, "NEW"), Map.entry(SECOND, "PROCESSED"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"forget", "release", "retry"})
    void aNameThatNoRecordHasIsTold(String command) {
        Result result = bench.waybill(command, "run=slip/", "slip");
        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains("run=slip/ stays NEW: the manifest has no record of it, is the name right?")
                .contains("slip stays NEW: the manifest has no record of it, is the name right?");
    }

    // list

    @Test
    void listShowsEachRecordInTheOrderOfTheNames() throws IOException {
        bench.writeRuns(3, 1);
        fail(SECOND);
        Result list = bench.waybill("list", "--output=json");
        assertThat(list.code()).isZero();
        assertThat(list.rows())
                .satisfiesExactly(
                        first -> assertProcessed(first, FIRST),
                        failed -> assertFailed(failed),
                        third -> assertProcessed(third, THIRD));
        assertThat(bench.waybill("list", "--output=ndjson").out().lines())
                .hasSize(3)
                .allSatisfy(line ->
                        assertThat(new ObjectMapper().readTree(line).isObject()).isTrue());
        assertThat(bench.waybill("list", "--output=tsv").out().lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line.split("\t", -1)).hasSize(8));
        assertThat(bench.waybill("list").out().lines())
                .hasSize(4)
                .first()
                .asString()
                .matches("RUN +STATE +VERSION +FAILURES +AT +UNTIL +OWNER +DETAILS");
    }

    @Test
    void listCanBeAskedForStatesAndNames() throws IOException {
        bench.writeRuns(3, 1);
        fail(SECOND);
        bench.waybill("mark", "--as=skipped", "other/run/");
        assertThat(listed("--state=failed")).containsOnlyKeys(SECOND);
        assertThat(listed("--state=failed,SKIPPED")).containsOnlyKeys(SECOND, "other/run/");
        assertThat(listed("--prefix=other/")).containsOnlyKeys("other/run/");
        assertThat(listed("--prefix=run=2026-03-01-0", "--state=PROCESSED")).containsOnlyKeys(FIRST, THIRD);
        Result none = bench.waybill("list", "--prefix=nobody");
        assertThat(none.code()).isZero();
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("there is no such run in jdbc:h2:file:");
        assertThat(bench.waybill("list", "--state=lost").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void eachJobHasRecordsOfItsOwn() throws IOException {
        bench.waybill("mark", "--job=other", FIRST);
        assertThat(bench.states(bench.store)).isEmpty();
        assertThat(listed("--job=other")).containsExactly(Map.entry(FIRST, "PROCESSED"));
    }

    // status

    @Test
    void statusCountsTheRunsByWhatIsToBeDone() throws IOException {
        bench.writeRuns(3, 1);
        fail(SECOND);
        bench.waybill("mark", "--as=skipped", Workbench.run(9) + "/");
        Result status = bench.waybill("status", "--output=json");
        assertThat(status.code()).isZero();
        assertThat(status.rows())
                .extracting(row -> "%s %s %s %s"
                        .formatted(
                                row.get("state").asText(),
                                row.get("runs").asInt(),
                                row.get("first").asText(),
                                row.get("last").asText()))
                .containsExactly(
                        "FAILED 1 %s %s".formatted(SECOND, SECOND),
                        "PROCESSED 2 %s %s".formatted(FIRST, THIRD),
                        "SKIPPED 1 %s %s".formatted(Workbench.run(9) + "/", Workbench.run(9) + "/"));
        bench.transform("--max-attempts=1");
        assertThat(bench.waybill("status").out().lines())
                .anySatisfy(line -> assertThat(line).matches("FAILED for good +1 +.*"));
        assertThat(bench.waybill("status", "--output=tsv").out().lines()).hasSize(3);
    }

    // pending

    @Test
    void pendingListsWhatCouldBeClaimedAndWhetherItIsReady() throws IOException {
        bench.writeRuns(2, 2);
        Files.createDirectories(bench.archive.resolve(THIRD));
        Files.createDirectories(bench.archive.resolve("reports"));
        bench.waybill("mark", FIRST);
        Result pending = bench.waybill("pending", "--output=json", bench.archive.toString());
        assertThat(pending.code()).isZero();
        assertThat(pending.column("status")).containsExactly(Map.entry(SECOND, "READY"), Map.entry(THIRD, "EMPTY"));
        assertThat(pending.column("files")).containsEntry(SECOND, "2");
        assertThat(pending.err()).contains("no run: reports/");
        assertThat(bench.waybill("pending", "--output=ndjson", bench.archive.toString())
                        .out()
                        .lines())
                .hasSize(2);
        assertThat(bench.waybill("pending", "--output=tsv", bench.archive.toString())
                        .out()
                        .lines())
                .allSatisfy(line -> assertThat(line.split("\t", -1)).hasSize(5));
        assertThat(bench.states(bench.store)).containsOnlyKeys(FIRST);
    }

    @Test
    void pendingFollowsTheReadinessRulesThatAreGiven() throws IOException {
        bench.writeRuns(2, 1);
        Files.createFile(bench.archive.resolve(SECOND).resolve("_SUCCESS"));
        assertThat(bench.waybill("pending", "--output=json", "--ready-marker=_SUCCESS", bench.archive.toString())
                        .column("status"))
                .containsExactly(Map.entry(FIRST, "NOT_READY"), Map.entry(SECOND, "READY"));
        assertThat(bench.waybill("pending", "--output=json", "--quiet-period=1h", bench.archive.toString())
                        .column("status"))
                .containsExactly(Map.entry(FIRST, "NOT_READY"), Map.entry(SECOND, "NOT_READY"));
    }

    @Test
    void pendingNeedsAnArchive() {
        assertThat(bench.waybill("pending").code()).isEqualTo(ExitCode.USAGE);
        Result missing = bench.waybill("pending", folder.resolve("nowhere").toString());
        assertThat(missing.code()).isEqualTo(ExitCode.FAILED);
        assertThat(missing.err()).contains("no such folder");
        assertThat(bench.waybill("pending", "gs://bucket/archive").code()).isEqualTo(ExitCode.USAGE);
    }

    // all

    @Test
    void anEmptyManifestIsSaidInWordsAndIsAnEmptyArray() throws IOException {
        assertThat(bench.waybill("list").err()).contains("knows no run");
        assertThat(bench.waybill("status").err()).contains("knows no run");
        assertThat(bench.waybill("pending", bench.archive.toString()).err()).contains("no run is pending");
        assertThat(bench.waybill("list", "--output=json").rows()).isEmpty();
        assertThat(bench.waybill("status", "--output=json").rows()).isEmpty();
        assertThat(bench.waybill("pending", "--output=json", bench.archive.toString())
                        .rows())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "status", "mark run=1", "retry run=1", "pending"})
    void aNamedStoreThatWasNotMadeIsNotMadeByTheWay(String command) throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        String store = "--store=jdbc:h2:file:" + elsewhere.resolve("m");
        bench.writeRuns(1, 1);
        String archive = command.equals("pending") ? " " + bench.archive : "";
        Result result = Workbench.call((command + archive + " " + store).split(" "));
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.NOT_INITIALISED);
        assertThat(result.err()).contains("waybill init");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aStoreOfNoKnownKindIsWrongUsageAndTheAnswerNamesWhatThereIs() {
        Result result = Workbench.call("list", "--store=redis:somewhere");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).startsWith("waybill: ").contains("redis").contains("jdbc");
    }

    @Test
    void aStoreThatLivesInOneProcessIsRefused() {
        String archive = bench.archive.toString();
        for (List<String> words : List.of(
                List.of("init", "--store=memory:"),
                List.of("list", "--store=memory:name"),
                List.of("transform", archive, "--to=" + bench.output, "--store=memory:"),
                List.of("copy", "--store=" + bench.store, "--target=memory:"))) {
            Result result = Workbench.call(words.toArray(String[]::new));
            assertThat(result.code()).as("%s", words).isEqualTo(ExitCode.USAGE);
            assertThat(result.err())
                    .startsWith("waybill: 'memory:")
                    .contains("lives in one process only")
                    .contains("jdbc:h2:");
        }
    }

    @Test
    void anUnknownOptionIsNamedEvenIfARequiredOneIsMissing() {
        Result slip = bench.waybill("transform", bench.archive.toString(), "--ot", "json");
        assertThat(slip.code()).isEqualTo(ExitCode.USAGE);
        assertThat(slip.err()).startsWith("waybill: Unknown option").contains("'--ot'");
        assertThat(bench.waybill("transform", bench.archive.toString()).err())
                .startsWith("waybill: Missing required option: '--to=PLACE'");
    }

    @Test
    void anErrorsTraceIsPrintedWhenAskedFor() {
        String missing = folder.resolve("nowhere").toString();
        assertThat(bench.waybill("pending", missing).err()).doesNotContain("\tat ");
        assertThat(bench.waybill("pending", "--debug", missing).err()).contains("\tat io.waybill");
    }

    private Map<String, String> listed(String... arguments) throws IOException {
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[0] = "--output=json";
        return bench.waybill("list", all).column("state");
    }

    /** Lets a run of the archive fail, and processes the others. */
    private void fail(String run) throws IOException {
        Path file = bench.archive.resolve(run).resolve("broken.gz");
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, "no gzip");
        assertThat(bench.transform().results()).containsEntry(run, "FAILED");
    }

    private static void assertProcessed(JsonNode record, String run) {
        assertThat(record.get("run").asText()).isEqualTo(run);
        assertThat(record.get("state").asText()).isEqualTo("PROCESSED");
        assertThat(record.get("version").isIntegralNumber()).isTrue();
        assertThat(Instant.parse(record.get("at").asText())).isBefore(Instant.now());
        assertThat(record.get("details").asText()).contains("events=20").contains("bad_rows=0");
        assertThat(record.has("until")).isFalse();
        assertThat(record.get("details.events").asText()).isEqualTo("20");
        assertThat(record.has("retry_at")).isFalse();
    }

    private static void assertFailed(JsonNode record) {
        assertThat(record.get("state").asText()).isEqualTo("FAILED");
        assertThat(record.get("failures").asInt()).isEqualTo(1);
        assertThat(record.get("details").asText()).contains("broken.gz");
        assertThat(record.get("details.reason").asText())
                .contains("broken.gz: ")
                .contains(" ");
        assertThat(Instant.parse(record.get("retry_at").asText())).isBefore(Instant.now());
    }
}
