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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A process of {@link ProcessContract}: claims a run for each operation on a claim, and tries them when it is told to go on.
 * Tells {@code granted}, and then {@code refused} with the reason or {@code accepted}.
 */
final class ZombieWorker {

    static final Duration LEASE = Duration.ofMillis(500);

    static final Map<RunId, BiConsumer<RunManifest, Claim>> OPERATIONS = operations();

    private ZombieWorker() {}

    private static Map<RunId, BiConsumer<RunManifest, Claim>> operations() {
        Map<RunId, BiConsumer<RunManifest, Claim>> operations = new LinkedHashMap<>();
        operations.put(new RunId("renew"), RunManifest::renew);
        operations.put(new RunId("commit"), (manifest, claim) -> manifest.commit(claim, Map.of("rows", "1")));
        operations.put(
                new RunId("fail"),
                (manifest, claim) -> manifest.fail(claim, new IOException("disk full"), Duration.ZERO));
        operations.put(new RunId("release"), RunManifest::release);
        return operations;
    }

    /**
     * Claims, waits, tries and ends.
     *
     * @param args the log file, the store's location
     */
    public static void main(String[] args) throws IOException {
        WorkerLog log = new WorkerLog(args[0]);
        try (RunManifestStore store = RunManifestStores.open(args[1])) {
            RunManifest manifest = RunManifest.builder(store).owner("zombie").build();
            Map<RunId, Claim> claims = new LinkedHashMap<>();
            for (RunId run : OPERATIONS.keySet()) {
                if (manifest.claim(run, LEASE) instanceof ClaimResult.Granted granted) {
                    claims.put(run, granted.claim());
                    log.tell("granted", run, granted.claim().fence());
                }
            }
            log.awaitGo();
            OPERATIONS.forEach((run, operation) -> {
                Claim claim = claims.get(run);
                if (claim != null) {
                    attempt(manifest, claim, operation, log);
                }
            });
        }
    }

    private static void attempt(
            RunManifest manifest, Claim claim, BiConsumer<RunManifest, Claim> operation, WorkerLog log) {
        try {
            operation.accept(manifest, claim);
            log.tell("accepted", claim.run(), claim.fence());
        } catch (ClaimLostException e) {
            log.tell("refused", claim.run(), e);
        } catch (RuntimeException e) { // told, and so the test fails
            log.tell("unexpected", claim.run(), e);
        }
    }
}
