package io.waybill.manifest.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** The backend under test: its one hook, and what all contracts need of it. */
abstract class BackendContract {

    static final RunId RUN = new RunId("enriched/archive/run=2017-04-11-10-00-00/");
    static final Duration LEASE = Duration.ofMinutes(10);
    static final int MAX_ATTEMPTS = 3;

    final ManualClock clock = new ManualClock();
    private final List<RunManifestStore> opened = new ArrayList<>();
    private String space = "";

    BackendContract() {
        newSpace();
    }

    /**
     * Opens a store, not created, of the backend under test.
     *
     * @param space names the table (letters, digits and underscores, at most 40): a store of a space that was not named
     *     before is empty, all stores of one space and job share their records
     * @param job the job whose records it holds
     * @return the store, which the contract closes
     */
    protected abstract RunManifestStore open(String space, String job);

    final void newSpace() {
        space = "t" + UUID.randomUUID().toString().replace("-", "");
    }

    final RunManifestStore reopen() {
        return reopen("job");
    }

    final synchronized RunManifestStore reopen(String job) {
        RunManifestStore store = open(space, job);
        opened.add(store);
        return store;
    }

    final RunManifestStore created() {
        RunManifestStore store = reopen();
        store.create();
        return store;
    }

    @AfterEach
    final void closeStores() {
        opened.forEach(RunManifestStore::close);
    }

    /** A store that was created, with this contract's clock, in which faults can be ordered. */
    final FaultInjectingStore store() {
        return new FaultInjectingStore(created(), clock);
    }

    static RunManifest manifest(RunManifestStore store, String owner) {
        return RunManifest.builder(store).owner(owner).maxAttempts(MAX_ATTEMPTS).build();
    }

    final RunManifest manifest(String owner) {
        return manifest(store(), owner);
    }

    static Claim granted(ClaimResult result) {
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).claim();
    }

    static RunRecord record(RunManifest manifest) {
        return manifest.find(RUN).orElseThrow();
    }
}
