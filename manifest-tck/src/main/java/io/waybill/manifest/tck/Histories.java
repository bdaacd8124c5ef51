package io.waybill.manifest.tck;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.FaultInjectingStore.Call;
import io.waybill.manifest.tck.FaultInjectingStore.Fault;
import io.waybill.manifest.tck.HistoryEvent.Answer;
import io.waybill.manifest.tck.HistoryEvent.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One random history: a few workers, each in a thread of its own, do what chance tells them with two runs, over a store
 * that loses answers and is throttled. What they were answered is checked against the sequential model of a run, and what
 * was stored against what may follow what.
 *
 * <p>By turns, one thread goes at a time and changes hands before each call of the store, as chance says: a seed gives
 * the same history each time. Otherwise the threads run freely, and a seed gives only the same workers.
 */
final class Histories {

    static final Duration LEASE = Duration.ofSeconds(60);
    static final Duration RETRY_AFTER = Duration.ofSeconds(20);
    static final int MAX_ATTEMPTS = 2;

    private static final ThreadLocal<Worker> CURRENT = new ThreadLocal<>(); // whose thread it is

    private static final int WORKERS = 3;
    private static final int OPERATIONS = 9;

    private final long seed;
    private final ManualClock clock = new ManualClock();
    private final Journal journal;
    private final FaultInjectingStore faults;
    private final List<RunId> runs;
    private final List<Worker> workers = new ArrayList<>();
    private final @Nullable Turns turns;
    private final AtomicLong moments = new AtomicLong();
    private final Queue<HistoryEvent> events = new ConcurrentLinkedQueue<>();

    private Histories(RunManifestStore store, UnaryOperator<RunManifestStore> client, long seed, boolean byTurns) {
        this.seed = seed;
        String name = "history %d %s".formatted(seed, byTurns ? "by turns" : "at large");
        this.runs = List.of(new RunId(name + "/a"), new RunId(name + "/b"));
        this.journal = new Journal(store);
        this.faults = new FaultInjectingStore(journal, clock);
        SplittableRandom random = new SplittableRandom(seed);
        this.turns = byTurns ? new Turns(WORKERS, random.split()) : null;
        for (int i = 0; i < WORKERS; i++) {
            RunManifest manifest = RunManifest.builder(client.apply(faults))
                    .owner("w" + i)
                    .maxAttempts(MAX_ATTEMPTS)
                    .build();
            workers.add(new Worker("w" + i, manifest, random.split()));
        }
    }

    /**
     * Lets the history of a seed happen and checks it.
     *
     * @param store the store under test, created; the history names its runs by its seed
     * @param client what stands between the workers and the faults: nothing, or a client with a bug
     * @param seed the chance of all
     * @param byTurns whether one thread goes at a time
     * @throws AssertionError if the history has no explanation; names the seed
     */
    static void check(RunManifestStore store, UnaryOperator<RunManifestStore> client, long seed, boolean byTurns) {
        Histories history = new Histories(store, client, seed, byTurns);
        history.happen();
        history.runs.forEach(history::check);
    }

    private void happen() {
        faults.before(call -> {
            if (turns != null) {
                turns.step(workers.indexOf(CURRENT.get()));
            }
        });
        faults.plan(call -> CURRENT.get().fault(call));
        Race.of(WORKERS, i -> {
            CURRENT.set(workers.get(i));
            if (turns != null) {
                turns.begin(i);
            }
            try {
                workers.get(i).work();
            } finally {
                if (turns != null) {
                    turns.end(i);
                }
            }
            return i;
        });
    }

    private void check(RunId run) {
        List<HistoryEvent> ofRun = new ArrayList<>(
                events.stream().filter(event -> event.run().equals(run)).toList());
        long last = moments.incrementAndGet();
        Answer stored = new Answer.Read(journal.find(run).orElse(RunRecord.none(run)));
        ofRun.add(
                new HistoryEvent("check", Kind.FIND, run, 0, stored, last, last + 1, clock.instant(), clock.instant()));
        journal.fault(run).ifPresent(fault -> fail(ofRun, fault));
        if (!Explanation.exists(ofRun)) {
            fail(ofRun, "no order of one after the other explains these answers");
        }
    }

    private void fail(List<HistoryEvent> ofRun, String fault) {
        RunId run = ofRun.get(0).run();
        throw new AssertionError("%s: %s%n%s%nstored:%n%s%nfor this seed alone: -D%s=%s"
                .formatted(
                        run,
                        fault,
                        ofRun.stream()
                                .sorted(Comparator.comparingLong(HistoryEvent::called))
                                .map(HistoryEvent::toString)
                                .collect(Collectors.joining("\n")),
                        journal.of(run).stream().map(RunRecord::toString).collect(Collectors.joining("\n")),
                        HistoryContract.SEED,
                        seed));
    }

    /** One who asks, and remembers the claims it was granted. */
    private final class Worker {

        private final String owner;
        private final RunManifest manifest;
        private final SplittableRandom random;
        private final Map<RunId, List<Claim>> claims = new HashMap<>();

        Worker(String owner, RunManifest manifest, SplittableRandom random) {
            this.owner = owner;
            this.manifest = manifest;
            this.random = random;
        }

        // SENT_TWICE is not among them: a store that hides from its caller that it sent a write twice cannot be helped
        // when
        // another writes between the second try and the look; the store's rules ask it to say that it does not know
        Fault fault(Call call) {
            boolean put = call.operation() == FaultInjectingStore.Operation.COMPARE_AND_PUT;
            if (random.nextInt(100) >= (put ? 20 : 8)) {
                return Fault.NONE;
            }
            return pick(
                    put
                            ? List.of(Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.LATE, Fault.UNAVAILABLE)
                            : List.of(Fault.LOST_AFTER, Fault.UNAVAILABLE));
        }

        void work() {
            for (int i = 0; i < OPERATIONS; i++) {
                if (random.nextInt(5) == 0) {
                    clock.advance(LEASE.dividedBy(3).multipliedBy(random.nextInt(4)));
                }
                RunId run = pick(runs);
                List<Claim> held = claims.computeIfAbsent(run, key -> new ArrayList<>());
                if (!held.isEmpty() && random.nextInt(5) < 3) {
                    Claim claim = pick(held);
                    Kind kind = pick(List.of(Kind.RENEW, Kind.RENEW, Kind.COMMIT, Kind.FAIL, Kind.RELEASE));
                    Answer answer = happens(kind, run, claim.fence(), () -> use(claim, kind));
                    if (answer instanceof Answer.Done || answer instanceof Answer.Ended) {
                        held.remove(claim);
                    }
                } else {
                    Kind kind = pick(List.of(
                            Kind.CLAIM,
                            Kind.CLAIM,
                            Kind.CLAIM,
                            Kind.CLAIM,
                            Kind.ADD,
                            Kind.SKIP,
                            Kind.RETRY,
                            Kind.FORGET,
                            Kind.CONTAINS,
                            Kind.PENDING,
                            Kind.FIND));
                    happens(kind, run, 0, () -> ask(run, kind));
                }
            }
        }

        /** Writes down what was answered, unless it was that nothing was done. */
        private @Nullable Answer happens(Kind kind, RunId run, long fence, Question question) {
            long called = moments.incrementAndGet();
            Instant from = clock.instant();
            Answer answer;
            try {
                answer = question.ask();
            } catch (ClaimLostException e) {
                answer = new Answer.Lost(e.winner().orElseThrow());
            } catch (IllegalStateException e) {
                answer = new Answer.Ended();
            } catch (OutcomeUnknownException e) {
                answer = new Answer.Unknown();
            } catch (StoreUnavailableException e) {
                return null;
            }
            events.add(new HistoryEvent(
                    owner, kind, run, fence, answer, called, moments.incrementAndGet(), from, clock.instant()));
            return answer;
        }

        private Answer use(Claim claim, Kind kind) {
            switch (kind) {
                case RENEW -> {
                    manifest.renew(claim);
                    return new Answer.Renewed(claim.until());
                }
                case COMMIT -> manifest.commit(claim, Map.of("by", owner));
                case FAIL -> manifest.fail(claim, new IOException("by chance"), RETRY_AFTER);
                case RELEASE -> manifest.release(claim);
                default -> throw new IllegalArgumentException(kind.toString());
            }
            return new Answer.Done();
        }

        private Answer ask(RunId run, Kind kind) {
            return switch (kind) {
                case CLAIM -> claim(run);
                case ADD -> new Answer.Flag(manifest.add(run));
                case SKIP -> new Answer.Flag(manifest.skip(run, "by chance"));
                case RETRY -> new Answer.Flag(manifest.retry(run));
                case FORGET -> new Answer.Flag(manifest.forget(run));
                case CONTAINS -> new Answer.Flag(manifest.contains(run));
                case PENDING ->
                    new Answer.Flag(manifest.pending(Stream.of(run)).findFirst().isPresent());
                case FIND -> new Answer.Read(manifest.find(run).orElse(RunRecord.none(run)));
                default -> throw new IllegalArgumentException(kind.toString());
            };
        }

        private Answer claim(RunId run) {
            ClaimResult answer = manifest.claim(run, LEASE);
            if (answer instanceof ClaimResult.Granted granted) {
                Claim claim = granted.claim();
                Optional.ofNullable(claims.get(run)).orElseThrow().add(claim);
                return new Answer.Granted(claim.fence(), claim.until());
            }
            return new Answer.Refused(answer);
        }

        private <T> T pick(List<T> choices) {
            return choices.get(random.nextInt(choices.size()));
        }
    }

    private interface Question {
        Answer ask();
    }
}
