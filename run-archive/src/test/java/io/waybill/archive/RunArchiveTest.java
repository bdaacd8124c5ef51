package io.waybill.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening an archive and listing its runs. */
class RunArchiveTest {

    @TempDir
    private Path root;

    private final List<String> foreign = new ArrayList<>();

    @Test
    void runsAreListedOldestFirstInTheByteOrderOfTheirIds() throws Exception {
        List<String> inOrder = List.of(
                "run=2016-12-31-23-59-59/",
                "run=2017-04-11-10-00-00- /",
                "run=2017-04-11-10-00-00-A b/",
                "run=2017-04-11-10-00-00-a%2F/",
                "run=2017-04-11-10-00-00-a/",
                "run=2017-04-11-10-00-00-é/",
                "run=2017-04-11-10-00-00-\uffee/", // in UTF-16 this one would come behind the next
                "run=2017-04-11-10-00-00-😀/",
                "run=2017-04-11-10-00-00/", // the slash of the id is greater than the suffix's minus
                "run=2017-04-11-10-00-01/");
        List<String> shuffled = new ArrayList<>(inOrder);
        Collections.shuffle(shuffled, new Random(4));
        folders(shuffled);
        assertThat(ids(RunRange.all())).isEqualTo(inOrder);
        assertThat(inOrder)
                .isSortedAccordingTo(Comparator.comparing(id -> id.getBytes(UTF_8), Arrays::compareUnsigned));
        assertThat(foreign).isEmpty();
    }

    @Test
    void allThatIsNoRunIsReportedOnceForEachListingWithTheReason() throws Exception {
        folders(List.of("run=2017-04-11-10-00-00/", "run=2026-02-30-10-00-00/", "tmp/run=2017-04-11-11-00-00/"));
        Files.createFile(root.resolve("notes.txt"));
        Files.createFile(root.resolve("run=2017-04-11-12-00-00"));
        Files.createFile(root.resolve(".DS_Store"));
        Files.createDirectory(root.resolve(".waybill"));
        try (RunArchive archive = archive("run=uuuu-MM-dd-HH-mm-ss")) {
            for (int listing = 0; listing < 2; listing++) {
                foreign.clear();
                assertThat(ids(archive, RunRange.all())).containsExactly("run=2017-04-11-10-00-00/");
                assertThat(foreign)
                        .containsExactly(
                                "notes.txt: not a folder",
                                "run=2017-04-11-12-00-00: not a folder",
                                "run=2026-02-30-10-00-00/: names no real time: Invalid date 'FEBRUARY 30'",
                                "tmp/: does not match the layout run=uuuu-MM-dd-HH-mm-ss");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"date=/hour=", "date=(?<year>.{4})-(?<month>..)-(?<day>..)/hour=(?<hour>..)"})
    void foreignFoldersAndFilesAreReportedOnEveryLevel(String layout) throws Exception {
        folders(List.of(
                "date=2017-04-11/hour=10/part/",
                "date=2017-04-11/hour=09/",
                "date=2017-04-11/hour=24/",
                "date=2017-04-11/.hidden/",
                "date=2017-04-12/",
                "date=2017-02-29/hour=01/",
                "logs/hour=01/",
                ".trash/hour=01/"));
        Files.createFile(root.resolve("date=2017-04-11/readme"));
        Files.createFile(root.resolve("date=2017-04-13"));
        try (RunArchive archive = archive(layout)) {
            assertThat(ids(archive, RunRange.all()))
                    .containsExactly("date=2017-04-11/hour=09/", "date=2017-04-11/hour=10/");
        }
        assertThat(foreign)
                .satisfiesExactly(
                        what -> assertThat(what).startsWith("date=2017-02-29/: names no real time: "),
                        what -> assertThat(what).startsWith("date=2017-04-11/hour=24/: names no real time: "),
                        what -> assertThat(what).isEqualTo("date=2017-04-11/readme: not a folder"),
                        what -> assertThat(what).isEqualTo("date=2017-04-13: not a folder"),
                        what -> assertThat(what).isEqualTo("logs/: does not match the layout " + layout));
    }

    @Test
    void aFolderWhoseNameCannotBeARunIdIsForeign() throws Exception {
        folders(List.of("run=2017-04-11-10-00-00-a\nb/", "run=2017-04-11-10-00-00/"));
        assertThat(ids(RunRange.all())).containsExactly("run=2017-04-11-10-00-00/");
        assertThat(foreign)
                .singleElement()
                .asString()
                .startsWith("run=2017-04-11-10-00-00-a\\u000ab: a run id cannot hold U+000A");
    }

    @Test
    void anIdOfMoreThan1024BytesIsForeign() throws Exception {
        String layout = "(x*)(?<year>.{4})/(x*)(?<month>..)/(x*)(?<day>..)/(x*)(?<hour>..)/(x*)(?<minute>..)";
        String fits = Stream.of("2017", "04", "11", "10", "05")
                .map(part -> "x".repeat(203 - part.length()) + part + "/")
                .reduce("", String::concat);
        String tooLong = fits.substring(0, fits.length() - 3) + "xxxxx06/";
        assertThat(tooLong).hasSize(1025);
        folders(List.of(fits, tooLong));
        try (RunArchive archive = archive(layout)) {
            assertThat(ids(archive, RunRange.all())).containsExactly(fits);
        }
        assertThat(foreign).singleElement().asString().contains("at most 1024 bytes");
    }

    @Test
    void aFolderNameThatIsNoTextIsForeign() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        Process shell = new ProcessBuilder("/bin/sh", "-c", "mkdir \"$(printf 'run=2017-04-11-10-00-00-\\377')\"")
                .directory(root.toFile())
                .start();
        assumeTrue(shell.waitFor() == 0); // some file systems refuse such a name
        assertThat(ids(RunRange.all())).isEmpty();
        assertThat(foreign).singleElement().asString().endsWith(LocalStorage.UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run=uuuu-MM-dd-HH-mm-ss", "date=/hour=", "uuuu/MM/dd/HH"})
    void aRangeListsExactlyTheRunsInIt(String layout) throws Exception {
        List<String> all = new ArrayList<>();
        for (int day = 10; day < 13; day++) {
            for (int hour = 8; hour < 11; hour++) {
                all.add(
                        switch (layout) {
                            case "date=/hour=" -> "date=2017-04-%d/hour=%02d/".formatted(day, hour);
                            case "uuuu/MM/dd/HH" -> "2017/04/%d/%02d/".formatted(day, hour);
                            default -> "run=2017-04-%d-%02d-00-00/".formatted(day, hour);
                        });
            }
        }
        folders(all);
        List<String> bounds = new ArrayList<>(List.of("", "\uffff", "zzz"));
        for (String id : all) { // every cut of every id
            for (int end = 0; end <= id.length(); end++) {
                bounds.add(id.substring(0, end));
            }
            bounds.add(id + "x");
        }
        List<RunRange> ranges = new ArrayList<>(List.of(RunRange.all()));
        bounds.stream().distinct().forEach(bound -> {
            ranges.add(new RunRange(bound, null));
            ranges.add(new RunRange("", bound));
            ranges.add(RunRange.startingWith(bound));
            ranges.add(new RunRange(bound, all.get(5)));
        });
        try (RunArchive archive = archive(layout)) {
            for (RunRange range : ranges) {
                List<String> within =
                        all.stream().filter(id -> range.contains(new RunId(id))).toList();
                assertThat(ids(archive, range)).as("%s", range).isEqualTo(within);
            }
        }
    }

    @Test
    void aRangeReportsOnlyTheForeignFoldersInIt() throws Exception {
        folders(List.of("a/", "run=2017-04-11-10-00-00/", "run=2017-04-1x/", "z/"));
        assertThat(ids(RunRange.startingWith("run=2017-04-11"))).hasSize(1);
        assertThat(foreign).isEmpty();
        assertThat(ids(new RunRange("run=2017-04-11", null))).hasSize(1);
        assertThat(foreign)
                .extracting(what -> what.substring(0, what.indexOf(':')))
                .containsExactly("run=2017-04-1x/", "z/");
    }

    @Test
    void aFolderLevelIsReadOnlyWhenItsTurnComes() throws Exception {
        folders(List.of("date=2017-04-11/hour=10/"));
        try (RunArchive archive = archive("date=/hour=");
                Stream<RunId> runs = archive.runs(RunRange.all())) {
            folders(List.of("date=2017-04-12/hour=11/", "date=2017-04-13/hour=12/"));
            Iterator<RunId> each = runs.iterator();
            assertThat(each.next()).hasToString("date=2017-04-11/hour=10/");
            folders(List.of("date=2017-04-12/hour=12/"));
            Files.delete(root.resolve("date=2017-04-13/hour=12"));
            Files.delete(root.resolve("date=2017-04-13"));
            assertThat(each)
                    .toIterable()
                    .extracting(RunId::key)
                    .containsExactly("date=2017-04-12/hour=11/", "date=2017-04-12/hour=12/");
        }
    }

    @Test
    void runFoldersMayBeSymbolicLinksButNotToNothing(@TempDir Path elsewhere) throws Exception {
        Files.createSymbolicLink(root.resolve("run=2017-04-11-10-00-00"), elsewhere);
        Files.createSymbolicLink(root.resolve("run=2017-04-11-11-00-00"), elsewhere.resolve("nothing"));
        assertThat(ids(RunRange.all())).containsExactly("run=2017-04-11-10-00-00/");
        assertThat(foreign).containsExactly("run=2017-04-11-11-00-00: not a folder");
    }

    @Test
    void anEmptyRootHasNoRuns() throws Exception {
        assertThat(ids(RunRange.all())).isEmpty();
        assertThat(foreign).isEmpty();
    }

    @Test
    void aRootThatIsNotThereOrIsNoFolderIsRefusedWithItsAbsolutePath() throws Exception {
        Path missing = root.resolve("missing");
        assertThatThrownBy(RunArchive.at(missing.toString())::open)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage("%s: there is no such folder, want an archive of runs", missing);
        assertThatThrownBy(RunArchive.at("no/such/folder")::open)
                .hasMessageStartingWith(
                        Path.of("no/such/folder").toAbsolutePath().toString());
        Path file = Files.createFile(root.resolve("file"));
        assertThatThrownBy(RunArchive.at(file.toString())::open)
                .isInstanceOf(FileSystemException.class)
                .hasMessage("%s: is a file where a folder is wanted", file);
    }

    @Test
    void aRootThatVanishesFailsTheListingAndKeepsFailingIt() throws Exception {
        Path going = Files.createDirectory(root.resolve("going"));
        try (RunArchive archive = RunArchive.at(going.toString()).open();
                Stream<RunId> runs = archive.runs(RunRange.all())) {
            Files.delete(going);
            Iterator<RunId> each = runs.iterator();
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(each::hasNext)
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining("cannot list the runs in %s", going)
                        .hasCauseInstanceOf(NoSuchFileException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gs://bucket/a", "file:///tmp"})
    void aLocationOfAnotherKindIsRefused(String location) {
        assertThatThrownBy(() -> RunArchive.at(location))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'%s': want a local folder such as", location);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3:bucket", "s3://", "s3:///archive/", "s3a:/bucket/", "s3n://buc ket/a"})
    void aLocationThatIsNoPlaceInS3IsRefused(String location) {
        assertThatThrownBy(() -> RunArchive.at(location))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'%s' is no place in S3, want one such as s3://bucket/enriched/archive/", location);
    }

    @Test
    void aBlankLocationIsRefused() {
        assertThatThrownBy(() -> RunArchive.at(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be blank");
    }

    @Test
    void anArchiveNamesItsAbsoluteLocationAndThatOfItsRuns() throws Exception {
        try (RunArchive archive = RunArchive.at(root + "/./").open()) {
            assertThat(archive.location()).isEqualTo(root.toString());
            assertThat(archive).hasToString("archive " + root);
            assertThat(archive.layout()).isEqualTo(RunLayout.DEFAULT);
            assertThat(archive.location(new RunId("date=2017-04-11/hour=10/")))
                    .isEqualTo(root.resolve("date=2017-04-11/hour=10").toString());
        }
        try (RunArchive here = RunArchive.at(".").open()) {
            assertThat(here.location()).isEqualTo(Path.of("").toAbsolutePath().toString());
        }
    }

    @Test
    void aLocationBehindASymbolicLinkAndUpIsTheOneThatTheSystemMeans(@TempDir Path elsewhere) throws Exception {
        folders(List.of("a/run=2017-01-01-00-00-00/"));
        Files.createDirectories(elsewhere.resolve("b/run=2018-01-01-00-00-00"));
        Files.createDirectories(elsewhere.resolve("b/c"));
        Files.createSymbolicLink(root.resolve("a/link"), elsewhere.resolve("b/c"));
        try (RunArchive archive =
                RunArchive.at(root + "/a/link/..").onForeign(foreign::add).open()) {
            assertThat(ids(archive, RunRange.all())).containsExactly("run=2018-01-01-00-00-00/");
            assertThat(archive.inspect(new RunId("run=2018-01-01-00-00-00/")).status())
                    .isEqualTo(RunInspection.Status.EMPTY);
        }
    }

    private void folders(List<String> names) throws IOException {
        for (String name : names) {
            Files.createDirectories(root.resolve(name));
        }
    }

    private RunArchive archive(String layout) throws IOException {
        return RunArchive.at(root.toString())
                .layout(RunLayout.of(layout))
                .onForeign(foreign::add)
                .open();
    }

    private List<String> ids(RunRange range) throws IOException {
        foreign.clear();
        try (RunArchive archive = archive("run=uuuu-MM-dd-HH-mm-ss")) {
            return ids(archive, range);
        }
    }

    private static List<String> ids(RunArchive archive, RunRange range) {
        try (Stream<RunId> runs = archive.runs(range)) {
            return runs.map(RunId::key).toList();
        }
    }
}
