package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import org.junit.jupiter.api.BeforeEach;
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
    private Workers workers;

    @BeforeEach
    void begin() {
        workers = new Workers(folder);
    }

    @AfterEach
    void endThemAll() {
        workers.close();
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
        for (String[] event : workers.events()) {
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
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            running.add(start());
        }
        int kills = 0;
        long start = System.nanoTime();
        while (since(start).compareTo(STORM) < 0
                || (workers.events().size() < ENOUGH && since(start).compareTo(LONGEST_STORM) < 0)) {
            int i = random.nextInt(WORKERS);
            Process worker = running.get(i);
            boolean endedByItself = worker.waitFor(50 + random.nextInt(450), TimeUnit.MILLISECONDS);
            assertThat(endedByItself)
                    .as("seed %d: a worker ended: %s", seed, workers.output())
                    .isFalse();
            if (random.nextInt(8) == 0 || workers.sizeOfLog(worker) > random.nextInt(2000)) {
                worker.destroyForcibly().waitFor();
                kills++;
                running.set(i, start());
            }
        }
        endThemAll();
        return kills + WORKERS;
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private Process start() {
        return workers.start(StormWorker.class, location(), Long.toString(random.nextLong()));
    }

    private Map<RunId, RunRecord> recordsAfterwards() {
        try (RunManifestStore store = RunManifestStores.open(location());
                Stream<RunRecord> records = RunManifest.over(store).records(RunRange.all())) {
            return records.collect(Collectors.toMap(RunRecord::id, record -> record));
        }
    }
}
