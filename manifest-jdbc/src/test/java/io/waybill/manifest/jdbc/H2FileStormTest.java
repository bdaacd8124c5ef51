package io.waybill.manifest.jdbc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that share an H2 file and are killed at any moment, also within a write. Another storm of the same seed differs
 * in what the system's scheduler does.
 */
class H2FileStormTest {

    private static final Duration STORM = Duration.ofSeconds(10);
    private static final Duration LONGEST_STORM = Duration.ofSeconds(60); // on a machine that is busy with other things
    private static final int ENOUGH = 100;
    private static final int WORKERS = 3;

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("storm.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Process> workers = new ArrayList<>();
    private final Map<Process, Path> logs = new HashMap<>();

    @AfterEach
    void endThemAll() throws InterruptedException {
        workers.forEach(Process::destroyForcibly);
        for (Process worker : workers) {
            worker.waitFor(30, TimeUnit.SECONDS);
        }
    }

    @Test
    @Timeout(300)
    void processesThatAreKilledAtAnyMomentNeverGrantOrCommitTwice() throws Exception {
        System.out.println("storm.seed=" + seed);
        try (RunManifestStore store = RunManifestStores.open(location())) {
            store.create();
        }

        int kills = storm();

        Map<RunId, RunRecord> records = recordsAfterwards();
        Set<String> granted = new HashSet<>();
        Map<String, Long> lastGrant = new TreeMap<>();
        Map<String, Long> committed = new TreeMap<>();
        for (String[] event : events()) {
            String run = event[1];
            switch (event[0]) {
                case "granted" -> {
                    assertThat(granted.add(run + " " + event[2]))
                            .as("seed %d: granted once: %s at fence %s", seed, run, event[2])
                            .isTrue();
                    lastGrant.merge(run, Long.valueOf(event[2]), Math::max);
                }
                case "committed" ->
                    assertThat(committed.put(run, Long.valueOf(event[2])))
                            .as("seed %d: committed once: %s", seed, run)
                            .isNull();
                case "lost" -> {}
                default -> throw new AssertionError("seed " + seed + ": " + String.join(" ", event));
            }
        }
        System.out.printf("storm: %d kills, %d grants, %d commits%n", kills, granted.size(), committed.size());

        assertThat(committed)
                .allSatisfy((run, fence) -> assertThat(lastGrant.get(run))
                        .as("seed %d: %s is not granted after its commit", seed, run)
                        .isEqualTo(fence));
        assertThat(committed.keySet())
                .allSatisfy(run -> assertThat(records.get(new RunId(run)))
                        .as("seed %d: the commit of %s is still there", seed, run)
                        .satisfies(record -> assertThat(record.state()).isEqualTo(RunState.PROCESSED)));
        assertThat(lastGrant)
                .allSatisfy((run, fence) -> assertThat(records.get(new RunId(run)))
                        .as("seed %d: no version of %s was lost", seed, run)
                        .satisfies(record -> assertThat(record.version()).isGreaterThanOrEqualTo(fence)));
        assertThat(kills).isGreaterThan(WORKERS);
        assertThat(granted).as("seed %d: something happened", seed).hasSizeGreaterThan(20);
    }

    private String location() {
        return "jdbc:h2:file:" + folder.resolve("runs");
    }

    /** Starts the workers, and kills one after the other, most when they have done something; returns how many. */
    private int storm() throws Exception {
        for (int i = 0; i < WORKERS; i++) {
            workers.add(start());
        }
        int kills = 0;
        long start = System.nanoTime();
        while (since(start).compareTo(STORM) < 0
                || (events().size() < ENOUGH && since(start).compareTo(LONGEST_STORM) < 0)) {
            int i = random.nextInt(WORKERS);
            Process worker = workers.get(i);
            boolean endedByItself = worker.waitFor(50 + random.nextInt(450), TimeUnit.MILLISECONDS);
            assertThat(endedByItself)
                    .as("seed %d: a worker ended: %s", seed, output())
                    .isFalse();
            if (random.nextInt(8) == 0 || sizeOfLog(worker) > random.nextInt(2000)) {
                worker.destroyForcibly().waitFor();
                kills++;
                workers.set(i, start());
            }
        }
        endThemAll();
        return kills + WORKERS;
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private Process start() throws IOException {
        Path log = folder.resolve(logs.size() + ".log");
        Files.createFile(log);
        Process worker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StormWorker.class.getName(),
                        location(),
                        log.toString(),
                        Long.toString(random.nextLong()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(logs.size() + ".out").toFile())
                .start();
        logs.put(worker, log);
        return worker;
    }

    private long sizeOfLog(Process worker) throws IOException {
        return Files.size(requireNonNull(logs.get(worker)));
    }

    /** The whole lines of all logs: the last one may have been cut by the kill. */
    private List<String[]> events() throws IOException {
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

    private Map<RunId, RunRecord> recordsAfterwards() {
        try (RunManifestStore store = RunManifestStores.open(location());
                Stream<RunRecord> records = RunManifest.over(store).records(RunRange.all())) {
            return records.collect(Collectors.toMap(RunRecord::id, record -> record));
        }
    }

    private String output() throws IOException {
        StringBuilder output = new StringBuilder();
        for (Path file : files(".out")) {
            output.append(Files.readString(file));
        }
        return output.toString();
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }
}
