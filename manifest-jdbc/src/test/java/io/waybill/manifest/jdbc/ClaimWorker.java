package io.waybill.manifest.jdbc;

import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.ForwardingRunManifestStore;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process of {@link ProcessContract}: threads that claim each run once, in order, so that several such processes are at the
 * same runs at the same time. Tells {@code granted}, and {@code unexpected} for what should not happen.
 */
final class ClaimWorker {

    static final int THREADS = 8;

    private static final Duration LEASE = Duration.ofHours(1);

    private ClaimWorker() {}

    static RunId run(int number) {
        return new RunId("run-%04d".formatted(number));
    }

    /**
     * Claims all runs and ends.
     *
     * @param args the log file, the store's location, how many runs, {@code conditional} or {@code unconditional}
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        WorkerLog log = new WorkerLog(args[0]);
        int runs = Integer.parseInt(args[2]);
        try (RunManifestStore opened = RunManifestStores.open(args[1])) {
            RunManifestStore store = args[3].equals("unconditional") ? new Unconditional(opened) : opened;
            RunManifest manifest = RunManifest.over(store);
            AtomicInteger next = new AtomicInteger();
            Thread[] threads = new Thread[THREADS];
            store.now(); // connected, so that all begin at once
            log.awaitGo();
            for (int i = 0; i < THREADS; i++) {
                threads[i] = new Thread(() -> {
                    for (int n = next.getAndIncrement(); n < runs; n = next.getAndIncrement()) {
                        claim(manifest, run(n), log);
                    }
                });
                threads[i].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static void claim(RunManifest manifest, RunId run, WorkerLog log) {
        try {
            if (manifest.claim(run, LEASE) instanceof ClaimResult.Granted granted) {
                log.tell("granted", run, granted.claim().fence());
            }
        } catch (RuntimeException e) { // whatever it is, nothing may leave the library
            log.tell("unexpected", run, e);
        }
    }

    /** What a store without a condition would be: it writes whatever version stands there. */
    private static final class Unconditional extends ForwardingRunManifestStore {

        Unconditional(RunManifestStore store) {
            super(store);
        }

        @Override
        public boolean compareAndPut(RunRecord next) {
            boolean written = false;
            while (!written) {
                long version = find(next.id()).map(RunRecord::version).orElse(0L);
                written = super.compareAndPut(new RunRecord(
                        next.id(),
                        version + 1,
                        next.state(),
                        next.owner(),
                        next.token(),
                        next.at(),
                        next.lease(),
                        next.attempts(),
                        next.retryAt(),
                        next.details()));
            }
            return true;
        }
    }
}
