package io.waybill.manifest.tck;

import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.tck.HistoryEvent.Answer;
import io.waybill.manifest.tck.HistoryEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a run's record should be, as a sequential program would have it: one operation after another, nobody else about.
 *
 * <p>A time that an answer did not tell is known to lie between two others.
 *
 * @param version the record's version; 0 for none
 * @param state its state
 * @param owner who wrote it
 * @param holder the fence of the claim that wrote it; 0 if it was none
 * @param attempts how many attempts have failed
 * @param earliest the earliest time at which the run may be claimable, where that is not now or never
 * @param latest the latest such time
 */
record RunModel(
        long version, RunState state, String owner, long holder, int attempts, Instant earliest, Instant latest) {

    static final RunModel NONE = new RunModel(0, RunState.NEW, "", 0, 0, Instant.MIN, Instant.MIN);

    /** The record after an operation; empty if the operation cannot have had its answer on this record. */
    Optional<RunModel> after(HistoryEvent event) {
        return switch (event.kind()) {
            case CLAIM -> claim(event);
            case RENEW, COMMIT, FAIL, RELEASE -> ofHolder(event);
            case ADD -> word(event, state != RunState.PROCESSED, RunState.PROCESSED, attempts);
            case SKIP -> word(event, !state.isDone(), RunState.SKIPPED, attempts);
            case RETRY -> word(event, state == RunState.FAILED, RunState.NEW, 0);
            case FORGET -> word(event, state != RunState.NEW, RunState.NEW, 0);
            case CONTAINS -> event.says(state.isDone()) ? Optional.of(this) : Optional.empty();
            case PENDING -> pending(event);
            case FIND -> found(((Answer.Read) event.answer()).record());
        };
    }

    private Optional<RunModel> claim(HistoryEvent event) {
        if (event.answer() instanceof Answer.Granted granted) {
            boolean lawful = mayBeClaimableFor(event)
                    && granted.fence() == version + 1
                    && event.spans(granted.until().minus(Histories.LEASE));
            return lawful
                    ? Optional.of(processing(event, version + 1, granted.until(), granted.until()))
                    : Optional.empty();
        }
        if (event.answer() instanceof Answer.Refused refused) {
            return mayRefuse(event, refused.why()) ? Optional.of(this) : Optional.empty();
        }
        return mayBeClaimableFor(event) // its outcome is unknown: this is what it may have done
                ? Optional.of(processing(
                        event,
                        version + 1,
                        event.from().plus(Histories.LEASE),
                        event.to().plus(Histories.LEASE)))
                : Optional.empty();
    }

    private boolean mayRefuse(HistoryEvent event, ClaimResult why) {
        if (why instanceof ClaimResult.Held held) {
            return state == RunState.PROCESSING
                    && held.by().equals(owner)
                    && mayBe(held.until())
                    && event.from().isBefore(held.until());
        }
        if (why instanceof ClaimResult.Settled settled) {
            return (state.isDone() || isFailedForGood()) && fits(settled.record());
        }
        // others were faster all the time, or it failed and waits
        return why instanceof ClaimResult.NotYet notYet
                && (event.spans(notYet.retryAt())
                        || (state == RunState.FAILED
                                && mayBe(notYet.retryAt())
                                && event.from().isBefore(notYet.retryAt())));
    }

    private Optional<RunModel> ofHolder(HistoryEvent event) {
        boolean holds = holder == event.fence();
        boolean live = holds && state == RunState.PROCESSING;
        if (event.answer() instanceof Answer.Lost lost) {
            return !holds && fits(lost.winner()) ? Optional.of(this) : Optional.empty();
        }
        if (event.answer() instanceof Answer.Ended) {
            return holds && !live ? Optional.of(this) : Optional.empty();
        }
        if (!live) { // an earlier try of unknown outcome may have done what is asked for again
            return holds && event.answer() instanceof Answer.Done && state == target(event.kind())
                    ? Optional.of(this)
                    : Optional.empty();
        }
        return Optional.of(
                switch (event.kind()) {
                    case RENEW -> renewed(event);
                    case FAIL -> failed(event);
                    default -> next(event, target(event.kind()), holder, attempts, Instant.MIN, Instant.MIN);
                });
    }

    private static RunState target(Kind kind) {
        return switch (kind) {
            case COMMIT -> RunState.PROCESSED;
            case FAIL -> RunState.FAILED;
            case RELEASE -> RunState.NEW;
            default -> throw new IllegalArgumentException(kind + " ends no claim");
        };
    }

    private RunModel renewed(HistoryEvent event) {
        return event.answer() instanceof Answer.Renewed renewed
                ? processing(event, holder, renewed.until(), renewed.until())
                : processing(
                        event,
                        holder,
                        event.from().plus(Histories.LEASE),
                        event.to().plus(Histories.LEASE));
    }

    private RunModel failed(HistoryEvent event) {
        boolean forGood = attempts + 1 >= Histories.MAX_ATTEMPTS;
        Duration wait = Histories.RETRY_AFTER;
        return next(
                event,
                RunState.FAILED,
                holder,
                attempts + 1,
                forGood ? Instant.MAX : event.from().plus(wait),
                forGood ? Instant.MAX : event.to().plus(wait));
    }

    /** An operator's word: true if it made it so, false if it was so. */
    private Optional<RunModel> word(HistoryEvent event, boolean changes, RunState target, int attempts) {
        boolean unknown = event.answer() instanceof Answer.Unknown;
        if (!changes) {
            return event.says(false) ? Optional.of(this) : Optional.empty();
        }
        return unknown || event.says(true)
                ? Optional.of(next(event, target, 0, attempts, Instant.MIN, Instant.MIN))
                : Optional.empty();
    }

    private Optional<RunModel> pending(HistoryEvent event) {
        boolean mayBePending = mayBeClaimableFor(event);
        boolean mayBeNot =
                state.isDone() || (state != RunState.NEW && event.from().isBefore(latest));
        return (event.says(true) && mayBePending) || (event.says(false) && mayBeNot)
                ? Optional.of(this)
                : Optional.empty();
    }

    /** This record, with the time that was found in it. */
    private Optional<RunModel> found(RunRecord record) {
        if (!fits(record)) {
            return Optional.empty();
        }
        Instant time = timeOf(record);
        return Optional.of(new RunModel(version, state, owner, holder, attempts, time, time));
    }

    private boolean fits(RunRecord record) {
        return record.version() == version
                && record.state() == state
                && record.owner().equals(owner)
                && record.attempts() == attempts
                && mayBe(timeOf(record));
    }

    private static Instant timeOf(RunRecord record) {
        return switch (record.state()) {
            case PROCESSING -> record.leaseUntil();
            case FAILED -> Optional.ofNullable(record.retryAt()).orElse(Instant.MAX);
            case NEW, PROCESSED, SKIPPED -> Instant.MIN;
        };
    }

    private boolean mayBe(Instant time) {
        return !time.isBefore(earliest) && !time.isAfter(latest);
    }

    private boolean isFailedForGood() {
        return state == RunState.FAILED && latest.equals(Instant.MAX);
    }

    private boolean mayBeClaimableFor(HistoryEvent event) {
        return !state.isDone() && !event.to().isBefore(earliest);
    }

    private RunModel processing(HistoryEvent event, long holder, Instant earliest, Instant latest) {
        return next(event, RunState.PROCESSING, holder, attempts, earliest, latest);
    }

    private RunModel next(
            HistoryEvent event, RunState state, long holder, int attempts, Instant earliest, Instant latest) {
        return new RunModel(version + 1, state, event.owner(), holder, attempts, earliest, latest);
    }
}
