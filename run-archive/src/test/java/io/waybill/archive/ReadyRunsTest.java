package io.waybill.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runs that can be processed now, out of those that are pending. */
class ReadyRunsTest {

    @TempDir
    private Path root;

    private void file(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x");
    }

    @Test
    void runsThatAreNotCompleteAreLeftOut() throws IOException {
        file("run=2017-04-11-10-00-00/part-0.tsv");
        Files.createDirectory(root.resolve("run=2017-04-11-11-00-00"));
        file("run=2017-04-11-12-00-00/part-0.tsv._COPYING_");
        file("run=2017-04-11-14-00-00/part-0.tsv");

        try (RunArchive archive = RunArchive.at(root.toString()).open();
                Stream<RunId> ready = archive.ready(archive.runs(RunRange.all()))) {
            assertThat(ready.map(RunId::key)).containsExactly("run=2017-04-11-10-00-00/", "run=2017-04-11-14-00-00/");
        }
    }

    @Test
    void aRunWhoseFilesCannotBeListedIsAnErrorThatNamesIt() throws IOException {
        file("run=2017-04-11-13-00-00/part-0.tsv");
        Files.createSymbolicLink(root.resolve("run=2017-04-11-13-00-00/gone"), root.resolve("nowhere"));

        try (RunArchive archive = RunArchive.at(root.toString()).open();
                Stream<RunId> ready = archive.ready(archive.runs(RunRange.all()))) {
            assertThatThrownBy(ready::count)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(
                            "archive %s: the files of run run=2017-04-11-13-00-00/ cannot be listed: ", root);
        }
    }

    @Test
    void noRunIsLookedIntoByNobody() throws IOException {
        try (RunArchive archive = RunArchive.at(root.toString()).open()) {
            assertThatThrownBy(() -> archive.inspect(Stream.of(), 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("parallelism is 0, want 1 or more");
        }
    }

    @Test
    void theRulesOfTheArchiveHoldAndTheListingIsClosed() throws IOException {
        file("run=2017-04-11-10-00-00/part-0.tsv");
        file("run=2017-04-11-10-00-00/_SUCCESS");
        file("run=2017-04-11-11-00-00/part-0.tsv");
        AtomicBoolean closed = new AtomicBoolean();

        try (RunArchive archive =
                        RunArchive.at(root.toString()).readyMarker("_SUCCESS").open();
                Stream<RunId> ready = archive.ready(archive.runs(RunRange.all()).onClose(() -> closed.set(true)))) {
            assertThat(ready.map(RunId::key)).containsExactly("run=2017-04-11-10-00-00/");
        }

        assertThat(closed).isTrue();
    }
}
