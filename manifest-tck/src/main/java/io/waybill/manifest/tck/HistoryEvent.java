package io.waybill.manifest.tck;

import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import java.time.Instant;

/**
 * One operation of a history, from its call to its answer.
 *
 * @param owner who asked
 * @param kind what was asked
 * @param run of which run
 * @param fence of the claim it was asked with; 0 if with none
 * @param answer what was answered
 * @param called its place among all calls and answers
 * @param answered the same, of its answer
 * @param from the store's time at the call
 * @param to the store's time at the answer
 */
record HistoryEvent(
        String owner,
        Kind kind,
        RunId run,
        long fence,
        Answer answer,
        long called,
        long answered,
        Instant from,
        Instant to) {

    /** What can be asked. */
    enum Kind {
        CLAIM,
        RENEW,
        COMMIT,
        FAIL,
        RELEASE,
        ADD,
        SKIP,
        RETRY,
        FORGET,
        CONTAINS,
        PENDING,
        FIND
    }

    /** What can be answered. */
    sealed interface Answer {

        /** Yes or no. */
        record Flag(boolean yes) implements Answer {}

        /** A claim was granted. */
        record Granted(long fence, Instant until) implements Answer {}

        /** A claim was not granted. */
        record Refused(ClaimResult why) implements Answer {}

        /** The lease was lengthened. */
        record Renewed(Instant until) implements Answer {}

        /** The claim was committed, failed or released. */
        record Done() implements Answer {}

        /** Another has the run. */
        record Lost(RunRecord winner) implements Answer {}

        /** The claim had ended before. */
        record Ended() implements Answer {}

        /** What stands in the store. */
        record Read(RunRecord record) implements Answer {}

        /** Nobody knows whether it took place, or will. */
        record Unknown() implements Answer {}
    }

    boolean isKnown() {
        return !(answer instanceof Answer.Unknown);
    }

    boolean says(boolean yes) {
        return answer instanceof Answer.Flag flag && flag.yes() == yes;
    }

    /** Whether a time lies between call and answer. */
    boolean spans(Instant time) {
        return !time.isBefore(from) && !time.isAfter(to);
    }

    /** One line of a report. */
    @Override
    public String toString() {
        return "%4d-%-4d %s %s%s -> %s"
                .formatted(called, answered, owner, kind, fence == 0 ? "" : " with " + fence, answer);
    }
}
