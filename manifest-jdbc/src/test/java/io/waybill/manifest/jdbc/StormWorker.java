package io.waybill.manifest.jdbc;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

/**
 * A process of {@link H2FileStormTest}: two threads that claim runs and do one thing or another with them until the
 * process is killed. Writes down what it was told, a line each: {@code granted}, {@code committed}, {@code lost}, and
 * {@code unexpected} for what should not happen.
 */
final class StormWorker {

    static final int RUNS = 30;

    private static final Duration LEASE = Duration.ofMillis(300);

    private final RunManifest manifest;
    private final WorkerLog log;

    private StormWorker(RunManifest manifest, WorkerLog log) {
        this.manifest = manifest;
        this.log = log;
    }

    /**
     * Works until it is killed.
     *
     * @param args the log file, the store's location, a seed
     */
    public static void main(String[] args) throws IOException {
        RunManifestStore store = RunManifestStores.open(args[1]);
        RunManifest manifest = RunManifest.builder(store).maxAttempts(1_000_000).build();
        WorkerLog log = new WorkerLog(args[0]);
        StormWorker worker = new StormWorker(manifest, log);
        Random seeds = new Random(Long.parseLong(args[2]));
        for (int i = 0; i < 2; i++) {
            Random random = new Random(seeds.nextLong());
            new Thread(() -> worker.work(random), "storm-" + i).start();
        }
    }

    private void work(Random random) {
        while (true) {
            RunId run = new RunId("run-" + random.nextInt(RUNS));
            try {
                if (manifest.claim(run, LEASE) instanceof ClaimResult.Granted granted) {
                    log.tell("granted", run, granted.claim().fence());
                    handle(granted.claim(), random);
                }
            } catch (ClaimLostException e) {
                log.tell("lost", run, 0);
            } catch (RuntimeException e) {
                log.tell("unexpected", run, e);
            }
        }
    }

    private void handle(Claim claim, Random random) {
        int choice = random.nextInt(20);
        if (choice == 0) {
            manifest.commit(claim, Map.of("fence", Long.toString(claim.fence())));
            log.tell("committed", claim.run(), claim.fence());
        } else if (choice < 6) {
            manifest.renew(claim);
            manifest.release(claim);
        } else if (choice < 11) {
            manifest.fail(claim, new IOException("by chance"), Duration.ZERO);
        } else if (choice < 14) {
            for (int i = 0; i < 5; i++) {
                manifest.renew(claim);
            }
        } // and the others let their leases run out
    }
}
