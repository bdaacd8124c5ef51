package io.waybill.manifest.tck;

import io.waybill.manifest.spi.RunManifestStore;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** All guarantees at once: random histories of several workers over a store that loses answers. */
abstract class HistoryContract extends LostAnswersContract {

    static final String SEED = "waybill.tck.seed";
    private static final String HISTORIES = "waybill.tck.histories";

    HistoryContract() {}

    /**
     * How many random histories are tried, each of about a hundred and fifty calls of the store: few, for the slow. A store
     * that answers within a tenth of a millisecond can afford 1,000. The system property {@code waybill.tck.histories}
     * says otherwise for one build, and {@code waybill.tck.seed} tries just the history of a seed that was found to fail.
     *
     * @return the number of histories, 5 unless overridden
     */
    protected int histories() {
        return 5;
    }

    @Test
    void g1To7EveryHistoryOfManyWorkersIsThatOfOneOperationAfterTheOther() {
        checkHistories(created(), UnaryOperator.identity());
    }

    /** Tries the histories of the seeds from 1 on, by turns, and some at large too. */
    final void checkHistories(RunManifestStore store, UnaryOperator<RunManifestStore> client) {
        Long only = Long.getLong(SEED);
        long first = only == null ? 1 : only;
        long last = only == null ? Integer.getInteger(HISTORIES, histories()) : only;
        for (long seed = first; seed <= last; seed++) {
            Histories.check(store, client, seed, true);
            if (only != null || seed % 4 == 0) {
                Histories.check(store, client, seed, false);
            }
        }
    }
}
