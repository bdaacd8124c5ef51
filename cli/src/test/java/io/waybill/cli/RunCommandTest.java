package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Call;
import io.waybill.cli.Workbench.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code waybill run}: any command, once for each run. */
@Timeout(120)
@EnabledOnOs({OS.LINUX, OS.MAC}) // others have no sessions
class RunCommandTest {

    private static final String FIRST = Workbench.run(0) + "/";
    private static final String SECOND = Workbench.run(1) + "/";
    private static final String THIRD = Workbench.run(2) + "/";

    @TempDir
    private Path folder;

    private Workbench bench;
    private Path log;

    @BeforeEach
    void init() throws IOException {
        bench = new Workbench(folder);
        log = folder.resolve("log");
        assertThat(bench.waybill("init").code()).isZero();
    }

    // what a command gets, and what its end means

    @Test
    void aCommandGetsItsRunByTheEnvironmentAndIsRunOnce() throws IOException {
        bench.writeRuns(2, 2);

        Result result = run("echo \"$WAYBILL_RUN_ID $WAYBILL_RUN_URI $WAYBILL_RUN_FENCE\" >>" + log);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.results()).isEqualTo(Map.of(FIRST, "PROCESSED", SECOND, "PROCESSED"));
        assertThat(Files.readAllLines(log))
                .containsExactly(
                        "%s %s 1".formatted(FIRST, bench.archive.resolve(FIRST)),
                        "%s %s 1".formatted(SECOND, bench.archive.resolve(SECOND)));
        assertThat(bench.waybill("list").out())
                .contains("files=2")
                .contains("digest=")
                .contains("fence=1");
        Result again = run("echo again >>" + log);
        assertThat(again.rows()).isEmpty();
        assertThat(again.err()).contains("nothing was run").contains("2 PROCESSED before");
        assertThat(Files.readAllLines(log)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0,                   PROCESSED, PROCESSED, 0, ''",
        "exit 3,                   FAILED,    FAILED,    3, reason=the command ended with exit code 3",
        "kill -9 $$,               FAILED,    FAILED,    3, reason=the command was killed by signal 9",
        "exit 75,                  LATER,     NEW,       0, ''",
        "exit 76 # --later-code=76, LATER,    NEW,       0, ''",
        "exit 75 # --later-code=76, FAILED,   FAILED,    3, reason=the command ended with exit code 75"
    })
    void theExitCodeOfACommandDecides(String script, String result, String state, int code, String reason)
            throws IOException {
        bench.writeRuns(1, 1);
        int option = script.indexOf("--");
        Result run = run(script, option < 0 ? "--later-code=75" : script.substring(option));
        assertThat(run.code()).isEqualTo(code);
        assertThat(run.results()).containsExactly(Map.entry(FIRST, result));
        assertThat(bench.states(bench.store)).containsExactly(Map.entry(FIRST, state));
        assertThat(bench.waybill("list").out()).contains(reason);
    }

    @Test
    void aBatchGetsItsRunsByAFileAndSharesOneEnd() throws IOException {
        bench.writeRuns(3, 1);
        Result result = run(
                "env >%s.env; cat \"$WAYBILL_RUNS\" >>%s; exit $(grep -c %s \"$WAYBILL_RUNS\")"
                        .formatted(log, log, THIRD),
                "--batch=2");
        assertThat(result.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(result.results()).isEqualTo(Map.of(FIRST, "PROCESSED", SECOND, "PROCESSED", THIRD, "FAILED"));
        assertThat(Files.readAllLines(log))
                .containsExactly(
                        FIRST + "\t" + bench.archive.resolve(FIRST) + "\t1",
                        SECOND + "\t" + bench.archive.resolve(SECOND) + "\t1",
                        THIRD + "\t" + bench.archive.resolve(THIRD) + "\t1");
        String environment = Files.readString(Path.of(log + ".env"));
        assertThat(environment).contains("WAYBILL_RUNS=").doesNotContain("WAYBILL_RUN_ID=");
        Path list = Path.of(environment.replaceFirst("(?s).*WAYBILL_RUNS=", "").replaceFirst("(?s)\n.*", ""));
        assertThat(list).as("it is removed").doesNotExist();
    }

    @Test
    void aRunThatHasFailedBeforeIsOnItsOwnAndFailsNoOther() throws IOException {
        bench.writeRuns(3, 1);
        String script =
                "cut -f1 \"$WAYBILL_RUNS\" | paste -sd+ >>%s; ! grep -q %s \"$WAYBILL_RUNS\"".formatted(log, SECOND);

        Result first = run(script, "--batch=3");
        assertThat(first.results()).isEqualTo(Map.of(FIRST, "FAILED", SECOND, "FAILED", THIRD, "FAILED"));
        Result second = run(script, "--batch=3");
        assertThat(second.results()).isEqualTo(Map.of(FIRST, "PROCESSED", SECOND, "FAILED", THIRD, "PROCESSED"));
        assertThat(Files.readAllLines(log)).containsExactly(FIRST + "+" + SECOND + "+" + THIRD, FIRST, SECOND, THIRD);
    }

    @Test
    void aRunThatHasFailedBeforeEndsTheBatchThatItIsClaimedWith() throws IOException {
        bench.writeRuns(3, 1);
        run("case $WAYBILL_RUN_ID in %s) exit 1;; *) exit 75;; esac".formatted(SECOND));

        Result inOrder = run("exit 1", "--batch=3", "--in-order");
        assertThat(inOrder.results()).isEqualTo(Map.of(FIRST, "FAILED", SECOND, "GIVEN BACK"));
        Result result = run("cut -f1 \"$WAYBILL_RUNS\" | paste -sd+ >>" + log, "--batch=3");
        assertThat(result.results()).hasSize(3).doesNotContainValue("FAILED");
        assertThat(Files.readAllLines(log)).containsExactly(FIRST, SECOND, THIRD);
    }

    @Test
    void batchesAreWorkedOnInParallel() throws IOException {
        bench.writeRuns(4, 1);
        String meet = "touch %s.$$; while [ $(ls %s.* | wc -l) -lt 2 ]; do sleep 0.02; done; cat \"$WAYBILL_RUNS\"";
        Result result = run(meet.formatted(log, log), "--batch=2", "--parallel=2"); // neither ends without the other
        assertThat(result.results()).hasSize(4).doesNotContainValue("FAILED");
        List<List<String>> lists = List.of(List.of(FIRST, SECOND), List.of(THIRD, Workbench.run(3) + "/"));
        for (List<String> list : lists) {
            String name = list.get(0).replace("/", "") + " and 1 more | ";
            assertThat(result.err().lines().filter(line -> line.startsWith(name)))
                    .extracting(line -> line.substring(name.length()).replaceFirst("\t.*", ""))
                    .isEqualTo(list);
        }
    }

    @Test
    void inOrderNoBatchIsBegunAfterOneThatIsNotDone() throws IOException {
        bench.writeRuns(5, 1);
        String list = "cut -f 1 \"$WAYBILL_RUNS\" >>%s; ".formatted(log);
        String fourth = Workbench.run(3) + "/";
        Result failed = run(
                list + "grep -q %s \"$WAYBILL_RUNS\" && exit 75; exit 0".formatted(THIRD), "--batch=2", "--in-order");
        assertThat(failed.results())
                .isEqualTo(Map.of(FIRST, "PROCESSED", SECOND, "PROCESSED", THIRD, "LATER", fourth, "LATER"));
        assertThat(Files.readAllLines(log)).containsExactly(FIRST, SECOND, THIRD, fourth);
        assertThat(run("exit 0", "--batch=2", "--in-order").results())
                .hasSize(3)
                .doesNotContainValue("LATER");
    }

    @Test
    void whatTransformHasDoneIsNotRunUnderTheSameJobAndThatIsSaidAndTheOtherWayRound() throws IOException {
        bench.writeRuns(2, 1);
        assertThat(bench.transform().code()).isZero();
        Result run = run("exit 1");
        assertThat(run.rows()).isEmpty();
        assertThat(run.err())
                .contains("2 PROCESSED before")
                .contains("warning: 2 of these runs were processed from another archive or by 'transform'")
                .contains("--job");

        assertThat(run("exit 0", "--job=load").results()).hasSize(2);
        assertThat(run("exit 1", "--job=load").err()).doesNotContain("warning");
        Result transform = bench.transform("--job=load");
        assertThat(transform.rows()).isEmpty();
        assertThat(transform.err()).contains("warning: 2 of these runs").contains("by a command of 'run'");

        bench.waybill("mark", "--job=hand", FIRST);
        assertThat(run("exit 0", "--job=hand").err()).doesNotContain("warning");
    }

    @Test
    void theOutputOfParallelCommandsNamesTheRunInEachLineAndIsNoData() throws IOException {
        bench.writeRuns(3, 1);
        Result result = run("echo one; echo two >&2; printf three", "--parallel=3");
        assertThat(result.results()).hasSize(3).doesNotContainValue("FAILED");
        for (String run : List.of(FIRST, SECOND, THIRD)) {
            String name = run.replace("/", "") + " | ";
            assertThat(result.err().lines().filter(line -> line.startsWith(name)))
                    .containsExactly(name + "one", name + "two", name + "three");
        }
    }

    @Test
    void inOrderNothingIsBegunAfterARunThatIsNotDone() throws IOException {
        bench.writeRuns(3, 1);
        assertThat(run("case $WAYBILL_RUN_ID in %s) exit 75;; esac".formatted(SECOND), "--in-order")
                        .results())
                .isEqualTo(Map.of(FIRST, "PROCESSED", SECOND, "LATER"));
        assertThat(run("exit 1", "--in-order").results()).isEqualTo(Map.of(SECOND, "FAILED"));
        assertThat(run("exit 0", "--in-order").results()).isEqualTo(Map.of(SECOND, "PROCESSED", THIRD, "PROCESSED"));
    }

    @Test
    void aRunIsTriedAsOftenAsItMayFail() throws IOException {
        bench.writeRuns(1, 1);
        assertThat(run("exit 1", "--max-attempts=2").results()).containsEntry(FIRST, "FAILED");
        assertThat(run("exit 1", "--max-attempts=2").results()).containsEntry(FIRST, "FAILED");
        Result third = run("exit 1", "--max-attempts=2");
        assertThat(third.results()).containsEntry(FIRST, "FAILED BEFORE");
        assertThat(third.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        bench.waybill("retry", FIRST);
        assertThat(run("exit 1", "--retry-after=1h").results()).containsEntry(FIRST, "FAILED");
        assertThat(run("exit 1").results()).containsEntry(FIRST, "WAITING");
    }

    @Test
    void aDryRunRunsNothing() throws IOException {
        bench.writeRuns(2, 1);
        Result result = run("echo ran >" + log, "--dry-run");
        assertThat(result.code()).isZero();
        assertThat(result.results()).isEqualTo(Map.of(FIRST, "WOULD RUN", SECOND, "WOULD RUN"));
        assertThat(log).doesNotExist();
        assertThat(bench.states(bench.store)).isEmpty();
    }

    @Test
    void aCommandThatIsNoneCostsNoRunAnAttempt() throws IOException {
        bench.writeRuns(1, 1);
        String archive = bench.archive.toString();
        assertThat(bench.waybill("run", archive, "--", "no-such-command").code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(bench.waybill("run", archive, "--", bench.archive.toString()).code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(bench.waybill("run", archive).code()).isEqualTo(ExitCode.USAGE);
        for (List<String> words : List.of(
                List.of(archive, "true"),
                List.of(archive, "true", "--", "x"),
                List.of("--", archive, "true"))) { // a slip must not mark runs as processed
            Result slip = bench.waybill("run", words.toArray(String[]::new));
            assertThat(slip.code()).as("%s", words).isEqualTo(ExitCode.USAGE);
            assertThat(slip.err()).contains("waybill run ARCHIVE -- CMD");
        }
        assertThat(bench.waybill("run", archive, "--parallel=0", "--", "true").code())
                .isEqualTo(ExitCode.USAGE);
        for (String batch : List.of("--batch=-1", "--batch=0", "--batch=10001")) {
            Result refused = bench.waybill("run", archive, batch, "--", "true");
            assertThat(refused.code()).as(batch).isEqualTo(ExitCode.USAGE);
            assertThat(refused.err()).contains("want 1 to 10000");
        }
        assertThat(bench.waybill("run", archive, "--in-order", "--parallel=2", "--", "true")
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(bench.states(bench.store)).isEmpty();
    }

    // how it ends before its time

    @Test
    void whatACommandLeavesRunningInItsGroupIsKilled() throws IOException {
        bench.writeRuns(1, 1);
        Result result = run("sleep 300 & echo $! >" + log);
        assertThat(result.results()).containsEntry(FIRST, "PROCESSED");
        awaitDeathOf(log);
    }

    @Test
    void whatHasLeftTheGroupHoldsNothingUp() throws IOException {
        bench.writeRuns(1, 1);
        Result result = run("setsid sleep 300 & echo $! >" + log, "--parallel=2");
        assertThat(result.results()).containsEntry(FIRST, "PROCESSED");
        ProcessHandle.of(pid(log)).ifPresent(ProcessHandle::destroy);
    }

    @Test
    void aCommandWhoseClaimIsLostIsStopped() throws Exception {
        bench.writeRuns(2, 1);
        String script = "trap 'echo stopped >>%s; exit 0' TERM; echo begun >>%s; sleep 300 & wait".formatted(log, log);
        CompletableFuture<Result> running = CompletableFuture.supplyAsync(() -> {
            try {
                return run(script, "--batch=2", "--lease=900ms");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        await(() -> Files.exists(log));
        assertThat(bench.waybill("mark", "--yes", FIRST).err()).contains("PROCESSING -> PROCESSED");
        Result result = running.get();
        assertThat(Files.readAllLines(log)).containsExactly("begun", "stopped");
        // it has said of the other that it is done
        assertThat(result.results()).isEqualTo(Map.of(FIRST, "LOST", SECOND, "PROCESSED"));
        assertThat(result.code()).isZero();
    }

    @Test
    void aTerminationReachesTheCommandWithAllThatItHasStartedAndTheRunIsNewAgainAtOnce() throws Exception {
        bench.writeRuns(2, 1);
        Call call = start("trap 'echo stopped >>%s; exit 1' TERM; sh -c 'echo $$ >%s.child; exec sleep 300' & wait"
                .formatted(log, log));
        Result result = terminate(call);
        assertThat(Files.readAllLines(log)).containsExactly("stopped");
        assertGivenBack(result);
    }

    @Test
    void aCommandThatIgnoresTheSignalAndForksIsKilledWithItsChildren() throws Exception {
        bench.writeRuns(2, 1);
        Call call = start("trap '' TERM; sh -c 'echo $$ >%s.child; exec sleep 300' & sleep 300".formatted(log));
        assertGivenBack(terminate(call));
    }

    @Test
    void aKilledToolTakesItsCommandAlong() throws Exception {
        bench.writeRuns(1, 1);
        Call call = start("trap '' TERM; sh -c 'echo $$ >%s.child; exec sleep 300' & sleep 300".formatted(log));
        Path child = Path.of(log + ".child");
        await(() -> isWritten(child));
        call.process().destroyForcibly();
        awaitDeathOf(child);
    }

    private void assertGivenBack(Result result) throws IOException {
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(result.results()).isEqualTo(Map.of(FIRST, "GIVEN BACK"));
        assertThat(bench.states(bench.store)).isEqualTo(Map.of(FIRST, "NEW"));
        awaitDeathOf(Path.of(log + ".child"));
    }

    private Result terminate(Call call) throws Exception {
        await(() -> isWritten(Path.of(log + ".child")));
        call.process().destroy();
        return call.end();
    }

    private Call start(String script) throws IOException {
        return bench.start(
                "run",
                bench.archive.toString(),
                "--store=" + bench.store,
                "--grace=1s",
                "--output=json",
                "--",
                "sh",
                "-c",
                script);
    }

    @Test
    void aWordWithAnAtSignIsTheCommandsOwnAndSoIsASecondPairOfHyphens() throws IOException {
        bench.writeRuns(1, 1);
        Path file = Files.writeString(folder.resolve("body.json"), "not options at all");

        Result result = bench.waybill(
                "run", bench.archive.toString(), "--", "sh", "-c", "echo \"$@\" >" + log, "sh", "@" + file, "--", "x");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(Files.readString(log)).isEqualTo("@%s -- x\n".formatted(file));
    }

    private Result run(String script, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of(bench.archive.toString(), "--output=json"));
        words.addAll(List.of(options));
        words.addAll(List.of("--", "sh", "-c", script));
        return bench.waybill("run", words.toArray(String[]::new));
    }

    private static boolean isWritten(Path file) {
        try {
            return Files.exists(file) && Files.readString(file).endsWith("\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long pid(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }

    private static void awaitDeathOf(Path pid) throws IOException {
        long number = pid(pid);
        await(() -> ProcessHandle.of(number).filter(ProcessHandle::isAlive).isEmpty());
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }
}
