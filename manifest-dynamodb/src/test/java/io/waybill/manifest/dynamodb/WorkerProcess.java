package io.waybill.manifest.dynamodb;

import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.ManifestException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A process of {@link ProcessTest}, which writes down what it was told, a line each. */
final class WorkerProcess {

    static final Duration LEASE = Duration.ofSeconds(1);

    private static final int THREADS = 4;

    private final RunManifest manifest;
    private final int runs;
    private final OutputStream log;

    private WorkerProcess(RunManifest manifest, int runs, OutputStream log) {
        this.manifest = manifest;
        this.runs = runs;
        this.log = log;
    }

    static RunId run(int number) {
        return new RunId("run-%04d".formatted(number));
    }

    /**
     * Works until all is done, or it is killed.
     *
     * @param args the log file, the server's endpoint, the table, its layout, by how many hours the host's clock is wrong,
     *     how many runs, and {@code claim} or {@code process}
     */
    public static void main(String[] args) throws Exception {
        try (OutputStream log =
                        Files.newOutputStream(Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                DynamoDbClient client =
                        LocalDynamoDb.builder(URI.create(args[1])).build();
                DynamoDbRunManifestStore store = DynamoDbRunManifestStore.builder(client, args[2])
                        .layout(Layout.valueOf(args[3]))
                        .host(Clock.offset(Clock.systemUTC(), Duration.ofHours(Long.parseLong(args[4]))))
                        .build()) {
            RunManifest manifest =
                    RunManifest.builder(store).maxAttempts(1_000_000).build();
            WorkerProcess worker = new WorkerProcess(manifest, Integer.parseInt(args[5]), log);
            store.now(); // connected
            worker.tell("ready", run(0), 0);
            System.in.read(); // until it may go on
            if (args[6].equals("claim")) {
                worker.claimAll();
            } else {
                worker.processAll();
            }
        }
    }

    private synchronized void tell(String event, RunId run, Object what) {
        try {
            log.write("%s %s %s%n".formatted(event, run, what).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void claimAll() throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            threads[i] = new Thread(() -> {
                for (int n = next.getAndIncrement(); n < runs; n = next.getAndIncrement()) {
                    try {
                        if (manifest.claim(run(n), Duration.ofHours(1)) instanceof ClaimResult.Granted granted) {
                            tell("granted", run(n), granted.claim().fence());
                        }
                    } catch (RuntimeException e) { // whatever it is, nothing may leave the library
                        tell("unexpected", run(n), e);
                    }
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void processAll() throws InterruptedException {
        RunProcessor processor =
                RunProcessor.builder(manifest).lease(LEASE).parallelism(THREADS).build();
        int start = new Random().nextInt(runs); // so that the workers do not all begin with the same
        boolean done = false;
        while (!done) {
            try {
                processor.process(
                        manifest.pending(IntStream.range(0, runs).mapToObj(i -> run((start + i) % runs))), claim -> {
                            tell("begun", claim.run(), claim.fence());
                            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(
                                    ThreadLocalRandom.current().nextInt(200)));
                            return Map.of("fence", Long.toString(claim.fence()));
                        });
                done = IntStream.range(0, runs).allMatch(i -> manifest.contains(run(i)));
            } catch (ManifestException e) {
                tell("unexpected", run(0), e);
            }
        }
    }
}
