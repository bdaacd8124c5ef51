package io.waybill.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.archive.RunInspection.Status;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of another file system is the archive that it would be as a local one. */
class ArchiveFolderTest {

    private static final String READY = "run=2017-04-11-09-00-00/";
    private static final String HALF = "run=2017-04-11-10-00-00/";

    @TempDir
    private Path root;

    /** A local folder, as another file system would give it. */
    private record Elsewhere(Path root, String idPrefix) implements ArchiveFolder {

        @Override
        public String location() {
            return "elsewhere://" + root + "/";
        }

        @Override
        public List<Entry> list(String path) throws IOException {
            List<Entry> entries = new ArrayList<>();
            try (Stream<Path> found = Files.list(root.resolve(path))) {
                for (Path file : found.toList()) {
                    String name = String.valueOf(file.getFileName());
                    entries.add(new Entry(
                            name,
                            Files.isDirectory(file),
                            Files.size(file),
                            Files.getLastModifiedTime(file).toInstant()));
                }
            }
            return entries;
        }

        @Override
        public InputStream open(String path) throws IOException {
            return Files.newInputStream(root.resolve(path));
        }
    }

    @BeforeEach
    void writeRuns() throws IOException {
        Path ready = root.resolve(READY);
        Files.createDirectories(ready.resolve("deep/er"));
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write("zipped".getBytes(UTF_8));
        }
        Files.write(ready.resolve("part-1.gz"), zipped.toByteArray());
        Files.writeString(ready.resolve("_SUCCESS"), "");
        Files.writeString(ready.resolve("deep/er/part-0"), "plain");
        Files.writeString(Files.createDirectory(root.resolve(HALF)).resolve("part-0._COPYING_"), "half");
        Files.createDirectory(root.resolve("run=2017-04-31-10-00-00"));
        Files.writeString(root.resolve("notes.txt"), "");
    }

    private static List<String> listing(RunArchive.Builder builder, String prefix) throws IOException {
        List<String> told = new ArrayList<>();
        try (RunArchive archive = builder.onForeign(told::add).open();
                Stream<RunId> runs = archive.runs(RunRange.all())) {
            for (RunId run : runs.toList()) {
                RunInspection found = archive.inspect(run);
                told.add(archive.path(run) + " " + found.status() + " " + found.reason());
                assertThat(run.key()).isEqualTo(prefix + archive.path(run));
                for (RunFile file : found.files()) {
                    try (InputStream in = archive.open(file)) {
                        told.add("%s %d %s %s"
                                .formatted(
                                        file.name(),
                                        file.size(),
                                        file.modified(),
                                        new String(in.readAllBytes(), UTF_8)));
                    }
                }
            }
        }
        return told;
    }

    @Test
    void itsRunsAreThoseOfALocalArchive() throws IOException {
        List<String> local = listing(RunArchive.at(root.toString()), "");

        assertThat(local)
                .hasSize(6)
                .anyMatch(line -> line.endsWith("zipped"))
                .anyMatch(line -> line.contains("NOT_READY"));
        assertThat(listing(RunArchive.in(new Elsewhere(root, "")), "")).isEqualTo(local);
        assertThat(listing(RunArchive.in(new Elsewhere(root, "enriched/")), "enriched/"))
                .isEqualTo(local);
    }

    @Test
    void aRunOfAnotherArchiveIsRefused() throws IOException {
        try (RunArchive archive =
                RunArchive.in(new Elsewhere(root, "enriched/")).open()) {
            assertThatThrownBy(() -> archive.inspect(new RunId(READY)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("'" + READY + "' is none of archive", "'enriched/run=…/'");
            assertThatThrownBy(() -> archive.inspect(new RunId("enriched/../" + READY)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("it has the part '..'");
        }
    }

    @Test
    void aFolderThatIsNotThereIsAnErrorAndARunThatIsNotThereToo() throws IOException {
        try (RunArchive archive =
                RunArchive.in(new Elsewhere(root.resolve("none"), "")).open()) {
            assertThatThrownBy(() -> archive.runs(RunRange.all()).toList())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot list the runs in elsewhere://");
        }
        try (RunArchive archive = RunArchive.in(new Elsewhere(root, "")).open()) {
            assertThatThrownBy(() -> archive.inspect(new RunId("run=2017-04-11-11-00-00/")))
                    .isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void itHasNoRegion() {
        assertThatThrownBy(() -> RunArchive.in(new Elsewhere(root, ""))
                        .region("eu-west-1")
                        .open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is a folder of another file system: it has no client, region or endpoint");
    }

    @Test
    void aRunWithTemporaryNamesIsNotReady() throws IOException {
        try (RunArchive archive = RunArchive.in(new Elsewhere(root, "")).open()) {
            assertThat(archive.inspect(new RunId(HALF)).status()).isEqualTo(Status.NOT_READY);
        }
    }
}
