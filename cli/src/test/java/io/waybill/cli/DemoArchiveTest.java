package io.waybill.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.cli.Workbench.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoArchiveTest {
    private static final String HALF_COPIED = "run=2026-03-02-11-00-00";
    private static final String NEVER = "run=2026-02-30-00-00-00";

    @TempDir
    private static Path shared;

    private static DemoArchive.Summary summary;
    private static Map<String, byte[]> demo;

    @TempDir
    private Path folder;

    @BeforeAll
    static void writeOne() throws IOException {
        summary = DemoArchive.write(shared.resolve("new/demo"));
        demo = content(shared.resolve("new/demo"));
    }

    @Test
    void theSameArchiveIsWrittenEachTime() throws IOException {
        assertThat(DemoArchive.write(folder)).isEqualTo(summary);
        assertSameAsDemo(folder);
    }

    @Test
    void theSummaryTellsWhatIsThere() {
        assertThat(summary.created()).isTrue();
        assertThat(summary.runs()).isEqualTo(37).isEqualTo(runs().size());
        assertThat(summary.files()).isBetween(60, 120).isEqualTo(dataFiles().size());
        assertThat(summary.bytes())
                .isBetween(2_000_000L, 10_000_000L)
                .isEqualTo(dataFiles().values().stream()
                        .mapToLong(file -> file.length)
                        .sum());
        List<String> lines = dataFiles().keySet().stream()
                .flatMap(name -> lines(name).stream())
                .toList();
        List<String> bad = lines.stream().filter(DemoArchiveTest::isBad).toList();
        assertThat(summary.badRows()).isEqualTo(8).isEqualTo(bad.size());
        assertThat(summary.events()).isEqualTo(lines.size() - bad.size());
    }

    @Test
    void aFinishedArchiveIsLeftAsItIs() throws IOException {
        DemoArchive.write(folder);
        Path added = Files.createDirectories(folder.resolve("run=2026-03-03-00-00-00"));
        Files.writeString(added.resolve("part-00000.tsv"), "mine");
        deleteRun(folder.resolve("run=2026-03-01-07-00-00"));
        Map<String, byte[]> before = content(folder);

        DemoArchive.Summary again = DemoArchive.write(folder);

        assertThat(again)
                .isEqualTo(new DemoArchive.Summary(
                        false, summary.runs(), summary.files(), summary.events(), summary.badRows(), summary.bytes()));
        assertSame(content(folder), before);
    }

    @Test
    void anArchiveThatWasCutShortIsCompleted() throws IOException {
        DemoArchive.write(folder);
        Files.delete(folder.resolve(DemoArchive.MARKER));
        Files.writeString(folder.resolve(DemoArchive.UNFINISHED), "waybill demo archive, format 1\n");
        deleteRun(folder.resolve(HALF_COPIED));
        Path file = folder.resolve(dataFiles().keySet().iterator().next());
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));

        assertThat(DemoArchive.write(folder)).isEqualTo(summary);
        assertSameAsDemo(folder);
    }

    @Test
    void anArchiveThatWasCutShortInItsFirstMomentIsCompleted() throws IOException {
        Files.createFile(folder.resolve(DemoArchive.UNFINISHED));
        assertThat(DemoArchive.write(folder)).isEqualTo(summary);
        assertSameAsDemo(folder);
    }

    @Test
    void aFolderWithSomethingElseIsRefusedAndStaysUntouched() throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "years of work");
        assertThatThrownBy(() -> DemoArchive.write(folder))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContaining("is not empty and is no demo archive");
        assertThat(content(folder)).containsOnlyKeys("thesis.txt");
        assertThat(folder.resolve("thesis.txt")).hasContent("years of work");
    }

    @Test
    void aDryRunSaysWhatWouldBeDoneAndChangesNothing() throws IOException {
        Path nowhere = folder.resolve("new");
        assertThat(Workbench.call("demo", "--dry-run", nowhere.toString()).err())
                .contains("would be written");
        assertThat(nowhere).doesNotExist();
        DemoArchive.write(nowhere);
        assertThat(Workbench.call("demo", "--dry-run", nowhere.toString()).err())
                .contains("is there already");
        Result refused = Workbench.call("demo", "--dry-run", folder.toString());
        assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.err()).contains("is not empty and is no demo archive");
        assertThat(Workbench.namesIn(folder)).containsExactly("new");
    }

    @Test
    void aFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("thesis.txt"), "years of work");
        assertThatThrownBy(() -> DemoArchive.write(file))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("is a file, want a new or an empty folder");
        assertThat(file).hasContent("years of work");
    }

    @Test
    void anArchiveOfAnotherFormatIsRefusedAndStaysUntouched() throws IOException {
        for (String name : List.of(DemoArchive.MARKER, DemoArchive.UNFINISHED)) {
            Path marker = Files.writeString(folder.resolve(name), "waybill demo archive, format 0\n");
            assertThatThrownBy(() -> DemoArchive.write(folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(
                            "it says 'waybill demo archive, format 0', want 'waybill demo archive, format 1'");
            assertThat(content(folder)).containsOnlyKeys(name);
            Files.delete(marker);
        }
    }

    @Test
    void aDamagedMarkerIsAClearError() throws IOException {
        Files.writeString(folder.resolve(DemoArchive.MARKER), "waybill demo archive, format 1\nruns 37\nfiles\n");
        assertThatThrownBy(() -> DemoArchive.write(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is damaged");
    }

    @Test
    void theRunsAreHourlyAndOneIsAReplay() {
        assertThat(runs())
                .startsWith("run=2026-03-01-00-00-00", "run=2026-03-01-01-00-00")
                .contains("run=2026-03-01-05-00-00", "run=2026-03-01-05-00-00-replay")
                .endsWith("run=2026-03-02-10-00-00", HALF_COPIED);
        assertThat(dataFiles().keySet().stream()
                        .collect(Collectors.groupingBy(DemoArchiveTest::folderOf, Collectors.counting()))
                        .values())
                .allMatch(files -> files >= 1 && files <= 4)
                .contains(1L, 4L);
    }

    @Test
    void oneRunIsEmptyAndOneIsHalfCopied() {
        assertThat(namesIn("run=2026-03-01-13-00-00/")).isEmpty();
        assertThat(runs().stream().filter(run -> namesIn(run + "/").isEmpty())).hasSize(1);
        assertThat(demo.keySet().stream().filter(name -> name.endsWith("._COPYING_")))
                .singleElement()
                .asString()
                .startsWith(HALF_COPIED + "/part-00002-");
        assertThat(namesIn(HALF_COPIED + "/")).hasSize(3).noneMatch(name -> name.endsWith("_SUCCESS"));
    }

    @Test
    void mostFilesAreGzipAndSomeArePlain() {
        assertThat(dataFiles().keySet().stream()
                        .filter(name -> name.endsWith(".gz"))
                        .count())
                .isGreaterThan(summary.files() / 2);
        assertThat(dataFiles().keySet())
                .anyMatch(name -> name.endsWith(".tsv"))
                .anyMatch(name -> !fileOf(name).contains("."));
        dataFiles()
                .forEach((name, bytes) -> assertThat(bytes[0] == 0x1f && bytes[1] == (byte) 0x8b)
                        .as(name)
                        .isEqualTo(name.endsWith(".gz")));
        assertThat(demo.keySet()).anyMatch(name -> name.endsWith("/_SUCCESS")).anyMatch(name -> name.endsWith(".crc"));
    }

    @Test
    void oneGzipHasSeveralMembersOneFileWindowsLineEndsAndOneNoLastLineEnd() {
        assertThat(dataFiles().entrySet().stream()
                        .filter(file -> members(file.getKey(), file.getValue()) > 1)
                        .map(Map.Entry::getKey))
                .singleElement()
                .asString()
                .startsWith("run=2026-03-01-03-00-00/");
        assertThat(dataFiles().keySet().stream().filter(name -> text(name).contains("\r\n")))
                .singleElement()
                .asString()
                .matches("run=2026-03-01-04-00-00/.*\\.tsv");
        assertThat(dataFiles().keySet().stream().filter(name -> !text(name).endsWith("\n")))
                .singleElement()
                .asString()
                .startsWith("run=2026-03-01-06-00-00/");
    }

    @Test
    void threeRunsHoldBadRowsOfSeveralKinds() {
        Map<String, List<Integer>> columns = new TreeMap<>();
        for (String name : dataFiles().keySet()) {
            List<Integer> counts = lines(name).stream()
                    .filter(DemoArchiveTest::isBad)
                    .map(line -> line.split("\t", -1).length)
                    .toList();
            if (!counts.isEmpty()) {
                columns.put(folderOf(name), counts);
            }
        }
        assertThat(columns)
                .containsExactly(
                        Map.entry("run=2026-03-01-02-00-00", List.of(128, 131)),
                        Map.entry("run=2026-03-01-08-00-00", List.of(131, 131, 1)),
                        Map.entry("run=2026-03-02-04-00-00", List.of(261, 131, 132)));
    }

    @Test
    void strangersLieBesideTheRuns() {
        assertThat(namesIn("reports/")).containsExactly("reports/2026-02-summary.csv");
        assertThat(namesIn(NEVER + "/")).hasSize(1);
        assertThat(demo.keySet().stream().filter(name -> !name.contains("/"))).containsExactly(DemoArchive.MARKER);
    }

    @Test
    void everyFileHoldsSomeDozenEventsOfTheHourBeforeItsRun() {
        assertThat(dataFiles().keySet()).allSatisfy(name -> {
            List<String> lines = lines(name);
            assertThat(lines).hasSizeBetween(40, 63);
            int hour = Integer.parseInt(name.substring(15, 17));
            assertThat(lines.get(0).split("\t", -1)[3].substring(11, 13)).isEqualTo("%02d".formatted((hour + 23) % 24));
        });
    }

    /** Whether a line has one of the faults that the demo archive promises. */
    private static boolean isBad(String line) {
        String[] columns = line.split("\t", -1);
        return columns.length != 131
                || columns[7].equals("12abc")
                || columns[3].contains(":61:")
                || (columns[2].equals("yesterday") && columns[103].equals("1920px"))
                || !isJson(columns[52]);
    }

    private static boolean isJson(String text) {
        try {
            new ObjectMapper().readTree(text);
            return true;
        } catch (JacksonException e) {
            return false;
        }
    }

    /** The complete data files of the runs, by path. */
    private static Map<String, byte[]> dataFiles() {
        Map<String, byte[]> files = new TreeMap<>(demo);
        files.keySet()
                .removeIf(name -> !name.startsWith("run=")
                        || name.startsWith(NEVER)
                        || !fileOf(name).startsWith("part-")
                        || name.endsWith("._COPYING_"));
        return files;
    }

    private static List<String> runs() {
        try (Stream<Path> folders = Files.list(shared.resolve("new/demo"))) {
            return folders.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("run=") && !name.equals(NEVER))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> namesIn(String prefix) {
        return demo.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    private static String folderOf(String name) {
        return name.substring(0, name.indexOf('/'));
    }

    private static String fileOf(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private static List<String> lines(String name) {
        String text = text(name).replace("\r\n", "\n");
        return List.of((text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1));
    }

    private static String text(String name) {
        byte[] bytes = requireNonNull(demo.get(name), name);
        if (!name.endsWith(".gz")) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** The members of a gzip file, told by the constant header that the JDK writes. */
    private static int members(String name, byte[] bytes) {
        int members = 0;
        for (int i = 0; name.endsWith(".gz") && i + 10 <= bytes.length; i++) {
            members += Arrays.equals(bytes, i, i + 10, bytes, 0, 10) ? 1 : 0;
        }
        return members;
    }

    private static void deleteRun(Path run) throws IOException {
        for (String name : content(run).keySet()) {
            Files.delete(run.resolve(name));
        }
        Files.delete(run);
    }

    private static void assertSameAsDemo(Path dir) throws IOException {
        assertSame(content(dir), demo);
        assertThat(dir.resolve("run=2026-03-01-13-00-00")).isEmptyDirectory();
    }

    private static void assertSame(Map<String, byte[]> actual, Map<String, byte[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, bytes) -> assertThat(actual.get(name)).as(name).isEqualTo(bytes));
    }

    /** All files below a folder by their path with slashes. */
    private static Map<String, byte[]> content(Path dir) throws IOException {
        Map<String, byte[]> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(dir.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        return content;
    }
}
