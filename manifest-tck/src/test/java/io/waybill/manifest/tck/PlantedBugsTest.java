package io.waybill.manifest.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.spi.RunManifestStore;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The random histories find what is wrong with a store, or with a client of one. */
class PlantedBugsTest {

    private static final int SEEDS = 200; // a fifth of what the build tries on a store in memory

    /** The first seed by turns whose history has no explanation, and what was said of it. */
    private static String found(RunManifestStore store, UnaryOperator<RunManifestStore> client) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            long tried = seed;
            Throwable failure = catchThrowable(() -> Histories.check(store, client, tried, true));
            if (failure != null) {
                assertThat(failure).isInstanceOf(AssertionError.class);
                String message = String.valueOf(failure.getMessage());
                assertThat(message).contains("-Dwaybill.tck.seed=" + seed, "history " + seed + " by turns");
                // the same seed is the same history
                assertThatThrownBy(() -> Histories.check(fresh(store), client, tried, true))
                        .isInstanceOf(AssertionError.class);
                return message;
            }
        }
        throw new AssertionError("not found by %d seeds".formatted(SEEDS));
    }

    private static RunManifestStore fresh(RunManifestStore store) {
        ((MapStore) store).records.clear();
        return store;
    }

    @Test
    void aStoreWithoutABugPasses() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Histories.check(new MapStore(), UnaryOperator.identity(), seed, true);
            Histories.check(new MapStore(), UnaryOperator.identity(), seed, false);
        }
    }

    @Test
    void aStoreThatIgnoresTheConditionIsFound() {
        assertThat(found(new Careless(), UnaryOperator.identity())).contains("was written after version");
    }

    @Test
    void aStoreThatIgnoresTheConditionLetsAPausedWorkerCommitWhichIsFound() {
        MapStore store = new Careless();
        RunManifestStoreContract contract = new RunManifestStoreContract() {
            @Override
            protected RunManifestStore open(String space, String job) {
                return store;
            }
        };
        assertThatThrownBy(contract::g6WhereverAProcessIsPausedAndOvertakenEachRunIsPublishedOnceAndProcessed)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("pause ");
    }

    /** Writes whatever it is given. */
    private static final class Careless extends MapStore {

        @Override
        public boolean compareAndPut(RunRecord next) {
            records.put(next.id(), next);
            return true;
        }
    }

    @Test
    void aStoreInWhichTheLastOfTwoWritersOfAVersionWinsIsFound() {
        MapStore store = new MapStore() {
            @Override
            public boolean compareAndPut(RunRecord next) {
                boolean notOlder = next.version() >= version(next.id());
                if (notOlder) {
                    records.put(next.id(), next);
                }
                return notOlder;
            }
        };
        assertThat(found(store, UnaryOperator.identity())).contains("was written after version");
    }

    @Test
    void aStoreWhoseFindIsStaleIsFound() {
        MapStore store = new MapStore() {
            private final Map<RunId, RunRecord> replica = new ConcurrentHashMap<>();

            @Override
            public Optional<RunRecord> find(RunId run) {
                Optional<RunRecord> late = Optional.ofNullable(replica.get(run)); // as the last read saw it
                super.find(run).ifPresent(record -> replica.put(run, record));
                return late;
            }
        };
        found(store, UnaryOperator.identity());
    }

    @Test
    void aStoreThatFindsNothingOfManyIsFound() {
        MapStore store = new MapStore() {
            @Override
            public Map<RunId, RunRecord> findAll(Collection<RunId> runs) {
                return new HashMap<>();
            }
        };
        assertThat(found(store, UnaryOperator.identity())).contains("no order");
    }

    @Test
    void aStoreThatForgetsAWriteIsFound() {
        MapStore store = new MapStore() {
            @Override
            public boolean compareAndPut(RunRecord next) {
                return next.version() == 7 || super.compareAndPut(next);
            }
        };
        found(store, UnaryOperator.identity());
    }

    @Test
    void aClientThatReportsALostCommitAsASuccessIsFound() {
        assertThat(found(new MapStore(), behind -> new Client(behind) {
                    @Override
                    boolean afterLoss(RunRecord next, OutcomeUnknownException e) {
                        if (next.state() == RunState.PROCESSED) {
                            return true;
                        }
                        throw e;
                    }
                }))
                .contains("no order");
    }

    @Test
    void aClientThatReportsALostWriteAsNotDoneIsFound() {
        assertThat(found(new MapStore(), behind -> new Client(behind) {
                    @Override
                    boolean afterLoss(RunRecord next, OutcomeUnknownException e) {
                        throw new StoreUnavailableException("nothing was written", e);
                    }
                }))
                .contains("no order");
    }

    /** A client that knows better than its store whether a write took place. */
    private abstract static class Client extends MapStore {

        private final RunManifestStore behind;

        Client(RunManifestStore behind) {
            this.behind = behind;
        }

        abstract boolean afterLoss(RunRecord next, OutcomeUnknownException e);

        @Override
        public boolean compareAndPut(RunRecord next) {
            try {
                return behind.compareAndPut(next);
            } catch (OutcomeUnknownException e) {
                return afterLoss(next, e);
            }
        }

        @Override
        public Optional<RunRecord> find(RunId run) {
            return behind.find(run);
        }

        @Override
        public Map<RunId, RunRecord> findAll(Collection<RunId> runs) {
            return behind.findAll(runs);
        }

        @Override
        public Instant now() {
            return behind.now();
        }
    }
}
