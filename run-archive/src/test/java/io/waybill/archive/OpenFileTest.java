package io.waybill.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening the files of a run. */
class OpenFileTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00-späte 😀/");

    @TempDir
    private Path root;

    private Path folder = Path.of("");

    @BeforeEach
    void makeTheRun() throws IOException {
        folder = Files.createDirectories(root.resolve(RUN.key()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\u001f", "one\ttwo\r\n\n", "\0\0"})
    void aPlainFileIsReadAsItIs(String text) throws Exception {
        Files.writeString(folder.resolve("part-0"), text);
        assertThat(read("part-0")).asString(UTF_8).isEqualTo(text);
    }

    @Test
    void aLargePlainFileIsReadAsItIsByAnyMeans() throws Exception {
        byte[] data = new byte[300_001];
        new Random(5).nextBytes(data);
        data[0] = 0;
        Files.write(folder.resolve("part-0"), data);
        assertThat(read("part-0")).isEqualTo(data);
        LongAdder progress = new LongAdder();
        try (RunArchive archive = RunArchive.at(root.toString()).open();
                InputStream in = archive.open(file("part-0"), progress::add)) {
            assertThat(in.read()).isZero();
            in.skipNBytes(100_000);
            assertThat(in.read()).isEqualTo(data[100_001] & 0xff);
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(data, 100_002, data.length));
        }
        assertThat(progress.sum()).isEqualTo(data.length);
    }

    @ParameterizedTest
    @CsvSource({"one, one two", "one two, one", "one, ''"})
    void aFileThatHasChangedSinceItsRunWasLookedIntoIsNoInput(String seen, String now) throws Exception {
        for (boolean zipped : new boolean[] {false, true}) {
            Path path = folder.resolve("part-0");
            Files.write(path, zipped ? GzipMembersTest.gzip(seen.getBytes(UTF_8)) : seen.getBytes(UTF_8));
            RunFile file = file("part-0");
            Files.write(
                    path, zipped && !now.isEmpty() ? GzipMembersTest.gzip(now.getBytes(UTF_8)) : now.getBytes(UTF_8));
            try (RunArchive archive = RunArchive.at(root.toString()).open()) {
                assertThatThrownBy(() -> {
                            try (InputStream in = archive.open(file)) {
                                in.readAllBytes();
                            }
                        })
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("part-0")
                        .hasMessageEndingWith(
                                "ends after %d bytes and had %d when its run was looked into: it has changed meanwhile"
                                        .formatted(Files.size(path), file.size()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"part-0.gz", "part-0", "nested/part 0.txt"})
    void gzipIsToldByItsMagicBytesWhateverTheName(String name) throws Exception {
        Files.createDirectories(folder.resolve(name).getParent());
        byte[] one = GzipMembersTest.gzip("one\n".getBytes(UTF_8));
        Files.write(folder.resolve(name), GzipMembersTest.join(one, one));
        assertThat(read(name)).asString(UTF_8).isEqualTo("one\none\n");
    }

    @ParameterizedTest
    @CsvSource({
        "part-0.gz, '', is empty",
        "part-0.GZ, x, starts with the bytes 78",
        "part-0.gz, plain, starts with the bytes 70 6c"
    })
    void aFileNamedGzThatIsNoneIsAnErrorThatTellsItsFirstBytes(String name, String text, String found)
            throws Exception {
        Path file = Files.writeString(folder.resolve(name), text);
        assertThatThrownBy(() -> read(name))
                .isInstanceOf(IOException.class)
                .hasMessage("%s: named .gz, but not gzip: it %s, want 1f 8b", file, found);
    }

    @ParameterizedTest
    @CsvSource({
        "28b52ffd24, zstd",
        "425a6839314159265359, bzip2",
        "fd377a585a00, xz",
        "894c5a4f000d0a1a0a, lzop",
        "04224d1864, LZ4",
        "504b0304, ZIP"
    })
    void aFileInAnotherFormatIsAnErrorAndNotReadAsText(String bytes, String format) throws Exception {
        Path file = Files.write(folder.resolve("part-0"), HexFormat.of().parseHex(bytes));
        assertThatThrownBy(() -> read("part-0"))
                .isInstanceOf(IOException.class)
                .hasMessage("%s: it starts as %s does, want plain text or gzip", file, format);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BZ", "BZh\tx", "BZh9web\tx", "BZh91AY\t", "PK\t", "7z\tx"})
    void aTextThatStartsAlikeIsRead(String text) throws Exception {
        Files.writeString(folder.resolve("part-0"), text);
        assertThat(read("part-0")).asString(UTF_8).isEqualTo(text);
    }

    @Test
    void damageIsAnErrorThatNamesTheFileAndTheOffset() throws Exception {
        byte[] one = GzipMembersTest.gzip("one\n".getBytes(UTF_8));
        Path file = Files.write(folder.resolve("part-0"), GzipMembersTest.join(one, Arrays.copyOf(one, 9)));
        assertThatThrownBy(() -> read("part-0"))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "%s: truncated in a gzip member's header, at byte %d of the compressed file",
                        file, one.length + 9);
    }

    @Test
    void progressAddsUpToTheBytesOfTheFileAsStored() throws Exception {
        byte[] data = new byte[500_000];
        new Random(6).nextBytes(data);
        byte[] gzip = GzipMembersTest.gzip(data);
        Files.write(folder.resolve("part-0.gz"), gzip);
        LongAdder progress = new LongAdder();
        try (RunArchive archive = RunArchive.at(root.toString()).open();
                InputStream in = archive.open(file("part-0.gz"), progress::add)) {
            assertThat(in.readNBytes(1000)).hasSize(1000);
            assertThat(progress.sum()).isBetween(1000L, 70_000L);
            assertThat(in.readAllBytes()).hasSize(499_000);
        }
        assertThat(progress.sum()).isEqualTo(gzip.length);
    }

    @Test
    void theFilesOfAnInspectionOpen() throws Exception {
        Files.writeString(folder.resolve("part-é 😀"), "one\n");
        try (RunArchive archive = RunArchive.at(root.toString()).open()) {
            for (RunFile file : archive.inspect(RUN).files()) {
                try (InputStream in = archive.open(file)) {
                    assertThat(in.readAllBytes()).hasSize((int) file.size());
                }
            }
        }
    }

    @Test
    void aFileThatIsNotThereOrCannotBeReadIsAnErrorThatNamesIt() throws Exception {
        assertThatThrownBy(() -> read("part-0"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(folder.resolve("part-0").toString());
        Files.createDirectory(folder.resolve("part-1"));
        assertThatThrownBy(() -> read("part-1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder.resolve("part-1").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/etc/passwd", "", "a//b", "a/../../../x", "a\0b"})
    void aNameThatLeavesTheRunIsRefused(String name) throws IOException {
        RunFile elsewhere = new RunFile(RUN, name, 0, Instant.EPOCH, "");
        try (RunArchive archive = RunArchive.at(root.toString()).open()) {
            assertThatThrownBy(() -> archive.open(elsewhere))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is no path below " + folder);
        }
    }

    private byte[] read(String name) throws IOException {
        try (RunArchive archive = RunArchive.at(root.toString()).open();
                InputStream in = archive.open(file(name))) {
            return in.readAllBytes();
        }
    }

    private RunFile file(String name) throws IOException {
        Path there = folder.resolve(name);
        return new RunFile(RUN, name, Files.exists(there) ? Files.size(there) : 0, Instant.EPOCH, "");
    }
}
