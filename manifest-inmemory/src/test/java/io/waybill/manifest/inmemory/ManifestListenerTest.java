package io.waybill.manifest.inmemory;

import static io.waybill.manifest.tck.FaultInjectingStore.Operation.COMPARE_AND_PUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.ManifestListener;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.tck.FaultInjectingStore;
import io.waybill.manifest.tck.FaultInjectingStore.Fault;
import io.waybill.manifest.tck.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a manifest tells its listeners: each decision once, after the store has taken it. */
class ManifestListenerTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final ManualClock clock = new ManualClock();
    private final FaultInjectingStore store = new FaultInjectingStore(new InMemoryRunManifestStore(clock), clock);
    private final List<String> events = new ArrayList<>();
    private final RunManifest rival = RunManifest.builder(store).owner("rival").build();
    private final RunManifest manifest = RunManifest.builder(store)
            .owner("worker")
            .listener(new ManifestListener() {
                @Override
                public void claimed(Claim claim) {
                    events.add("claimed %d, stored %s".formatted(claim.fence(), stored()));
                }

                @Override
                public void refused(RunId run, ClaimResult answer) {
                    events.add("refused " + answer);
                }

                @Override
                public void ended(Claim claim, RunRecord record) {
                    assertThat(stored()).isEqualTo(record.state().toString());
                    events.add("ended %d %s %s".formatted(claim.fence(), record.state(), record.details()));
                }

                @Override
                public void lost(Claim claim, ClaimLostException why) {
                    assertThat(claim.isLost()).isTrue();
                    assertThat(why.winner().map(RunRecord::owner)).contains("rival");
                    events.add("lost %d to %s"
                            .formatted(
                                    claim.fence(),
                                    why.winner().map(RunRecord::state).orElseThrow()));
                }
            })
            .build();

    ManifestListenerTest() {
        store.create();
    }

    private String stored() {
        return store.find(RUN).orElseThrow().state().toString();
    }

    private static Claim granted(ClaimResult result) {
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).claim();
    }

    private Claim claimed() {
        return granted(manifest.claim(RUN, LEASE));
    }

    @Test
    void claimsAndTheirEndsAreToldAfterTheStoreHasTakenThem() {
        Claim first = claimed();
        manifest.renew(first); // a renewal is no event
        manifest.release(first);
        manifest.fail(claimed(), new IOException("x"), Duration.ZERO);
        manifest.commit(claimed(), Map.of("events", "7"));

        assertThat(events)
                .containsExactly(
                        "claimed 1, stored PROCESSING",
                        "ended 1 NEW {}",
                        "claimed 4, stored PROCESSING",
                        "ended 4 FAILED {reason=java.io.IOException: x}",
                        "claimed 6, stored PROCESSING",
                        "ended 6 PROCESSED {events=7}");
    }

    @Test
    void refusalsAreToldWithTheirAnswer() {
        granted(rival.claim(RUN, LEASE));
        ClaimResult held = manifest.claim(RUN, LEASE);
        rival.add(RUN);
        ClaimResult settled = manifest.claim(RUN, LEASE);

        assertThat(held).isEqualTo(new ClaimResult.Held("rival", clock.instant().plus(LEASE)));
        assertThat(events).containsExactly("refused " + held, "refused " + settled);
    }

    @Test
    void aLostClaimIsToldOnceHoweverOftenItIsUsed() {
        Claim claim = claimed();
        rival.skip(RUN, "not wanted");
        List<Consumer<Claim>> uses = List.of(
                manifest::renew,
                manifest::renew,
                manifest::release,
                c -> manifest.commit(c, Map.of()),
                c -> manifest.fail(c, new IOException("x"), Duration.ZERO));
        for (Consumer<Claim> use : uses) {
            assertThatThrownBy(() -> use.accept(claim))
                    .isInstanceOf(ClaimLostException.class)
                    .hasMessageContaining("SKIPPED")
                    .hasMessageContaining("'rival'");
        }
        assertThat(events).containsExactly("claimed 1, stored PROCESSING", "lost 1 to SKIPPED");
        assertThat(stored()).isEqualTo("SKIPPED");
    }

    @Test
    void whatTheStoreDidNotTakeIsNotToldUntilItDoes() {
        Claim claim = claimed();
        store.on(COMPARE_AND_PUT, Fault.UNAVAILABLE);
        assertThatThrownBy(() -> manifest.commit(claim, Map.of())).isInstanceOf(StoreUnavailableException.class);
        assertThat(events).containsExactly("claimed 1, stored PROCESSING");

        store.on(COMPARE_AND_PUT, Fault.LOST_AFTER);
        manifest.commit(claim, Map.of());
        assertThat(events).containsExactly("claimed 1, stored PROCESSING", "ended 1 PROCESSED {}");
    }

    @Test
    void whatAnOperatorDecidesIsNoEventOfAClaim() {
        manifest.add(RUN);
        manifest.forget(RUN);
        manifest.skip(RUN, "why");
        manifest.forget(RUN);
        manifest.retry(RUN);
        assertThat(events).isEmpty();
    }

    @Test
    void listenersAreToldInTheirOrderAndOneThatThrowsKeepsNoneFromBeingTold() {
        List<String> order = new ArrayList<>();
        RunManifest.Builder builder = RunManifest.builder(store);
        for (int i = 0; i < 3; i++) {
            int number = i;
            builder.listener(new ManifestListener() {
                @Override
                public void claimed(Claim claim) {
                    order.add("listener " + number);
                    if (number == 1) {
                        throw new AssertionError("injected");
                    }
                    throw new IllegalStateException("injected");
                }
            });
        }
        granted(builder.build().claim(RUN, LEASE));
        assertThat(order).containsExactly("listener 0", "listener 1", "listener 2");
        assertThat(stored()).isEqualTo("PROCESSING");
    }

    @Test
    @Timeout(60)
    void aListenerMayWaitForOneWhoUsesTheSameClaim() {
        List<String> answers = new ArrayList<>();
        RunManifest told = RunManifest.builder(store)
                .listener(new ManifestListener() {
                    @Override
                    public void lost(Claim claim, ClaimLostException why) {
                        FutureTask<String> use = new FutureTask<>(() -> {
                            try {
                                manifest.renew(claim);
                                return "renewed";
                            } catch (ClaimLostException e) {
                                return "lost";
                            }
                        });
                        new Thread(use, "another user of the claim").start();
                        try {
                            answers.add(use.get(30, TimeUnit.SECONDS));
                        } catch (Exception e) {
                            answers.add(e.toString());
                        }
                    }
                })
                .build();
        Claim claim = granted(told.claim(RUN, LEASE));
        rival.forget(RUN);

        assertThatThrownBy(() -> told.renew(claim)).isInstanceOf(ClaimLostException.class);
        assertThat(answers).containsExactly("lost");
        assertThat(events).isEmpty(); // told already
    }
}
