package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Call;
import io.waybill.cli.Workbench.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(400)
@EnabledOnOs({OS.LINUX, OS.MAC}) // others have no signals
class InterruptTest {

    private static final Duration TICK = Duration.ofMillis(1);

    @TempDir
    private Path folder;

    @Test
    @EnabledOnOs(OS.LINUX) // for the option of env: who runs us in the background may have us ignore the signal
    void afterAnInterruptTheRunsUnderWayAreNewAgainAtOnce() throws Exception {
        assertGivenBack(List.of("env", "--default-signal=INT"), "INT");
    }

    @Test
    void afterATerminationTheRunsUnderWayAreNewAgainAtOnce() throws Exception {
        assertGivenBack(List.of(), "TERM");
    }

    private void assertGivenBack(List<String> launcher, String signal) throws Exception {
        Workbench bench = new Workbench(folder);
        Map<String, List<String>> input = bench.writeRuns(3, 2);
        String done = Workbench.run(0);
        String first = Workbench.run(1);
        String second = Workbench.run(2);
        Path endless = writeLong(bench.archive.resolve(first).resolve("part-00000.gz"));
        Path other = bench.archive.resolve(second).resolve("part-00001.gz");
        Files.copy(endless, other, StandardCopyOption.REPLACE_EXISTING);
        String[] command = {
            "transform",
            bench.archive.toString(),
            "--to",
            bench.output.toString(),
            "--lease=10m",
            "--threads=2",
            "--output=json"
        };

        Call call = bench.start(launcher, List.of(), command);
        awaitWork(bench, call.process());
        new ProcessBuilder("kill", "-" + signal, Long.toString(call.process().pid()))
                .start()
                .waitFor();
        Result interrupted = call.end();

        assertThat(interrupted.code()).as(interrupted.err()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(interrupted.err()).contains("waybill: interrupted");
        assertThat(interrupted.results())
                .containsExactly(
                        Map.entry(done + "/", "PROCESSED"),
                        Map.entry(first + "/", "GIVEN BACK"),
                        Map.entry(second + "/", "GIVEN BACK"));
        assertThat(bench.states(bench.defaultStore()))
                .containsExactly(
                        Map.entry(done + "/", "PROCESSED"),
                        Map.entry(first + "/", "NEW"),
                        Map.entry(second + "/", "NEW"));
        assertThat(bench.published()).containsOnlyKeys(done);
        assertThat(bench.workFolders()).isEmpty();

        List<byte[]> lines = bench.events(3); // in files of a sensible size
        List<String> ids = lines.stream().map(Workbench::eventId).toList();
        bench.write(first + "/part-00000.gz", lines);
        bench.write(second + "/part-00001.gz", lines);
        input.computeIfPresent(first, (run, all) -> Workbench.concat(ids, all.subList(20, 40)));
        input.computeIfPresent(second, (run, all) -> Workbench.concat(all.subList(0, 20), ids));
        Result next = bench.start(command).end();
        assertThat(next.code()).as(next.err()).isZero();
        assertThat(next.results())
                .containsExactly(Map.entry(first + "/", "PROCESSED"), Map.entry(second + "/", "PROCESSED"));
        assertThat(bench.published()).isEqualTo(input);
    }

    /** A small file that takes longer to read than the test takes: one line of 16 GB, a thousand times packed. */
    private static Path writeLong(Path file) throws IOException {
        byte[] member = Workbench.gzip(new byte[64 << 20]);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < 256; i++) {
                out.write(member);
            }
        }
        return file;
    }

    /** Waits until the first run is done and the files of both others are being read. */
    private static void awaitWork(Workbench bench, Process process) throws IOException {
        long parts = 0;
        boolean firstIsDone = false;
        while (process.isAlive() && (parts < 2 || !firstIsDone)) {
            LockSupport.parkNanos(TICK.toNanos());
            firstIsDone =
                    !bench.published().isEmpty(); // asked first: then its file is not among those that are counted
            parts = 0;
            for (String work : bench.workFolders()) {
                for (String stage : Workbench.namesIn(bench.output.resolve(work))) {
                    parts += Files.exists(
                                    bench.output.resolve(work).resolve(stage).resolve("part-00000.ndjson"))
                            ? 1
                            : 0;
                }
            }
        }
        assertThat(process.isAlive()).isTrue();
    }
}
