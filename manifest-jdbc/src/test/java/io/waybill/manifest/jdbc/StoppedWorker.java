package io.waybill.manifest.jdbc;

import io.waybill.manifest.Claim;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A process of {@link ProcessContract}: handles two runs until it is told to end, one of which can be finished then. Tells
 * {@code handling}, and {@code processed} with what {@code process} returned, which it should not.
 */
final class StoppedWorker {

    static final RunId QUICK = new RunId("quick");
    static final RunId SLOW = new RunId("slow");
    static final RunId NEXT = new RunId("next");

    private final WorkerLog log;
    private final CountDownLatch told = new CountDownLatch(1);

    private StoppedWorker(WorkerLog log) {
        this.log = log;
    }

    /**
     * Works until it is told to end.
     *
     * @param args the log file, the store's location
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        WorkerLog log = new WorkerLog(args[0]);
        StoppedWorker worker = new StoppedWorker(log);
        Runtime.getRuntime().addShutdownHook(new Thread(worker.told::countDown));
        try (RunManifestStore store = RunManifestStores.open(args[1])) {
            log.tell("processed", NEXT, worker.process(RunManifest.over(store), List.of(QUICK, SLOW, NEXT)));
        }
    }

    private Map<String, String> handle(Claim claim) throws InterruptedException {
        log.tell("handling", claim.run(), claim.fence());
        if (claim.run().equals(QUICK)) {
            told.await();
            TimeUnit.MILLISECONDS.sleep(300); // what is left of its work, unless it is interrupted
        } else {
            new CountDownLatch(1).await();
        }
        return Map.of();
    }

    // spotless:off
    private RunProcessor.Summary process(RunManifest manifest, List<RunId> listing) throws InterruptedException {
        // docs:
Thread caller = Thread.currentThread();
CompletableFuture<Void> ended = new CompletableFuture<>();
Runtime.getRuntime().addShutdownHook(new Thread(() -> { // at SIGTERM, SIGINT, System.exit
    caller.interrupt();
    ended.join(); // the process is there until what was begun is finished or given back
}));
try {
    return RunProcessor.builder(manifest).parallelism(2).grace(Duration.ofSeconds(2)).build()
            .process(manifest.pending(listing.stream()), this::handle);
} finally {
    ended.complete(null);
}
        // end
    }
    // spotless:on
}
