package io.waybill.manifest.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one store. */
@Timeout(1800)
abstract class ProcessContract {

    private static final int PROCESSES = 4;
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final int CLAIMED = 2_000;
    private static final int PROCESSED = 500;

    @TempDir
    private Path logs;

    @TempDir
    private Path sink;

    private final long seed = Long.getLong("storm.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Workers workers;
    private RunManifestStore store;
    private RunManifest manifest;

    /** Where the store is, which is the same for all processes of a test. */
    abstract String location();

    /** How many runs are enough for a store without the condition to grant one twice. */
    abstract int twinRuns();

    @BeforeEach
    void open() {
        workers = new Workers(logs);
        store = RunManifestStores.open(location());
        manifest = RunManifest.builder(store).owner("winner").build();
        manifest.create();
    }

    @AfterEach
    void close() {
        workers.close();
        store.close();
    }

    private List<String[]> events(String name) throws IOException {
        return workers.events().stream().filter(event -> event[0].equals(name)).toList();
    }

    // a storm of claims

    private void claimAll(int runs, String kind) throws Exception {
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            running.add(workers.start(ClaimWorker.class, location(), Integer.toString(runs), kind));
        }
        await().atMost(60, SECONDS).until(() -> events("ready").size() == PROCESSES);
        for (Process worker : running) {
            Workers.go(worker);
        }
        for (Process worker : running) {
            assertThat(worker.waitFor(300, SECONDS)).isTrue();
            assertThat(worker.exitValue()).as(workers.output()).isZero();
        }
    }

    /** Every run was granted to one worker, at the fence that was due, and nobody was told anything else. */
    private void verifyClaims(int runs, int known) throws IOException {
        List<String> granted = events("granted").stream()
                .map(event -> event[1] + " " + event[2])
                .toList();
        List<String> due = IntStream.range(0, runs)
                .mapToObj(i -> ClaimWorker.run(i) + " " + (i < known ? 3 : 1)) // claimed and released before
                .toList();
        assertThat(granted).containsExactlyInAnyOrderElementsOf(due);
        assertThat(events("unexpected")).isEmpty();
        assertThat(workers.output()).as("warnings").isEmpty();
    }

    @Test
    void ofManyThreadsInManyProcessesOneIsGrantedEachRun() throws Exception {
        int known = CLAIMED / 10;
        for (int i = 0; i < known; i++) {
            if (manifest.claim(ClaimWorker.run(i), LEASE) instanceof ClaimResult.Granted granted) {
                manifest.release(granted.claim());
            }
        }
        claimAll(CLAIMED, "conditional");
        verifyClaims(CLAIMED, known);
    }

    @Test
    void withoutTheConditionTheSameCheckFails() throws Exception {
        claimAll(twinRuns(), "unconditional");
        assertThat(events("granted")).as("a run was granted twice").hasSizeGreaterThan(twinRuns());
        assertThatThrownBy(() -> verifyClaims(twinRuns(), 0)).isInstanceOf(AssertionError.class);
    }

    // kills

    @Test
    void workersThatAreKilledAtRandomLeaveEveryRunProcessedAndItsOutputThere() throws Exception {
        String[] arguments = {location(), Integer.toString(PROCESSED), sink.toString(), "2000"};
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            running.add(workers.start(SinkWorker.class, arguments));
        }
        int kills = 0;
        Instant end = Instant.now().plus(Duration.ofMinutes(10));
        while (!running.isEmpty()) {
            int i = random.nextInt(running.size());
            Process worker = running.get(i);
            int told = random.nextInt(6); // now and then none, so that some are killed while they begin
            while (worker.isAlive() && workers.linesOf(worker) < told) {
                assertThat(Instant.now()).as("seed %d: all runs in time", seed).isBefore(end);
                worker.waitFor(10, TimeUnit.MILLISECONDS);
            }
            if (worker.waitFor(random.nextInt(300), TimeUnit.MILLISECONDS)) {
                assertThat(worker.exitValue())
                        .as("seed %d: %s", seed, workers.output())
                        .isZero();
                running.remove(i);
            } else {
                worker.destroyForcibly().waitFor();
                kills++;
                running.set(i, workers.start(SinkWorker.class, arguments));
            }
        }

        System.out.printf(
                "seed %d: %d kills, %d writes of %d runs%n",
                seed, kills, events("written").size(), PROCESSED);
        assertThat(kills).as("seed %d: kills", seed).isPositive();
        assertThat(events("unexpected")).as("seed %d", seed).isEmpty();
        for (int i = 0; i < PROCESSED; i++) {
            RunRecord record = manifest.find(ClaimWorker.run(i)).orElseThrow();
            assertThat(record.state()).as("seed %d: %s", seed, record.id()).isEqualTo(RunState.PROCESSED);
            assertThat(Files.readString(sink.resolve(record.id().key())))
                    .as("seed %d: the output of %s is of the claim that was committed", seed, record.id())
                    .isEqualTo(record.details().get("fence"));
        }
    }

    // an orderly end

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aWorkerThatIsToldToEndFinishesWhatItCanWithinTheGraceAndGivesTheRestBack() throws Exception {
        Process worker = workers.start(StoppedWorker.class, location());
        await().atMost(60, SECONDS).until(() -> events("handling").size() == 2);
        Workers.signal("TERM", worker);

        assertThat(worker.waitFor(60, SECONDS)).isTrue();
        assertThat(manifest.find(StoppedWorker.QUICK).orElseThrow().state()).isEqualTo(RunState.PROCESSED);
        RunRecord slow = manifest.find(StoppedWorker.SLOW).orElseThrow();
        assertThat(slow.state()).isEqualTo(RunState.NEW);
        assertThat(slow.attempts()).isZero();
        assertThat(manifest.find(StoppedWorker.NEXT)).as("none is begun").isEmpty();
        assertThat(events("processed")).isEmpty();
    }

    // a pause

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aWorkerThatWasStoppedForThreeLeasesIsRefusedEverythingAndToldWhoWon() throws Exception {
        Process zombie = workers.start(ZombieWorker.class, location());
        await().atMost(60, SECONDS).until(() -> events("ready").size() == 1);
        Workers.signal("STOP", zombie);
        Instant stopped = store.now();
        await().atMost(60, SECONDS).until(() -> store.now().isAfter(stopped.plus(ZombieWorker.LEASE.multipliedBy(3))));
        for (RunId run : ZombieWorker.OPERATIONS.keySet()) {
            assertThat(manifest.claim(run, LEASE)).isInstanceOf(ClaimResult.Granted.class);
        }
        Workers.signal("CONT", zombie);
        Workers.go(zombie);

        assertThat(zombie.waitFor(60, SECONDS)).isTrue();
        assertThat(events("granted")).hasSize(ZombieWorker.OPERATIONS.size());
        assertThat(events("refused").stream().map(event -> event[1]))
                .containsExactlyElementsOf(ZombieWorker.OPERATIONS.keySet().stream()
                        .map(RunId::key)
                        .toList());
        assertThat(events("refused"))
                .allSatisfy(event -> assertThat(event[2]).contains("version 2 (PROCESSING) was written by 'winner'"));
        for (RunId run : ZombieWorker.OPERATIONS.keySet()) {
            RunRecord record = manifest.find(run).orElseThrow();
            assertThat(record.version()).isEqualTo(2);
            assertThat(record.owner()).isEqualTo("winner");
        }
    }
}
