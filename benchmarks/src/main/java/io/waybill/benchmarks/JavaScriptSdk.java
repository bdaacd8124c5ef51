package io.waybill.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Snowplow's SDK for JavaScript as a whole process, its start included: a file of lines in, NDJSON out. */
final class JavaScriptSdk {

    private static final String VERSION = "0.1.0";
    private static final String SCRIPT = "sdk.js";
    private static final String TITLE = "JavaScript SDK " + VERSION + ", whole process";
    private static final int BYTES = 64 << 20;

    private final Path folder;

    private JavaScriptSdk(Path folder) {
        this.folder = folder;
    }

    /** Gets it from npm into the folder, unless it is there; null, after saying why, where that cannot be done. */
    static @Nullable JavaScriptSdk install(Path folder, PrintStream progress) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        try (InputStream script = JavaScriptSdk.class.getResourceAsStream(SCRIPT)) {
            if (script == null) {
                throw new IllegalStateException("the resource " + SCRIPT + " is missing");
            }
            Files.copy(script, folder.resolve(SCRIPT), StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> npm = List.of(
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--prefix",
                folder.toString(),
                "snowplow-analytics-sdk@" + VERSION);
        String problem = problemOf(folder, List.of("node", "--version"));
        if (problem == null && !Files.isDirectory(folder.resolve("node_modules/snowplow-analytics-sdk"))) {
            problem = problemOf(folder, npm);
        }
        if (problem != null) {
            progress.println("benchmarks: without the JavaScript SDK: " + problem);
            return null;
        }
        return new JavaScriptSdk(folder);
    }

    private static @Nullable String problemOf(Path folder, List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("npm.log").toFile())
                    .start();
            int code = process.waitFor();
            return code == 0
                    ? null
                    : "'%s' ended with %d, see %s"
                            .formatted(String.join(" ", command), code, folder.resolve("npm.log"));
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /** Each time a process over the data, repeated to the size of a large file. */
    Rounds.Guest over(String spec) throws IOException {
        EventData data = EventData.of(spec);
        int times = Math.max(1, BYTES / data.tsv().length);
        Path input = folder.resolve("input.tsv");
        try (OutputStream out = Files.newOutputStream(input)) {
            data.repeated(times).transferTo(out);
        }
        double bytes = (double) data.tsv().length * times;
        double events = (double) data.count() * times;
        return round -> {
            double seconds = run(input);
            return new Sample(round, spec, TITLE, bytes / seconds, events / seconds, Double.NaN);
        };
    }

    /** The seconds that one process takes. */
    private double run(Path input) throws IOException, InterruptedException {
        List<String> command = List.of("node", folder.resolve(SCRIPT).toString(), input.toString());
        long start = System.nanoTime();
        int code = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("sdk.log").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException(
                    "'%s' ended with %d, see %s".formatted(String.join(" ", command), code, folder.resolve("sdk.log")));
        }
        return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
