package io.waybill.archive;

import static io.waybill.archive.RunInspection.Status.EMPTY;
import static io.waybill.archive.RunInspection.Status.NOT_READY;
import static io.waybill.archive.RunInspection.Status.READY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waybill.archive.RunInspection.Status;
import io.waybill.manifest.RunId;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Looking into a run: its input files and whether it is ready. */
class RunInspectionTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");
    private static final Instant WRITTEN = Instant.parse("2017-04-11T11:00:00Z");
    private static final Duration QUIET = Duration.ofMinutes(15);

    @TempDir
    private Path root;

    private Path folder = Path.of("");

    @BeforeEach
    void makeTheRun() throws IOException {
        folder = Files.createDirectory(root.resolve("run=2017-04-11-10-00-00"));
    }

    @Test
    void aRunWithInputFilesIsReadyAndTellsThemInByteOrderWithSizeAndTime() throws Exception {
        write("b/part-0", 3);
        write("b-1", 4);
        write("\uffee", 0);
        write("😀", 1);
        write("B", 2);
        write("nested/a/b/part 1.gz", 5);
        RunInspection inspection = inspect();
        assertThat(inspection.status()).isEqualTo(READY);
        assertThat(inspection.run()).isEqualTo(RUN);
        assertThat(inspection.reason()).isEqualTo("6 input files");
        assertThat(inspection.files())
                .containsExactly(
                        new RunFile(RUN, "B", 2, WRITTEN, ""),
                        new RunFile(RUN, "b-1", 4, WRITTEN, ""),
                        new RunFile(RUN, "b/part-0", 3, WRITTEN, ""),
                        new RunFile(RUN, "nested/a/b/part 1.gz", 5, WRITTEN, ""),
                        new RunFile(RUN, "\uffee", 0, WRITTEN, ""),
                        new RunFile(RUN, "😀", 1, WRITTEN, ""));
        assertThat(inspection.bytes()).isEqualTo(15);
    }

    @Test
    void hiddenMarkerAndChecksumNamesAreNoInputFiles() throws Exception {
        for (String name : List.of(
                "_SUCCESS",
                ".part-0.crc",
                "part-0.crc",
                "sub_$folder$",
                "_temporary/0/part-1",
                ".git/config",
                "a.crc/part-2",
                "a/_b/c/part-3")) {
            write(name, 1);
        }
        assertThat(inspect().status()).isEqualTo(EMPTY);
        assertThat(inspect().reason()).isEqualTo("no input files, left out by name: '.git/config' and 7 more");
        write("crc", 1);
        write("part_", 1);
        write("part.tmp.gz", 1);
        write("a.part.b/x_", 1);
        assertThat(names(inspect())).containsExactly("a.part.b/x_", "crc", "part.tmp.gz", "part_");
        assertThat(inspect().reason()).isEqualTo("4 input files, left out by name: '.git/config' and 7 more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "part-1.tmp",
                "part-1.gz.part",
                "part-1.gz._COPYING_",
                "deep/below/x.tmp",
                "deep.tmp/part-2",
                ".x.tmp",
                "_temporary/0/y.part"
            })
    void aTemporaryNameAnywhereMakesARunNotReady(String name) throws Exception {
        write("part-0", 1);
        assertThat(inspect().status()).isEqualTo(READY);
        write(name, 1);
        RunInspection inspection = inspect();
        assertThat(inspection.status()).isEqualTo(NOT_READY);
        assertThat(inspection.reason())
                .contains("still being written", name.startsWith("deep.") ? "'deep.tmp'" : "'" + name + "'");
        assertThat(names(inspection)).containsExactly("part-0");
    }

    @Test
    void aTemporaryNameCountsWithoutInputFilesAndForEmptyFoldersToo() throws Exception {
        Files.createDirectory(folder.resolve("upload.part"));
        assertThat(inspect().status()).isEqualTo(NOT_READY);
        Files.delete(folder.resolve("upload.part"));
        write("x.tmp", 1);
        assertThat(inspect().status()).isEqualTo(NOT_READY);
    }

    @Test
    void aRunWhoseOwnNameIsTemporaryIsNotReady() throws Exception {
        Path other = Files.createDirectory(root.resolve("run=2017-04-11-10-00-00-copy.part"));
        Files.writeString(other.resolve("part-0"), "x");
        try (RunArchive archive = RunArchive.at(root.toString()).open()) {
            RunInspection inspection = archive.inspect(new RunId("run=2017-04-11-10-00-00-copy.part/"));
            assertThat(inspection.status()).isEqualTo(NOT_READY);
            assertThat(inspection.reason()).contains("'run=2017-04-11-10-00-00-copy.part'");
        }
    }

    @Test
    void aRunWithoutAnyFileIsEmptyWhateverTheQuietPeriod() throws Exception {
        Files.createDirectories(folder.resolve("nested/folder"));
        assertThat(inspect(RunArchive.at(root.toString()).quietPeriod(QUIET)).status())
                .isEqualTo(EMPTY);
        assertThat(inspect().reason()).isEqualTo("no input files");
        assertThat(inspect().bytes()).isZero();
    }

    @Test
    void aQuietPeriodEndsWhenTheNewestFileIsThatOld() throws Exception {
        write("old", 1);
        write("new", 1);
        Files.setLastModifiedTime(folder.resolve("old"), FileTime.from(WRITTEN.minusSeconds(86_400)));
        assertThat(statusAt(WRITTEN.plus(QUIET).minusNanos(1))).isEqualTo(NOT_READY);
        assertThat(statusAt(WRITTEN.plus(QUIET))).isEqualTo(READY);
        assertThat(statusAt(WRITTEN.minusSeconds(60)))
                .isEqualTo(NOT_READY); // by this clock the file is from the future
        RunInspection inspection = inspect(quietAt(WRITTEN.plusSeconds(60)));
        assertThat(inspection.reason())
                .isEqualTo("modified within the quiet period of PT15M:"
                        + " 'new' at 2017-04-11T11:00:00Z, and now is 2017-04-11T11:01:00Z");
        assertThat(names(inspection)).containsExactly("new", "old");
    }

    @Test
    void everyFileCountsForTheQuietPeriodAlsoThoseThatAreNoInput() throws Exception {
        write("part-0", 1);
        write("_temporary/0/part-1", 1);
        Files.setLastModifiedTime(folder.resolve("part-0"), FileTime.from(WRITTEN.minusSeconds(86_400)));
        assertThat(statusAt(WRITTEN)).isEqualTo(NOT_READY);
        Files.delete(folder.resolve("part-0"));
        assertThat(statusAt(WRITTEN)).isEqualTo(NOT_READY);
        assertThat(statusAt(WRITTEN.plus(QUIET))).isEqualTo(EMPTY);
    }

    @Test
    void withoutAQuietPeriodTheClockDoesNotMatter() throws Exception {
        write("part-0", 1);
        InstantSource past = InstantSource.fixed(WRITTEN.minusSeconds(60));
        assertThat(inspect(RunArchive.at(root.toString()).clock(past)).status()).isEqualTo(READY);
        assertThat(inspect(RunArchive.at(root.toString())
                                .quietPeriod(Duration.ZERO)
                                .clock(past))
                        .status())
                .isEqualTo(READY);
    }

    @Test
    void aReadyMarkerMustBeAFileInTheRunsOwnFolder() throws Exception {
        RunArchive.Builder marked = RunArchive.at(root.toString()).readyMarker("_SUCCESS");
        assertThat(inspect(marked).status()).isEqualTo(NOT_READY);
        write("part-0", 1);
        write("nested/_SUCCESS", 1);
        Files.createFile(root.resolve("_SUCCESS"));
        assertThat(inspect(marked).status()).isEqualTo(NOT_READY);
        assertThat(inspect(marked).reason()).isEqualTo("the ready marker '_SUCCESS' is not there");
        Files.createDirectory(folder.resolve("_SUCCESS"));
        assertThat(inspect(marked).status()).isEqualTo(NOT_READY);
        Files.delete(folder.resolve("_SUCCESS"));
        write("_SUCCESS", 0);
        assertThat(inspect(marked).status()).isEqualTo(READY);
        Files.delete(folder.resolve("part-0"));
        assertThat(inspect(marked).status()).isEqualTo(EMPTY);
    }

    @Test
    void aReadyMarkerIsNoInputFileWhateverItsName() throws Exception {
        write("DONE", 1);
        write("part-0", 1);
        assertThat(names(inspect(RunArchive.at(root.toString()).readyMarker("DONE"))))
                .containsExactly("part-0");
        assertThat(names(inspect())).containsExactly("DONE", "part-0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b", ".", ".."})
    void aReadyMarkerThatIsNoFileNameIsRefused(String name) {
        assertThatThrownBy(() -> RunArchive.at(".").readyMarker(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not '%s'", name);
    }

    @Test
    void aNegativeQuietPeriodIsRefused() {
        assertThatThrownBy(() -> RunArchive.at(".").quietPeriod(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be negative: PT-1S");
    }

    @Test
    void linksToFilesAndFoldersAreFollowed(@TempDir Path elsewhere) throws Exception {
        Files.writeString(elsewhere.resolve("part-7"), "seven");
        Files.createSymbolicLink(folder.resolve("linked"), elsewhere);
        Files.createSymbolicLink(folder.resolve("part-0"), elsewhere.resolve("part-7"));
        assertThat(names(inspect())).containsExactly("linked/part-7", "part-0");
        assertThat(inspect().bytes()).isEqualTo(10);
    }

    @Test
    void aLinkBackToAFolderAboveIsRefusedSoThatNoDataCountTwice() throws Exception {
        write("part-0", 1);
        Path link = Files.createSymbolicLink(folder.resolve("back"), folder);
        refused(FileSystemLoopException.class, link);
        Files.delete(link);
        Files.createSymbolicLink(link, root);
        refused(FileSystemLoopException.class, link);
        Files.delete(link);
        Files.createSymbolicLink(folder.resolve("_back"), folder);
        assertThat(names(inspect())).containsExactly("part-0");
    }

    @Test
    void aLinkToNothingIsRefusedUnlessItsNameIsIgnored() throws Exception {
        Files.createSymbolicLink(folder.resolve(".lock"), Path.of("nobody@host"));
        assertThat(inspect().status()).isEqualTo(EMPTY);
        Path link = Files.createSymbolicLink(folder.resolve("part-0"), Path.of("nothing"));
        refused(FileSystemException.class, link);
        Files.delete(link);
        Files.createSymbolicLink(link, link);
        refused(FileSystemException.class, link);
        Files.delete(link);
        Files.createSymbolicLink(folder.resolve("x.tmp"), Path.of("nothing"));
        assertThat(inspect().status()).isEqualTo(NOT_READY);
    }

    @Test
    void aPipeInPlaceOfAFileIsRefused() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")));
        Path pipe = folder.resolve("part-0");
        assumeTrue(
                new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor() == 0);
        refused(FileSystemException.class, pipe);
    }

    @Test
    void aRunThatIsNotThereIsAnErrorThatNamesIt() throws Exception {
        Files.delete(folder);
        assertThatThrownBy(this::inspect)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage("%s: the folder of run %s is not there (any more)", folder, RUN);
        Files.createFile(folder);
        assertThatThrownBy(this::inspect)
                .isInstanceOf(IOException.class)
                .hasMessage("%s: is a file where a folder is wanted", folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x/", "run=1/../../x/", "/etc/", "./", "a//b/", "a/./b/", "..//", "/"})
    void anIdThatLeavesTheArchiveIsRefused(String id) throws Exception {
        try (RunArchive archive = RunArchive.at(root.toString()).open()) {
            assertThatThrownBy(() -> archive.inspect(new RunId(id)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is no path below " + root);
            assertThatThrownBy(() -> archive.location(new RunId(id))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anIdWithoutItsSlashIsRefusedSoThatARunHasOneIdOnly() throws Exception {
        try (RunArchive archive = RunArchive.at(root.toString()).open()) {
            assertThatThrownBy(() -> archive.inspect(new RunId("run=2017-04-11-10-00-00")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("want 'run=2017-04-11-10-00-00/'");
        }
    }

    private void refused(Class<? extends IOException> cause, Path what) {
        assertThatThrownBy(this::inspect)
                .isInstanceOf(IOException.class)
                .hasCauseInstanceOf(cause)
                .hasMessageContaining("cannot list the files of run " + RUN)
                .hasMessageContaining(what.toString());
    }

    private void write(String name, int bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[bytes]);
        Files.setLastModifiedTime(file, FileTime.from(WRITTEN));
    }

    private RunArchive.Builder quietAt(Instant now) {
        return RunArchive.at(root.toString()).quietPeriod(QUIET).clock(InstantSource.fixed(now));
    }

    private Status statusAt(Instant now) throws IOException {
        return inspect(quietAt(now)).status();
    }

    private RunInspection inspect() throws IOException {
        return inspect(RunArchive.at(root.toString()));
    }

    private static RunInspection inspect(RunArchive.Builder builder) throws IOException {
        try (RunArchive archive = builder.open()) {
            return archive.inspect(RUN);
        }
    }

    private static List<String> names(RunInspection inspection) {
        return inspection.files().stream().map(RunFile::name).toList();
    }
}
