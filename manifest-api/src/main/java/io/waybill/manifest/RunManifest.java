package io.waybill.manifest;

import io.waybill.manifest.spi.RunManifestStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which runs a job has processed, and who may process one now.
 *
 * <p>Every change writes a record under the version it replaces, in one atomic step that the store decides; so safety
 * rests on versions alone. Clocks, always the store's, decide only when a claim has run out. A write whose answer was
 * lost is asked after: the record in the store equals the one written, token included, or the write did not count.
 *
 * <p>Over a store that has joined the caller's transaction ({@link RunManifestStore#isJoined}) a claim that is committed,
 * failed or released ends when that transaction commits, and stays open if it is rolled back. A manifest over the
 * ordinary store learns which with its next operation on the claim, and tells the listeners; it does not itself commit what
 * was left to a transaction.
 *
 * <p>Safe for use by many threads. The store is the caller's, who closes it. Every method may throw a
 * {@link ManifestException}; {@link OutcomeUnknownException} means that asking again will tell.
 */
public final class RunManifest {

    private static final Logger log = LoggerFactory.getLogger(RunManifest.class);

    /** How many attempts of a run may fail before it needs an operator, unless the builder says otherwise. */
    public static final int DEFAULT_MAX_ATTEMPTS = 5;

    // longer ones are slips, and some would not fit the arithmetic of times
    private static final Duration LONGEST = Duration.ofDays(365);

    // how often a write is sent again while its outcome is unknown, and a decision made again after a lost race
    private static final int TRIES = 5;

    private final RunManifestStore store;
    private final String owner;
    private final int maxAttempts;
    private final SecureRandom random = new SecureRandom();
    private final List<ManifestListener> listeners;
    private final LongSupplier nanoTime;
    private final SeenNew seenNew = new SeenNew();

    private RunManifest(Builder builder) {
        this.store = builder.store;
        this.owner = builder.owner;
        this.maxAttempts = builder.maxAttempts;
        this.listeners = List.copyOf(builder.listeners);
        this.nanoTime = builder.nanoTime;
    }

    /**
     * A manifest over a store, with the defaults of {@link Builder}.
     *
     * @param store the records, which stay the caller's to close
     * @return the manifest
     */
    public static RunManifest over(RunManifestStore store) {
        return builder(store).build();
    }

    /**
     * Begins a manifest that differs from the defaults.
     *
     * @param store the records, which stay the caller's to close
     * @return a builder
     */
    public static Builder builder(RunManifestStore store) {
        return new Builder(store);
    }

    /**
     * Makes the store's table if it is missing, waits until it is usable and verifies its shape. Harmless when many do it
     * at once; needs no right to make tables when the table is there.
     */
    public void create() {
        store.create();
    }

    /**
     * Whether the run needs no processing any more. Read strongly consistent; a missing table is an error, never false.
     *
     * @param run the run
     * @return true if it is processed or skipped
     */
    public boolean contains(RunId run) {
        return current(run).state().isDone();
    }

    /**
     * Records that the run is processed. Overrides a live claim, whose holder is then refused.
     *
     * @param run the run
     * @return true if this call made it so; false if it was processed already
     */
    public boolean add(RunId run) {
        return decide(
                        run,
                        (current, now) -> current.state() == RunState.PROCESSED
                                ? null
                                : successor(current, RunState.PROCESSED, now, current.attempts(), Map.of()))
                .isPresent();
    }

    /**
     * Of the given runs, in their order, those that a worker could claim now. Asks the store in batches as the stream is
     * read; constant memory. A run whose record is corrupt is left out and told to the listeners as
     * {@link ManifestListener#undecided}.
     *
     * @param runs the runs, such as an archive lists them
     * @return those that are new, whose lease ran out, or whose time to retry has come; closing it closes {@code runs}
     */
    public Stream<RunId> pending(Stream<RunId> runs) {
        return Batches.of(runs, batch -> {
                    long askedAt = nanoTime.getAsLong();
                    List<RunRecord> records = records(batch);
                    records.stream().filter(r -> r.version() == 0).forEach(r -> seenNew.add(r.id(), askedAt));
                    boolean timeMatters = records.stream()
                            .anyMatch(r -> r.state() == RunState.PROCESSING || r.state() == RunState.FAILED);
                    Instant now = timeMatters ? store.now() : Instant.EPOCH;
                    return records.stream().filter(r -> r.isClaimableAt(now)).toList();
                })
                .map(RunRecord::id);
    }

    /**
     * Asks for the right to process a run: one atomic step. A claim whose lease has run out is taken over. Reads the record
     * first, unless {@link #pending} has just seen that there is none.
     *
     * @param run the run
     * @param lease how long the claim holds unless it is renewed; from a millisecond to 365 days
     * @return the claim, or why there is none
     */
    public ClaimResult claim(RunId run, Duration lease) {
        requireLease(lease);
        RunRecord current = seenNew.take(run, nanoTime.getAsLong()) ? RunRecord.none(run) : current(run);
        long askedAt = nanoTime.getAsLong();
        Instant now = store.now();
        for (int i = 0; i < TRIES; i++) {
            if (!current.isClaimableAt(now)) {
                return refused(run, refusal(current));
            }
            RunRecord next = new RunRecord(
                    run,
                    current.version() + 1,
                    RunState.PROCESSING,
                    owner,
                    token(),
                    now,
                    lease,
                    current.attempts(),
                    null,
                    takeovers(current));
            current = put(next);
            if (current.equals(next)) {
                Claim claim = new Claim(next, nanoTime, askedAt);
                if (store.isJoined()) { // its version may be another's by the time it is used
                    claim.suspend(next);
                }
                tell(l -> l.claimed(claim));
                return new ClaimResult.Granted(claim);
            }
            askedAt = nanoTime.getAsLong();
            now = store.now();
        }
        return refused(run, new ClaimResult.NotYet(now));
    }

    /**
     * Lengthens the lease to its full length from now on. Accepted after its end too, while nobody took over.
     *
     * @param claim the claim
     * @throws ClaimLostException if another has the run
     * @throws IllegalStateException if the claim has been committed, failed or released
     */
    public void renew(Claim claim) {
        move(claim, RunState.PROCESSING, now -> {
            RunRecord r = claim.record();
            return new RunRecord(
                    r.id(),
                    r.version() + 1,
                    RunState.PROCESSING,
                    r.owner(),
                    r.token(),
                    now,
                    r.lease(),
                    r.attempts(),
                    null,
                    r.details());
        });
    }

    /**
     * Records that the run is processed. Accepted after the lease's end too, while nobody took over. After an
     * {@link OutcomeUnknownException} it may be called again, and tells the truth.
     *
     * @param claim the claim, which ends
     * @param details what to keep with the record, such as counts; see {@link RunRecord#details}. The keys
     *     {@value RunRecord#REASON} and {@value RunRecord#TAKEOVERS} are the manifest's own
     * @throws IllegalArgumentException if the details are more than a record holds
     * @throws ClaimLostException if another has the run; names the winner
     * @throws IllegalStateException if the claim has been committed, failed or released; or if it was ended over a store that
     *     had joined a transaction, and that transaction does not stand, as then what belongs to the run may be missing
     */
    public void commit(Claim claim, Map<String, String> details) {
        move(claim, RunState.PROCESSED, now -> {
            if (claim.leftToTransaction && !store.isJoined()) {
                throw new LeftToTransactionException(
                        ("%s: %s was ended in a transaction that does not stand, so what belongs to"
                                        + " the run may be missing; want it committed in a new transaction, or failed or released")
                                .formatted(this, claim));
            }
            Map<String, String> kept = new TreeMap<>(details);
            if (kept.containsKey(RunRecord.REASON) || kept.containsKey(RunRecord.TAKEOVERS)) {
                throw new IllegalArgumentException("%s: the details '%s' and '%s' are the manifest's own"
                        .formatted(claim, RunRecord.REASON, RunRecord.TAKEOVERS));
            }
            kept.putAll(takeoversOf(claim.record()));
            return ending(claim, RunState.PROCESSED, now, 0, null, kept);
        });
    }

    /**
     * Records that the attempt failed, and why.
     *
     * <p>The run may be claimed again after {@code retryAfter}; when as many attempts have failed as the manifest allows,
     * only after an operator's {@link #retry}.
     *
     * @param claim the claim, which ends
     * @param cause why; its message is kept, on one line and clipped
     * @param retryAfter how long to wait before the next attempt, at most 365 days; zero for not at all
     * @throws ClaimLostException if another has the run; names the winner
     * @throws IllegalStateException if the claim has been committed, failed or released
     */
    public void fail(Claim claim, Throwable cause, Duration retryAfter) {
        requireWait(retryAfter);
        move(claim, RunState.FAILED, now -> {
            int failures = claim.record().attempts() + 1;
            Map<String, String> kept = new TreeMap<>(takeoversOf(claim.record()));
            kept.put(RunRecord.REASON, reason(cause));
            return ending(claim, RunState.FAILED, now, 1, failures < maxAttempts ? now.plus(retryAfter) : null, kept);
        });
    }

    /**
     * Gives the run back as new; the attempt is not counted.
     *
     * @param claim the claim, which ends
     * @throws ClaimLostException if another has the run; names the winner
     * @throws IllegalStateException if the claim has been committed, failed or released
     */
    public void release(Claim claim) {
        move(claim, RunState.NEW, now -> ending(claim, RunState.NEW, now, 0, null, Map.of()));
    }

    /**
     * Records that the run shall not be processed. Overrides a live claim, whose holder is then refused.
     *
     * @param run the run
     * @param why the reason, kept with the record
     * @return true if this call made it so; false if it was processed or skipped already
     */
    public boolean skip(RunId run, String why) {
        Map<String, String> details = Map.of(RunRecord.REASON, Texts.clip(Texts.oneLine(why), 500));
        return decide(
                        run,
                        (current, now) -> current.state().isDone()
                                ? null
                                : successor(current, RunState.SKIPPED, now, current.attempts(), details))
                .isPresent();
    }

    /**
     * Makes a failed run claimable at once, with all its attempts before it.
     *
     * @param run the run
     * @return true if this call made it so; false if it has not failed
     */
    public boolean retry(RunId run) {
        return decide(
                        run,
                        (current, now) -> current.state() == RunState.FAILED
                                ? successor(current, RunState.NEW, now, 0, Map.of())
                                : null)
                .isPresent();
    }

    /**
     * Makes a run new again, whatever it was; the only way back from processed. The record stays, at its next version, so
     * that no earlier claim can ever match again.
     *
     * @param run the run
     * @return true if this call made it so; false if it was new already
     */
    public boolean forget(RunId run) {
        return decide(
                        run,
                        (current, now) -> current.state() == RunState.NEW
                                ? null
                                : successor(current, RunState.NEW, now, 0, Map.of()))
                .isPresent();
    }

    /**
     * The record of a run, read strongly consistent.
     *
     * @param run the run
     * @return its record, or empty if it has none
     */
    public Optional<RunRecord> find(RunId run) {
        return store.find(run);
    }

    /**
     * All records of a range, lazily, in the order of the ids' UTF-8 bytes.
     *
     * @param range which runs
     * @return the records; the caller closes the stream
     */
    public Stream<RunRecord> records(RunRange range) {
        return store.list(range);
    }

    /**
     * The record of each of the given runs, in their order: {@link RunRecord#none} for one that has none. Asks the store
     * in batches as the stream is read; constant memory. A run whose record is corrupt is left out and told to the
     * listeners as {@link ManifestListener#undecided}.
     *
     * @param runs the runs
     * @return a record for each; closing it closes {@code runs}
     */
    public Stream<RunRecord> records(Stream<RunId> runs) {
        return Batches.of(runs, this::records);
    }

    /** Where the records are, without secrets, and who asks. */
    @Override
    public String toString() {
        return "%s as %s".formatted(store, owner);
    }

    void tell(Consumer<ManifestListener> event) {
        for (ManifestListener listener : listeners) {
            guarded(() -> event.accept(listener));
        }
    }

    private static void guarded(Runnable listening) {
        try {
            listening.run();
        } catch (Throwable e) { // another's code must not change what was decided
            log.warn("one who was told of a decision failed", e);
        }
    }

    private List<RunRecord> records(List<RunId> batch) {
        try {
            Map<RunId, RunRecord> found = store.findAll(batch);
            return batch.stream()
                    .map(run -> Optional.ofNullable(found.get(run)).orElseGet(() -> RunRecord.none(run)))
                    .toList();
        } catch (CorruptRecordException e) { // one of them, which shall not hide the others
            return batch.stream().flatMap(run -> readable(run).stream()).toList();
        }
    }

    private Optional<RunRecord> readable(RunId run) {
        try {
            return Optional.of(current(run));
        } catch (CorruptRecordException e) {
            tell(l -> l.undecided(run, e));
            return Optional.empty();
        }
    }

    private RunRecord current(RunId run) {
        return store.find(run).orElseGet(() -> RunRecord.none(run));
    }

    /** Writes a record under the version it replaces; returns what stands there then, which is {@code next} or another's. */
    private RunRecord put(RunRecord next) {
        ManifestException doubt = null;
        for (int i = 0; i < TRIES; i++) {
            try {
                if (store.compareAndPut(next)) {
                    return next;
                }
            } catch (OutcomeUnknownException e) {
                doubt = e;
            } catch (ManifestException e) { // this try wrote nothing, an earlier one may have
                throw doubt == null ? e : unknown(next, e);
            }
            // A client that retried by itself is refused by its own first write, so a refusal needs a second look too.
            RunRecord stored = lookAgain(next);
            if (doubt != null && stored.version() > next.version()) { // and ours may have stood there in between
                throw unknown(next, doubt);
            }
            if (stored.version() >= next.version()) {
                return stored;
            }
            // The version it replaces still stands. Should an earlier try be under way, the first to arrive is the only
            // one.
        }
        throw unknown(next, doubt);
    }

    private RunRecord lookAgain(RunRecord next) {
        try {
            return current(next.id());
        } catch (ManifestException e) { // whatever keeps us from looking, we do not know
            throw unknown(next, e);
        }
    }

    private OutcomeUnknownException unknown(RunRecord next, @Nullable Throwable cause) {
        String message = "%s: run %s: nobody knows whether version %d (%s) was written; ask again"
                .formatted(this, next.id(), next.version(), next.state());
        return cause == null ? new OutcomeUnknownException(message) : new OutcomeUnknownException(message, cause);
    }

    /** Decides on what stands there, and again if another was faster; empty if the decision was to leave it. */
    private Optional<RunRecord> decide(RunId run, BiFunction<RunRecord, Instant, @Nullable RunRecord> decision) {
        RunRecord current = current(run);
        Instant now = store.now();
        for (int i = 0; i < TRIES; i++) {
            RunRecord next = decision.apply(current, now);
            if (next == null) {
                return Optional.empty();
            }
            current = put(next);
            if (current.equals(next)) {
                return Optional.of(next);
            }
        }
        throw new StoreUnavailableException(
                "%s: run %s: %d other writers were faster, try again later".formatted(this, run, TRIES));
    }

    /** Writes the claim's next record, unless an earlier try turns out to have written just that. */
    private void move(Claim claim, RunState target, Function<Instant, RunRecord> transition) {
        boolean ended = false;
        try {
            synchronized (claim) {
                RunRecord before = claim.record();
                try {
                    write(claim, target, transition);
                } finally {
                    if (store.isJoined()) {
                        claim.suspend(before);
                    }
                    ended = before.state() == RunState.PROCESSING
                            && claim.record().state() != RunState.PROCESSING;
                }
            }
        } catch (ClaimLostException e) {
            if (claim.lose(e)) { // told without the lock, so that one may wait for another who waits for the claim
                tell(l -> l.lost(claim, e));
                claim.lossActions().forEach(action -> guarded(() -> action.accept(e)));
            }
            throw e;
        } finally {
            if (ended) { // told by the first who learns it, also by a renewal that finds a commit whose answer was lost
                tell(l -> l.ended(claim, claim.record()));
            }
        }
    }

    private void write(Claim claim, RunState target, Function<Instant, RunRecord> transition) {
        requireOpen(claim);
        if (claim.inDoubt) {
            adopt(claim, current(claim.run()));
        }
        boolean written = false;
        for (int i = 0; i < TRIES && !written && !claim.endedAs(target); i++) {
            requireOpen(claim);
            long askedAt = nanoTime.getAsLong();
            RunRecord next = transition.apply(store.now());
            claim.inDoubt = true;
            claim.leftToTransaction |= store.isJoined() && target != RunState.PROCESSING;
            written = adopt(claim, put(next)).equals(next);
            if (written && !store.isJoined()) {
                claim.countFrom(askedAt);
            }
        }
        if (!written && !claim.endedAs(target)) {
            throw new StoreUnavailableException(
                    "%s: %s: earlier writes of it kept arriving, try again".formatted(this, claim));
        }
    }

    /** Brings a claim up to what stands in the store: a write of its own, even one thought lost, or another's. */
    private RunRecord adopt(Claim claim, RunRecord stored) {
        if (!stored.token().equals(claim.record().token())) {
            throw lost(claim, stored);
        }
        claim.advance(stored);
        return stored;
    }

    private void requireOpen(Claim claim) {
        if (claim.isLost()) {
            throw lost(claim, current(claim.run()));
        }
        if (claim.hasEnded()) {
            throw new IllegalStateException(
                    "%s: %s has ended: %s".formatted(this, claim, claim.record().state()));
        }
    }

    private ClaimLostException lost(Claim claim, RunRecord winner) {
        return new ClaimLostException(
                "%s: %s is lost: version %d (%s) was written by '%s' at %s"
                        .formatted(this, claim, winner.version(), winner.state(), winner.owner(), winner.at()),
                winner);
    }

    private ClaimResult refused(RunId run, ClaimResult answer) {
        tell(l -> l.refused(run, answer));
        return answer;
    }

    private static ClaimResult refusal(RunRecord record) {
        if (record.state() == RunState.PROCESSING) {
            return new ClaimResult.Held(record.owner(), record.leaseUntil());
        }
        Instant retryAt = record.retryAt();
        return retryAt == null ? new ClaimResult.Settled(record) : new ClaimResult.NotYet(retryAt);
    }

    private RunRecord successor(
            RunRecord current, RunState state, Instant now, int attempts, Map<String, String> details) {
        return new RunRecord(
                current.id(),
                current.version() + 1,
                state,
                owner,
                token(),
                now,
                Duration.ZERO,
                attempts,
                null,
                details);
    }

    private static RunRecord ending(
            Claim claim,
            RunState state,
            Instant now,
            int failures,
            @Nullable Instant retryAt,
            Map<String, String> details) {
        RunRecord r = claim.record();
        return new RunRecord(
                r.id(),
                r.version() + 1,
                state,
                r.owner(),
                r.token(),
                now,
                Duration.ZERO,
                r.attempts() + failures,
                retryAt,
                details);
    }

    private static Map<String, String> takeovers(RunRecord current) {
        if (current.state() != RunState.PROCESSING) {
            return Map.of();
        }
        long before = Long.parseLong(current.details().getOrDefault(RunRecord.TAKEOVERS, "0"));
        return Map.of(RunRecord.TAKEOVERS, Long.toString(before + 1));
    }

    private static Map<String, String> takeoversOf(RunRecord claimed) {
        String count = claimed.details().get(RunRecord.TAKEOVERS);
        return count == null ? Map.of() : Map.of(RunRecord.TAKEOVERS, count);
    }

    private static String reason(Throwable cause) {
        StringBuilder reason = new StringBuilder(cause.toString());
        Throwable deeper = cause.getCause();
        for (int i = 0; i < 3 && deeper != null; i++, deeper = deeper.getCause()) {
            reason.append("; caused by ").append(deeper);
        }
        return Texts.clip(Texts.oneLine(reason.toString()), 500);
    }

    private String token() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    static void requireLease(Duration lease) {
        if (lease.compareTo(Duration.ofMillis(1)) < 0 || lease.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "a lease of %s, want 1 ms to %d days".formatted(lease, LONGEST.toDays()));
        }
    }

    static void requireWait(Duration wait) {
        if (wait.isNegative() || wait.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a wait of %s, want 0 to %d days".formatted(wait, LONGEST.toDays()));
        }
    }

    /** Builds a {@link RunManifest}. Not safe for use by several threads. */
    public static final class Builder {

        private final RunManifestStore store;
        private String owner = Owners.thisProcess();
        private int maxAttempts = DEFAULT_MAX_ATTEMPTS;
        private final List<ManifestListener> listeners = new ArrayList<>();
        private LongSupplier nanoTime = System::nanoTime;

        private Builder(RunManifestStore store) {
            this.store = store;
        }

        /**
         * Names the worker in records and messages; by default user, host and process. Names need not be unique.
         *
         * @param owner a name of at most 256 characters
         * @return this builder
         */
        public Builder owner(String owner) {
            this.owner = owner;
            return this;
        }

        /**
         * Sets how many attempts of a run may fail before it needs an operator. Claims that run out are not counted.
         *
         * @param maxAttempts 1 or more; {@value RunManifest#DEFAULT_MAX_ATTEMPTS} by default
         * @return this builder
         */
        public Builder maxAttempts(int maxAttempts) {
            if (maxAttempts < 1) {
                throw new IllegalArgumentException("maxAttempts is " + maxAttempts + ", want 1 or more");
            }
            this.maxAttempts = maxAttempts;
            return this;
        }

        /**
         * Adds one who is told of what the manifest decides, after those added before.
         *
         * @param listener the listener
         * @return this builder
         */
        public Builder listener(ManifestListener listener) {
            listeners.add(listener);
            return this;
        }

        /**
         * Sets what {@link Claim#remaining} is counted on, and so when a {@link RunProcessor} begins to renew a claim;
         * {@link System#nanoTime} by default. Who may claim or commit does not depend on it.
         *
         * @param nanoTime a monotonic clock in nanoseconds, safe for use by many threads; a test can own it
         * @return this builder
         */
        public Builder nanoTime(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            return this;
        }

        /**
         * The manifest.
         *
         * @return a manifest with these settings
         */
        public RunManifest build() {
            return new RunManifest(this);
        }
    }
}
