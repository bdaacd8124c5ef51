package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Call;
import io.waybill.cli.Workbench.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(400)
class KillTest {

    private static final int RUNS = 20;
    private static final int KILLS = 10;
    private static final Duration TICK = Duration.ofNanos(200_000);

    @TempDir
    private Path folder;

    private final Map<String, String> seen = new HashMap<>();

    @Test
    void howeverOftenTheProcessIsKilledEachRunIsInTheOutputOnceAndNeverInPart() throws Exception {
        long seed = System.nanoTime();
        System.out.println("KillTest: seed " + seed);
        Random random = new Random(seed);
        Workbench bench = new Workbench(folder);
        Map<String, List<String>> input = bench.writeRuns(RUNS, 3);
        int killed = 0;
        int uncommitted = 0;

        for (int i = 0; i < KILLS; i++) {
            Call call = transform(bench);
            if (i % 3 == 2) {
                Duration life = Duration.ofMillis(300 + random.nextInt(900));
                call.process().waitFor(life.toMillis(), TimeUnit.MILLISECONDS);
            } else {
                awaitPublication(bench, call.process());
            }
            call.process().destroyForcibly();
            Result result = call.end();
            assertThat(result.code()).as(result.err()).isIn(Workbench.KILLED, ExitCode.DONE);
            killed += result.code() == Workbench.KILLED ? 1 : 0;
            uncommitted += assertWhole(bench, input);
        }
        System.out.printf("KillTest: %d kills, %d runs published and not committed%n", killed, uncommitted);
        assertThat(killed).isGreaterThan(KILLS / 2);
        assertThat(uncommitted).as("kills between publication and commit").isPositive();

        Result last = transform(bench).end();
        for (int i = 0; i < 50 && last.results().containsValue("HELD"); i++) { // a lease lasts as long as some calls
            last = transform(bench).end();
        }

        assertThat(last.code()).as(last.err()).isZero();
        assertThat(last.results()).doesNotContainValue("HELD");
        assertThat(bench.published()).isEqualTo(input);
        assertThat(bench.states(bench.defaultStore()))
                .hasSize(RUNS)
                .allSatisfy((run, state) -> assertThat(state).isEqualTo("PROCESSED"));
        assertThat(bench.workFolders()).isEmpty();
    }

    private static Call transform(Workbench bench) throws IOException {
        return bench.start(
                "transform",
                bench.archive.toString(),
                "--to",
                bench.output.toString(),
                "--lease=2s",
                "--threads=2",
                "--output=json");
    }

    /** Waits for the moment at which a run appears under its name, or is replaced by a new publication. */
    private void awaitPublication(Workbench bench, Process process) throws IOException {
        boolean appeared = false;
        while (process.isAlive() && !appeared) {
            for (String run : Workbench.namesIn(bench.output)) {
                if (!run.startsWith(".")) {
                    String publication = publication(bench.output.resolve(run));
                    appeared |= !publication.equals(seen.put(run, publication));
                }
            }
            LockSupport.parkNanos(TICK.toNanos());
        }
    }

    private static String publication(Path run) throws IOException {
        try {
            return Files.readString(run.resolve(OutputFolder.MARKER));
        } catch (NoSuchFileException e) {
            return "none"; // it is being replaced, or was not published as a whole
        }
    }

    /** Checks that what is visible is complete, and that what is recorded is visible; counts what is not recorded. */
    private static int assertWhole(Workbench bench, Map<String, List<String>> input) throws IOException {
        Map<String, List<String>> published = bench.published();
        assertThat(input).containsAllEntriesOf(published);
        for (String run : published.keySet()) {
            assertThat(Workbench.namesIn(bench.output.resolve(run)))
                    .containsExactly(
                            OutputFolder.MARKER, "part-00000.ndjson", "part-00001.ndjson", "part-00002.ndjson");
        }
        Map<String, String> states = Files.exists(bench.folder.resolve(".waybill/manifest.mv.db"))
                ? bench.states(bench.defaultStore())
                : Map.of();
        states.forEach((run, state) -> {
            if (state.equals("PROCESSED")) {
                assertThat(published).containsKey(run.replace("/", ""));
            }
        });
        return (int) published.keySet().stream()
                .filter(run -> !"PROCESSED".equals(states.get(run + "/")))
                .count();
    }
}
