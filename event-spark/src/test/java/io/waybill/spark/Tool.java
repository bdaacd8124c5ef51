package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The command {@code waybill}, as its module was built, in a process of its own. */
public final class Tool {

    private static final Path LIBRARIES = modules().resolve("cli/target/lib");

    private Tool() {}

    /** The folder of all modules: these tests run in several of them. */
    public static Path modules() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("manifest-api/pom.xml"))) {
            folder = Objects.requireNonNull(folder.getParent(), "none of the project's folders");
        }
        return folder;
    }

    /** Runs a command in a folder; it must end well. */
    static String run(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(LIBRARIES + "/*");
        command.add("io.waybill.cli.Main");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
