package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A {@link Driver} that was started, as seen from outside. */
final class DriverProcess {

    /** As many as one may take; a minute is much. */
    private static final int MOST_MINUTES = 8;

    private final Process process;
    private final CompletableFuture<Process> end;
    private final StringBuilder said = new StringBuilder();

    private DriverProcess(Process process) {
        this.process = process;
        // what is read from one that hangs comes to an end
        this.end = process.onExit()
                .completeOnTimeout(process, MOST_MINUTES, TimeUnit.MINUTES)
                .thenCompose(DriverProcess::end);
    }

    /** Ends one that has not ended, by its handle: the process itself would close what is read of it. */
    private static CompletableFuture<Process> end(Process process) {
        process.toHandle().destroyForcibly();
        return process.onExit();
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

    /** Lets it go on where it waits. */
    void goOn() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Reads what it says, byte by byte so that nothing behind the line is taken, until it has said it so often. */
    void await(String wanted, int times) throws IOException, InterruptedException {
        StringBuilder line = new StringBuilder();
        int seen = 0;
        while (seen < times) {
            int read = process.getInputStream().read();
            if (read < 0) {
                throw new IllegalStateException("a driver ended with %d before it said '%s' %d times; it said: %s%s"
                        .formatted(process.waitFor(), wanted, times, said, line));
            }
            line.append((char) read);
            if (read == '\n') {
                seen += line.toString().equals(wanted + "\n") ? 1 : 0;
                said.append(line);
                line.setLength(0);
            }
        }
    }

    /** Kills it that much later, before which it must not have ended. */
    void killAfter(int millis) throws IOException, InterruptedException {
        if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            awaitEnd();
            throw new IllegalStateException("a driver ended before it was killed; it said: " + said);
        }
        kill();
    }

    /** Kills it if it has not ended. */
    void kill() {
        process.destroyForcibly();
        end.join();
    }

    /** Waits for its end, which must be a good one. */
    void awaitEnd() throws IOException, InterruptedException {
        said.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertThat(process.waitFor()).as(said.toString()).isZero();
    }
}
