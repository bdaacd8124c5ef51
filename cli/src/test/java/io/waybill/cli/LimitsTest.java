package io.waybill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.waybill.cli.Workbench.Result;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What happens where the machine has no more to give. */
@Timeout(400)
class LimitsTest {

    private static final String RUN = Workbench.run(0);
    private static final String LARGE = Workbench.run(1);

    @TempDir
    private Path folder;

    private Workbench bench;
    private String[] transform;

    @BeforeEach
    void prepare() throws Exception {
        bench = new Workbench(folder);
        transform =
                new String[] {"transform", bench.archive.toString(), "--to", bench.output.toString(), "--output=json"};
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void whatMustNotBeWrittenToIsAccessDeniedWhateverItIs() throws Exception {
        bench.writeRuns(1, 1);
        Path shut = Files.createDirectory(folder.resolve("shut"));
        Path archive = bench.archive;
        assertThat(bench.waybill("init").code()).isZero();
        assertThat(shut.toFile().setWritable(false)).isTrue();
        List<String> within = Stream.concat(
                        powerless().stream(), Stream.of("sh", "-c", "cd shut && exec \"$@\"", "waybill"))
                .toList();
        for (List<String> words : List.of(
                List.of("transform", archive.toString(), "--to=" + bench.output), // which makes a store
                List.of("transform", archive.toString(), "--to=out", "--store=" + bench.store),
                List.of("report", "--html=report.html", "--store=" + bench.store),
                List.of("demo", "demo"))) {
            Result result = bench.start(within, List.of("-XX:-UsePerfData"), words.toArray(String[]::new))
                    .end();
            assertThat(result.code()).as("%s: %s", words, result.err()).isEqualTo(ExitCode.ACCESS_DENIED);
            assertThat(result.err())
                    .contains("waybill: ")
                    .contains(shut.toRealPath().toString());
        }
    }

    /** What takes from an administrator the right to write everywhere. */
    private static List<String> powerless() {
        boolean isRoot = System.getProperty("user.name").equals("root");
        assumeThat(!isRoot || Files.exists(Path.of("/usr/bin/setpriv")))
                .as("an administrator whose rights can be taken away")
                .isTrue();
        return isRoot ? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search") : List.of();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC}) // for ulimit
    void aRunThatFindsNoRoomFailsAndTheOthersAreProcessed() throws Exception {
        Map<String, List<String>> input = bench.writeRuns(3, 1);
        byte[] event = bench.events(1).get(0);
        List<byte[]> lines = Stream.generate(() -> event).limit(6_000).toList();
        bench.write(LARGE + "/part-00000.gz", lines); // some 15 MB of JSON
        List<String> limited = List.of("bash", "-c", "ulimit -f 4096; exec \"$@\"", "waybill"); // 4 MB for one file

        Result result =
                bench.start(limited, List.of("-XX:-UsePerfData"), transform).end();

        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(result.results())
                .containsExactly(
                        Map.entry(RUN + "/", "PROCESSED"),
                        Map.entry(LARGE + "/", "FAILED"),
                        Map.entry(Workbench.run(2) + "/", "PROCESSED"));
        assertThat(result.column("note").get(LARGE + "/")).isEqualTo("part-00000.gz: File too large");
        assertThat(bench.published()).containsOnlyKeys(RUN, Workbench.run(2));
        assertThat(bench.workFolders()).isEmpty();

        Result roomier = bench.start(transform).end();
        assertThat(roomier.code()).as(roomier.err()).isZero();
        assertThat(roomier.results()).containsExactly(Map.entry(LARGE + "/", "PROCESSED"));
        input.put(LARGE, lines.stream().map(Workbench::eventId).toList());
        assertThat(bench.published()).isEqualTo(input);
    }

    @Test
    void aLineLargerThanTheMemoryIsOneBadRow() throws Exception {
        List<byte[]> events = bench.events(2);
        Path file = bench.write(RUN + "/part-00000.tsv", events.subList(0, 1));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.APPEND))) {
            byte[] megabyte = "tab\tseparated...".repeat(1 << 16).getBytes(UTF_8);
            for (int i = 0; i < 100; i++) {
                out.write(megabyte);
            }
            out.write('\n');
            out.write(events.get(1));
        }

        Result result = bench.start(List.of(), List.of("-Xmx64m"), transform).end();

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.column("bad_rows")).containsExactly(Map.entry(RUN + "/", "1"));
        assertThat(bench.published())
                .containsExactly(
                        Map.entry(RUN, events.stream().map(Workbench::eventId).toList()));
    }
}
