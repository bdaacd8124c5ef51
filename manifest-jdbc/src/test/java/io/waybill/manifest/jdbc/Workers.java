package io.waybill.manifest.jdbc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes of a test, each with a {@link WorkerLog} and a file for whatever else they print. */
final class Workers implements AutoCloseable {

    private final Path folder;
    private final Map<Process, Path> logs = new HashMap<>();

    /**
     * No processes yet.
     *
     * @param folder where their logs are kept
     */
    Workers(Path folder) {
        this.folder = folder;
    }

    /** Starts a main class, whose first argument is its log. */
    Process start(Class<?> main, String... arguments) {
        try {
            Path log = Files.createFile(folder.resolve(logs.size() + ".log"));
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx128m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    main.getName(),
                    log.toString()));
            command.addAll(List.of(arguments));
            Process worker = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(logs.size() + ".out").toFile())
                    .start();
            logs.put(worker, log);
            return worker;
        } catch (IOException e) {
            throw new AssertionError("a worker could not be started", e);
        }
    }

    /** Lets a worker go on that waits for it, see {@link WorkerLog#awaitGo}. */
    static void go(Process worker) throws IOException {
        try (OutputStream in = worker.getOutputStream()) {
            in.write('\n');
        }
    }

    /** Sends a signal, such as {@code STOP} or {@code CONT}. */
    static void signal(String name, Process worker) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(worker.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    long sizeOfLog(Process worker) throws IOException {
        return Files.size(requireNonNull(logs.get(worker)));
    }

    /** How many lines a worker has told. */
    long linesOf(Process worker) throws IOException {
        return Files.readString(requireNonNull(logs.get(worker)))
                .chars()
                .filter(c -> c == '\n')
                .count();
    }

    /** What all of them have told, a whole line each: the last one may have been cut by a kill. */
    List<String[]> events() throws IOException {
        List<String[]> events = new ArrayList<>();
        for (Path log : files(".log")) {
            String text = Files.readString(log);
            text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(line -> line.split(" ", 3))
                    .forEach(events::add);
        }
        return events;
    }

    /** Whatever they printed: warnings, and what the JVM says when it ends by an exception. */
    String output() throws IOException {
        StringBuilder output = new StringBuilder();
        for (Path file : files(".out")) {
            output.append(Files.readString(file));
        }
        return output.toString();
    }

    /** Kills those that are left, and waits for their end. */
    @Override
    public void close() {
        logs.keySet().forEach(Process::destroyForcibly);
        for (Process worker : logs.keySet()) {
            try {
                worker.waitFor(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }
}
