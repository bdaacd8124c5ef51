package io.waybill.manifest;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Runs that were seen to have no record a moment ago: whoever claims one of them knows what the claim replaces, and need not
 * look again. Should it be wrong by then, the claim is refused like any other that another was faster with. Bounded. Safe
 * for use by many threads.
 */
final class SeenNew {

    private static final int MOST = 1000;

    /** After that long others may well have been at work, and a look costs less than a write that is refused. */
    private static final long NANOS = Duration.ofMinutes(1).toNanos();

    private final Map<RunId, Long> seenAt = new LinkedHashMap<>();

    /** Remembers a run by the time of the monotonic clock at which it was asked for; of too many, the later ones. */
    synchronized void add(RunId run, long askedAt) {
        seenAt.remove(run);
        seenAt.put(run, askedAt);
        if (seenAt.size() > MOST) {
            seenAt.remove(seenAt.keySet().iterator().next());
        }
    }

    /** Whether the run was seen so not long ago; only once for each time that it was. */
    synchronized boolean take(RunId run, long now) {
        Long askedAt = seenAt.remove(run);
        return askedAt != null && now - askedAt < NANOS;
    }
}
