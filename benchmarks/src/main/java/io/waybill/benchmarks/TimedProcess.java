package io.waybill.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process from its start to its end. */
final class TimedProcess {

    /** The JDK of this process, which those that are measured use too. */
    static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    private TimedProcess() {}

    static String java() {
        return JAVA_HOME.resolve("bin").resolve("java").toString();
    }

    /**
     * Runs a command in a folder, where it leaves what it says.
     *
     * @return the seconds that it took
     * @throws IOException if it does not end with 0; says what it said
     */
    static double seconds(List<String> command, Path folder) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", JAVA_HOME.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("WAYBILL_"));
        long start = System.nanoTime();
        int code = builder.start().waitFor();
        double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        if (code != 0) {
            throw new IOException("'%s' ended with %d: %s"
                    .formatted(
                            String.join(" ", command),
                            code,
                            Files.readString(log).strip()));
        }
        return seconds;
    }
}
