package io.waybill.manifest.jdbc;

import io.waybill.manifest.RunId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where a process of {@link Workers} writes down what happened to it, a line each. Safe for use by many threads. */
final class WorkerLog {

    private final OutputStream log;

    WorkerLog(String file) throws IOException {
        this.log = Files.newOutputStream(Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Writes a line at once, so that what is written was told before the process was killed. */
    synchronized void tell(String event, RunId run, Object what) {
        String line = "%s %s %s".formatted(event, run, what).lines().findFirst().orElseThrow() + "\n";
        try {
            log.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says that the process is ready, and waits until it may go on. */
    void awaitGo() throws IOException {
        tell("ready", new RunId("none"), "");
        System.in.read();
    }
}
