package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Call;
import io.waybill.cli.Workbench.Result;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The {@code waybill} script, in a copy of its checkout that is already built. */
class LauncherTest {

    @TempDir
    private Path folder;

    @Test
    void anArchiveOfClassesThatIsNoneChangesNothing() throws Exception {
        Path home = checkout();
        Result without = launch(home);
        Files.writeString(home.resolve("cli/target/classes.jsa"), "not an archive\n");

        assertThat(without.code()).as(without.err()).isZero();
        assertThat(without.err()).isEmpty();
        assertThat(launch(home)).isEqualTo(without);
    }

    @Test
    void anArchiveOfClassesOfOtherJarsChangesNothing() throws Exception {
        Path home = checkout();
        Result without = launch(home);
        Path archive = home.resolve("cli/target/classes.jsa");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process maker = new ProcessBuilder(
                        java.toString(),
                        "-XX:+UseSerialGC",
                        "-XX:ArchiveClassesAtExit=" + archive,
                        "-cp",
                        Path.of(CommandLine.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                                .toString(),
                        "picocli.AutoComplete",
                        "--help")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("maker").toFile())
                .start();
        assertThat(maker.waitFor()).isZero();
        assertThat(archive).isNotEmptyFile();

        assertThat(launch(home)).isEqualTo(without);
    }

    /** A folder with the script and, newer than any source, what a build leaves. */
    private Path checkout() throws Exception {
        Path home = Files.createDirectories(folder.resolve("check out"));
        Path lib = Files.createDirectories(home.resolve("cli/target/lib"));
        Files.createDirectories(home.resolve("cli/src/main"));
        Files.createFile(home.resolve("pom.xml"));
        Files.createFile(home.resolve("cli/pom.xml"));
        Files.copy(Path.of("..", "waybill"), home.resolve("waybill"), StandardCopyOption.COPY_ATTRIBUTES);
        Path bin = Files.createDirectories(home.resolve("cli/target/bin"));
        Files.copy(Path.of("src/main/dist/bin/waybill"), bin.resolve("waybill"), StandardCopyOption.COPY_ATTRIBUTES);
        int entries = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Files.createSymbolicLink(lib.resolve("%03d.jar".formatted(entries++)), Path.of(entry));
        }
        Files.createSymbolicLink(
                lib.resolve("cli-test.jar"), Path.of("target", "classes").toAbsolutePath());
        Files.setLastModifiedTime(
                Files.createFile(lib.resolve(".built")),
                FileTime.from(Instant.now().plusSeconds(60)));
        return home;
    }

    private Result launch(Path home) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(
                        List.of(home.resolve("waybill").toString(), "--help"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("WAYBILL") || name.startsWith("JAVA_TOOL"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return new Call(builder.start(), out, err).end();
    }
}
