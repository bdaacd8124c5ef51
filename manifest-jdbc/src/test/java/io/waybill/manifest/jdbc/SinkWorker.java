package io.waybill.manifest.jdbc;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ManifestException;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A process of {@link ProcessContract}: processes runs into a folder until it is killed or nothing is left to do. A run's file
 * in the folder holds the fence of the claim that wrote it, and a lower one cannot replace it. Tells {@code written},
 * {@code rejected} and {@code unexpected}.
 */
final class SinkWorker {

    static final Duration LEASE = Duration.ofSeconds(1);

    private SinkWorker() {}

    /**
     * Works until all runs are processed.
     *
     * @param args the log file, the store's location, how many runs, the folder, the longest time that a run takes in
     *     milliseconds
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        WorkerLog log = new WorkerLog(args[0]);
        int runs = Integer.parseInt(args[2]);
        Path sink = Path.of(args[3]);
        int longest = Integer.parseInt(args[4]);
        int start = new Random().nextInt(runs); // so that the workers do not all begin with the same
        try (RunManifestStore store = RunManifestStores.open(args[1])) {
            RunManifest manifest =
                    RunManifest.builder(store).maxAttempts(1_000_000).build();
            RunProcessor processor =
                    RunProcessor.builder(manifest).lease(LEASE).parallelism(4).build();
            boolean done = false;
            while (!done) {
                try {
                    processor.process(
                            manifest.pending(
                                    IntStream.range(0, runs).mapToObj(i -> ClaimWorker.run((start + i) % runs))),
                            claim -> {
                                pause(longest);
                                log.tell(write(sink, claim) ? "written" : "rejected", claim.run(), claim.fence());
                                pause(longest); // so that kills come between the write and the commit as well
                                return Map.of("fence", Long.toString(claim.fence()));
                            });
                    done = processed(manifest) == runs;
                } catch (ManifestException e) {
                    log.tell("unexpected", ClaimWorker.run(0), e);
                }
            }
        }
    }

    /** Half of the time that a run takes, one way or the other. */
    private static void pause(int longest) {
        LockSupport.parkNanos(
                TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(longest / 2)));
    }

    private static long processed(RunManifest manifest) {
        try (Stream<RunRecord> records = manifest.records(RunRange.all())) {
            return records.filter(record -> record.state() == RunState.PROCESSED)
                    .count();
        }
    }

    /** Replaces what an earlier claim wrote; false if a later one wrote already. */
    private static boolean write(Path sink, Claim claim) throws IOException {
        Path file = sink.resolve(claim.run().key());
        try (FileTurns.Turn turn = FileTurns.take(sink.resolve("lock"))) {
            if (Files.exists(file) && Long.parseLong(Files.readString(file)) > claim.fence()) {
                return false;
            }
            Path next = Files.writeString(sink.resolve("next"), Long.toString(claim.fence()));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return turn != null;
        }
    }
}
