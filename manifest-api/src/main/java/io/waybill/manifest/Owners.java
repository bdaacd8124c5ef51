package io.waybill.manifest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of a worker that was given none. */
final class Owners {

    private Owners() {}

    /** User, host and process, such as {@code etl@worker-3:4711}. Asks no name service, which could be slow. */
    static String thisProcess() {
        String user = System.getProperty("user.name", "unknown");
        return Texts.clip(
                Texts.oneLine(
                        user + "@" + host() + ":" + ProcessHandle.current().pid()),
                256);
    }

    private static String host() {
        String fromEnvironment = System.getenv().getOrDefault("HOSTNAME", System.getenv("COMPUTERNAME"));
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return fromEnvironment;
        }
        try {
            return Files.readString(Path.of("/etc/hostname"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            return "localhost"; // a name is a courtesy to people; nothing depends on it
        }
    }
}
