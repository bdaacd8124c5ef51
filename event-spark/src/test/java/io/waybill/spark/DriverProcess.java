package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@link Driver} that was started, as seen from outside. */
final class DriverProcess {

    private final Process process;

    private DriverProcess(Process process) {
        this.process = process;
    }

    /** Starts one with the settings of Spark that this process has been given, and these. */
    static DriverProcess start(Map<String, String> settings, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.matches("-X.*|--add-opens.*|--enable-native.*"))
                .forEach(command::add);
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("spark."))
                .forEach(name -> command.add("-D%s=%s".formatted(name, System.getProperty(name))));
        settings.forEach((name, value) -> command.add("-D%s=%s".formatted(name, value)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Driver.class.getName()));
        command.addAll(arguments);
        return new DriverProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    void begin() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Reads what it says, byte by byte so that nothing behind the line is taken, until it has said it so often or ends. */
    void await(String wanted, int times) throws IOException {
        StringBuilder line = new StringBuilder();
        int seen = 0;
        while (seen < times) {
            int read = process.getInputStream().read();
            if (read < 0) {
                return;
            }
            if (read != '\n') {
                line.append((char) read);
            } else {
                seen += line.toString().equals(wanted) ? 1 : 0;
                line.setLength(0);
            }
        }
    }

    /** Kills it that much later; false if it had ended before. */
    boolean killAfter(int millis) throws InterruptedException {
        boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
        return !ended;
    }

    /** Waits for its end, which must be a good one. */
    void awaitEnd() throws IOException, InterruptedException {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
