package io.waybill.manifest.dynamodb;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Several processes on one table, one of which has its clock an hour ahead and one an hour behind. They are small by default;
 * {@code -Dprocesses.full=true} makes 2,000 claims, and kills for about a minute.
 */
@ParameterizedClass
@EnumSource(Layout.class)
@Timeout(900)
class ProcessTest {

    private static final boolean FULL = Boolean.getBoolean("processes.full");
    private static final int PROCESSES = 3;
    private static final int CLAIMED = FULL ? 2_000 : 150;
    private static final int PROCESSED = FULL ? 400 : 60;
    private static final int KILLS = FULL ? 60 : 4;

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("storm.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Process> started = new ArrayList<>();
    private final Layout layout;
    private final String table;
    private final RunManifest manifest;

    ProcessTest(Layout layout) {
        this.layout = layout;
        this.table = TestTables.newName();
        DynamoDbRunManifestStore store = DynamoDbRunManifestStore.builder(LocalDynamoDb.client(), table)
                .layout(layout)
                .build();
        this.manifest = RunManifest.over(store);
        manifest.create();
    }

    @AfterEach
    void killThoseLeft() throws InterruptedException {
        for (Process worker : started) {
            worker.destroyForcibly().waitFor();
        }
    }

    private Path log(int number) {
        return folder.resolve(number + ".log");
    }

    private Process start(int runs, String work) {
        try {
            int number = started.size();
            Files.createFile(log(number));
            Process worker = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            WorkerProcess.class.getName(),
                            log(number).toString(),
                            LocalDynamoDb.endpoint().toString(),
                            table,
                            layout.name(),
                            Integer.toString(number % 3 - 1),
                            Integer.toString(runs),
                            work)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(number + ".out").toFile())
                    .start();
            started.add(worker);
            return worker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void go(Process worker) throws IOException {
        try (OutputStream in = worker.getOutputStream()) {
            in.write('\n');
        }
    }

    private List<String> events(String name) throws IOException {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < started.size(); i++) {
            String text = Files.readString(log(i));
            text.substring(0, text.lastIndexOf('\n') + 1) // the last line may have been cut by a kill
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .forEach(events::add);
        }
        return events;
    }

    private String output() {
        StringBuilder output = new StringBuilder();
        for (int i = 0; i < started.size(); i++) {
            try {
                output.append(Files.readString(folder.resolve(i + ".out")));
            } catch (IOException e) {
                output.append(e);
            }
        }
        return output.toString();
    }

    @Test
    void ofManyThreadsInManyProcessesOneIsGrantedEachRun() throws Exception {
        int known = CLAIMED / 10;
        for (int i = 0; i < known; i++) {
            if (manifest.claim(WorkerProcess.run(i), Duration.ofHours(1)) instanceof ClaimResult.Granted granted) {
                manifest.release(granted.claim());
            }
        }
        List<Process> workers =
                Stream.generate(() -> start(CLAIMED, "claim")).limit(PROCESSES).toList();
        await().atMost(120, SECONDS).until(() -> events("ready").size() == PROCESSES);
        for (Process worker : workers) {
            go(worker);
        }
        for (Process worker : workers) {
            assertThat(worker.waitFor(FULL ? 600 : 120, SECONDS)).isTrue();
            assertThat(worker.exitValue()).as(output()).isZero();
        }
        assertThat(events("unexpected")).isEmpty();
        assertThat(events("granted"))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, CLAIMED)
                        .mapToObj(i -> "granted %s %d".formatted(WorkerProcess.run(i), i < known ? 3 : 1))
                        .toList());
    }

    @Test
    void workersThatAreKilledAtRandomLeaveEveryRunProcessed() throws Exception {
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            running.add(start(PROCESSED, "process"));
            go(running.get(i));
        }
        int kills = 0;
        Instant end = Instant.now().plus(Duration.ofMinutes(10));
        while (!running.isEmpty()) {
            assertThat(Instant.now()).as("seed %d: all runs in time", seed).isBefore(end);
            int i = random.nextInt(running.size());
            Process worker = running.get(i);
            if (worker.waitFor(50 + random.nextInt(300), MILLISECONDS)) {
                assertThat(worker.exitValue()).as("seed %d: %s", seed, output()).isZero();
                running.remove(i);
            } else if (kills < KILLS
                    && Files.readString(log(started.indexOf(worker))).contains("begun")) {
                worker.destroyForcibly().waitFor();
                kills++;
                assertOlderSdksSeeOnlyWhatIsDone();
                running.set(i, start(PROCESSED, "process"));
                go(running.get(i));
            }
        }
        assertThat(kills).as("seed %d: kills", seed).isPositive();
        assertThat(events("unexpected")).as("seed %d", seed).isEmpty();
        List<String> begun = events("begun");
        for (int i = 0; i < PROCESSED; i++) {
            RunRecord record = manifest.find(WorkerProcess.run(i)).orElseThrow();
            assertThat(record.state()).as("seed %d: %s", seed, record.id()).isEqualTo(RunState.PROCESSED);
            assertThat(begun)
                    .contains("begun %s %s"
                            .formatted(record.id(), record.details().get("fence")));
        }
        assertThat(begun).as("no fence was granted twice").doesNotHaveDuplicates();
        System.out.printf("%s, seed %d: %d kills, %d of %d runs begun%n", layout, seed, kills, begun.size(), PROCESSED);
        assertOlderSdksSeeOnlyWhatIsDone();
    }

    /** In their layout: an item under a run's own id says that the run is processed. */
    private void assertOlderSdksSeeOnlyWhatIsDone() {
        if (layout == Layout.SEED) {
            for (Map<String, AttributeValue> item : LocalDynamoDb.client()
                    .scan(r -> r.tableName(table).consistentRead(true))
                    .items()) {
                assertThat(RunItem.runId(item).startsWith("run-"))
                        .as("%s", item)
                        .isEqualTo(AttributeValue.fromS("PROCESSED").equals(item.get("State")));
            }
        }
    }
}
