package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Types the README's walkthrough, and compares what is said with what stands there. */
@Timeout(300)
@EnabledOnOs({OS.LINUX, OS.MAC})
class WalkthroughTest {

    @TempDir
    private Path folder;

    /** A line that is typed, and the lines that it is answered with. */
    private record Step(String typed, List<String> answer) {}

    @Test
    void theWalkthroughInTheReadmeSaysWhatTheToolSays() throws Exception {
        Path waybill = folder.resolve("waybill");
        String java = Workbench.java(List.of()).stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        Files.writeString(waybill, "#!/bin/sh\nexec %s %s \"$@\"\n".formatted(java, Main.class.getName()));
        assertThat(waybill.toFile().setExecutable(true)).isTrue();

        for (String first : block("<!-- first command -->")) { // which stands above, and is likely typed before
            answer(first);
        }
        List<Step> steps = steps();
        assertThat(steps).hasSizeGreaterThan(5);
        for (Step step : steps) {
            String pattern = step.answer().stream()
                    .map(line ->
                            Stream.of(line.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".+")))
                    .map(line -> line + "\n")
                    .collect(Collectors.joining());
            assertThat(answer(step.typed())).as(step.typed()).matches(pattern);
        }
    }

    /** What is said to a line that is typed where the line before has left the shell. */
    private String answer(String typed) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        Path left = folder.resolve("left");
        String where = Files.exists(left) ? Files.readString(left).strip() : folder.toString();
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", "%s\npwd >'%s'".formatted(typed, left))
                .directory(Path.of(where).toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        shell.environment().keySet().removeIf(name -> name.startsWith("WAYBILL") || name.startsWith("JAVA_TOOL"));
        shell.start().waitFor();
        return Files.readString(said).replaceAll("(?m)^progress: .*\n", ""); // which come when it takes long
    }

    private static List<Step> steps() throws IOException {
        List<Step> steps = new ArrayList<>();
        for (String line : block("<!-- walkthrough -->")) {
            if (line.startsWith("$ ")) {
                steps.add(new Step(line.substring(2), new ArrayList<>()));
            } else {
                steps.get(steps.size() - 1).answer().add(line);
            }
        }
        return steps;
    }

    /** The lines of the README's block that follows a mark. */
    private static List<String> block(String mark) throws IOException {
        return Files.readAllLines(Path.of("..", "README.md")).stream()
                .dropWhile(line -> !line.equals(mark))
                .skip(2)
                .takeWhile(line -> !line.equals("```"))
                .toList();
    }
}
