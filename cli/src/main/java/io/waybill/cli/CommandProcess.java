package io.waybill.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A user's command in a session, and so a process group, of its own: a signal reaches it with all that it has forked, and a
 * terminal's Ctrl-C only by way of this process.
 *
 * <p>A shell leads the session. Beside the command it has a watch that waits for the end of its standard input, a pipe that only
 * this process holds open: when this process is gone, even killed, the watch ends the command. When the command itself has
 * ended, what it left in its group is killed.
 */
final class CommandProcess {

    // the command gets the standard error of the shell for both of its outputs, the shell itself has nothing to say
    private static final String SESSION = """
            grace=$1
            shift
            exec 3<&0 4>&2 </dev/null >/dev/null 2>&1
            (
              trap '' TERM INT HUP
              read -r line <&3
              kill -s TERM 0
              sleep "$grace"
              kill -s KILL 0
            ) 4>&- &
            trap : TERM INT HUP
            "$@" 3<&- >&4 2>&4 4>&-
            exit $?
            """;

    private static final Duration TICK = Duration.ofMillis(5);

    private final Process session;
    private final Duration grace;
    private final CompletableFuture<@Nullable Void> output;

    private CommandProcess(Process session, Duration grace, CompletableFuture<@Nullable Void> output) {
        this.session = session;
        this.grace = grace;
        this.output = output;
    }

    /**
     * Starts a command, which reads nothing and writes to this process's standard error.
     *
     * @param environment what the command gets beside this process's environment
     * @param grace how long it may go on after SIGTERM
     * @param lines takes the command's output line by line; null to let it write by itself
     */
    static CommandProcess start(
            List<String> command, Map<String, String> environment, Duration grace, @Nullable Consumer<String> lines)
            throws IOException {
        List<String> words = new ArrayList<>(inSession());
        words.addAll(List.of("sh", "-c", SESSION, "waybill-run", Long.toString(Math.max(1, grace.toSeconds()))));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().keySet().removeIf(name -> name.startsWith("WAYBILL_RUN")); // of a run around this one
        builder.environment().putAll(environment);
        if (lines == null) {
            builder.redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT);
        } else {
            builder.redirectErrorStream(true);
        }
        Process session = builder.start();
        CompletableFuture<@Nullable Void> output = CompletableFuture.completedFuture(null);
        if (lines != null) {
            output = new CompletableFuture<>();
            pump(session, lines, output);
        }
        return new CommandProcess(session, grace, output);
    }

    /** Whether the word names a program: a path to one, or one on the path. */
    static boolean isProgram(String word) {
        Stream<Path> places = word.contains("/")
                ? Stream.of(Path.of(word))
                : Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                        .map(folder -> Path.of(folder, word));
        return places.anyMatch(file -> Files.isExecutable(file) && !Files.isDirectory(file));
    }

    /** Waits for the end of the command, and of all in its group; its exit code, which is 128 and the signal's number for one killed. */
    int await() throws InterruptedException {
        int code = session.waitFor();
        signal("KILL");
        try {
            // what has left the group may hold the pipe open for as long as it likes
            output.get(2, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            session.destroy();
        }
        return code;
    }

    /** Has the group end: SIGTERM now, SIGKILL after the grace. */
    void stop(ScheduledExecutorService scheduler) {
        while (session.isAlive() && !signal("TERM")) { // it has no session yet
            LockSupport.parkNanos(TICK.toNanos());
        }
        Future<?> unused = scheduler.schedule(
                () -> {
                    if (session.isAlive()) {
                        signal("KILL");
                    }
                },
                grace.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Sends a signal to the group; false if there is none. Java can signal a process, but no group. */
    private boolean signal(String name) {
        try {
            Process kill = new ProcessBuilder(
                            "sh", "-c", "kill -s \"$1\" -- \"-$2\"", "kill", name, Long.toString(session.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            return kill.waitFor() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException("no signal could be sent to process group " + session.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true; // it is on its way
        }
    }

    private static List<String> inSession() throws IOException {
        if (isProgram("setsid")) {
            return List.of("setsid");
        }
        if (isProgram("perl")) { // macOS has no setsid
            return List.of("perl", "-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV or exit 127");
        }
        throw new IOException(
                "a command needs a session of its own: neither setsid (of util-linux) nor perl is on the PATH");
    }

    private static void pump(Process session, Consumer<String> lines, CompletableFuture<@Nullable Void> done) {
        Thread pump = new Thread(
                () -> {
                    try (BufferedReader reader = new BufferedReader(
                            new InputStreamReader(session.getInputStream(), StandardCharsets.UTF_8))) {
                        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                            lines.accept(line);
                        }
                        done.complete(null);
                    } catch (IOException e) { // closed, as nobody waits for it any more
                        done.completeExceptionally(e);
                    }
                },
                "waybill-output-" + session.pid());
        pump.setDaemon(true);
        pump.start();
    }
}
