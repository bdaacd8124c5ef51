package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Four {@code waybill run} at once, of which the tools and the commands are killed at random. */
@Timeout(400)
@EnabledOnOs({OS.LINUX, OS.MAC})
class RunStormTest {

    private static final int RUNS = 200;
    private static final int TOOLS = 4;
    private static final int KILLS = 24;

    @TempDir
    private Path folder;

    @Test
    void howeverManyAreKilledEachRunIsCompletedOnceUnderItsHighestFence() throws Exception {
        long seed = System.nanoTime();
        System.out.println("RunStormTest: seed " + seed);
        Random random = new Random(seed);
        Workbench bench = new Workbench(folder);
        Path begun = folder.resolve("begun");
        Path completed = folder.resolve("completed");
        List<byte[]> lines = bench.events(1);
        for (int run = 0; run < RUNS; run++) {
            bench.write(Workbench.run(run) + "/part-0", lines);
        }

        List<Call> tools = new ArrayList<>();
        int toolsKilled = 0;
        int commandsKilled = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            restart(tools, bench, begun, completed);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(600)));
            Process tool = tools.get(random.nextInt(TOOLS)).process();
            List<ProcessHandle> command = awaitCommand(tool);
            if (kill % 3 == 0) {
                tool.destroyForcibly();
                toolsKilled++;
            } else if (!command.isEmpty()
                    && command.get(random.nextInt(command.size())).destroyForcibly()) {
                commandsKilled++;
            }
        }
        while (!isDone(bench)) {
            restart(tools, bench, begun, completed);
            for (Call tool : tools) {
                tool.end();
            }
        }
        System.out.printf(
                "RunStormTest: %d tools and %d commands killed, %d attempts%n",
                toolsKilled, commandsKilled, Files.readAllLines(begun).size());

        Map<String, Long> recorded = new TreeMap<>();
        Workbench.call("list", "--store", bench.defaultStore(), "--output=json")
                .column("details")
                .forEach((run, details) ->
                        recorded.put(run, Long.valueOf(details.replaceFirst(".*\\bfence=(\\d+).*", "$1"))));
        assertThat(recorded).hasSize(RUNS).isEqualTo(highest(begun));
        Map<String, Long> highest = highest(completed);
        assertThat(highest).isEqualTo(recorded);
        assertThat(Files.readAllLines(completed)).as("no run and fence twice").doesNotHaveDuplicates();
        assertThat(toolsKilled).isPositive();
        assertThat(commandsKilled).isPositive();
    }

    private static void restart(List<Call> tools, Workbench bench, Path begun, Path completed) throws IOException {
        tools.removeIf(tool -> !tool.process().isAlive());
        while (tools.size() < TOOLS) {
            tools.add(bench.start(
                    "run",
                    bench.archive.toString(),
                    "--lease=3s",
                    "--grace=1s",
                    "--parallel=2",
                    "--max-attempts=100",
                    "--",
                    "sh",
                    "-c",
                    """
                    echo "$WAYBILL_RUN_ID $WAYBILL_RUN_FENCE" >>%s
                    sleep 0.1
                    echo "$WAYBILL_RUN_ID $WAYBILL_RUN_FENCE" >>%s
                    """.formatted(begun, completed)));
        }
    }

    /** The processes of a tool's commands; none if it has ended. */
    private static List<ProcessHandle> awaitCommand(Process tool) {
        List<ProcessHandle> processes = tool.descendants().toList();
        while (processes.isEmpty() && tool.isAlive()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            processes = tool.descendants().toList();
        }
        return processes;
    }

    private static boolean isDone(Workbench bench) throws IOException {
        Map<String, String> states = bench.states(bench.defaultStore());
        return states.size() == RUNS && states.values().stream().allMatch(state -> state.equals("PROCESSED"));
    }

    private static Map<String, Long> highest(Path file) throws IOException {
        Map<String, Long> highest = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ", -1);
            highest.merge(words[0], Long.valueOf(words[1]), Math::max);
        }
        return highest;
    }
}
