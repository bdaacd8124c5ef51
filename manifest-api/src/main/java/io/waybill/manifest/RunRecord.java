package io.waybill.manifest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One version of a run's entry in the manifest.
 *
 * <p>The constructor brings every value into the one form that all backends store (times in whole milliseconds,
 * details sorted), so that a record read back equals the record written. It throws {@link IllegalArgumentException} for a
 * component that breaks one of the rules below.
 *
 * @param id the run
 * @param version 1 for the first record of a run and one more for each later one, never reset; 0 only for
 *     {@link #none}, which is never stored
 * @param state what this version says of the run
 * @param owner who wrote it: a worker's name on one line, at most 256 characters; empty for {@link #none}
 * @param token random text that makes the records of any two writers unequal, at most 64 characters
 * @param at when it was written, by the store's clock, in whole milliseconds
 * @param lease how long a claim holds from {@code at} on, in whole milliseconds; zero unless {@code PROCESSING}
 * @param attempts how many attempts have failed since the run was new
 * @param retryAt from when on a failed run may be claimed again; null if only an operator's
 *     {@link RunManifest#retry} can make it so, and in every other state
 * @param details a small map of text, at most {@value #MAX_DETAILS_BYTES} bytes in UTF-8 in all; in the order of the keys
 */
public record RunRecord(
        RunId id,
        long version,
        RunState state,
        String owner,
        String token,
        Instant at,
        Duration lease,
        int attempts,
        @Nullable Instant retryAt,
        Map<String, String> details) {

    /** The most bytes that the keys and values of {@code details} may take together, in UTF-8. */
    public static final int MAX_DETAILS_BYTES = 4096;

    /** The detail that holds why a run failed, or why an operator skipped it. */
    public static final String REASON = "reason";

    /** The detail that counts the claims which ran out before this one; absent for none. */
    public static final String TAKEOVERS = "takeovers";

    @SuppressWarnings("doclint:missing") // the components are documented above
    public RunRecord {
        at = at.truncatedTo(ChronoUnit.MILLIS);
        lease = lease.truncatedTo(ChronoUnit.MILLIS);
        retryAt = retryAt == null ? null : retryAt.truncatedTo(ChronoUnit.MILLIS);
        details = Collections.unmodifiableMap(new TreeMap<>(details));
        require(
                version > 0 || (version == 0 && state == RunState.NEW),
                id,
                "version is " + version + ", want 1 or more");
        require(attempts >= 0, id, "attempts is " + attempts + ", want 0 or more");
        require(owner.length() <= 256, id, "owner has " + owner.length() + " characters, want at most 256");
        require(token.length() <= 64, id, "token has " + token.length() + " characters, want at most 64");
        require(
                state == RunState.PROCESSING ? lease.toMillis() > 0 && !token.isEmpty() : lease.isZero(),
                id,
                "state is " + state + " with a lease of " + lease
                        + ": a claim has a lease and a token, nothing else has a lease");
        require(retryAt == null || state == RunState.FAILED, id, "state is " + state + " with a time to retry");
        require(isPlain(owner) && isPlain(token), id, "owner or token holds a control character or a lone surrogate");
        int bytes = 0;
        for (Map.Entry<String, String> detail : details.entrySet()) {
            bytes += utf8Length(id, detail.getKey()) + utf8Length(id, detail.getValue());
        }
        require(
                bytes <= MAX_DETAILS_BYTES,
                id,
                "details take " + bytes + " bytes in UTF-8, want at most " + MAX_DETAILS_BYTES);
    }

    /**
     * What stands for a run that has no record: version 0, {@link RunState#NEW}. It is never stored.
     *
     * @param id the run
     * @return its version 0
     */
    public static RunRecord none(RunId id) {
        return new RunRecord(id, 0, RunState.NEW, "", "", Instant.EPOCH, Duration.ZERO, 0, null, Map.of());
    }

    /**
     * When the lease of a claim ends.
     *
     * @return {@code at} plus {@code lease}
     */
    public Instant leaseUntil() {
        return at.plus(lease);
    }

    /**
     * Whether a live claim holds the run.
     *
     * @param now the store's time
     * @return true if the state is {@code PROCESSING} and the lease has not ended
     */
    public boolean isHeldAt(Instant now) {
        return state == RunState.PROCESSING && now.isBefore(leaseUntil());
    }

    /**
     * Whether a worker could claim the run.
     *
     * @param now the store's time
     * @return true if it is new, if its lease has run out, or if it failed and its time to retry has come
     */
    public boolean isClaimableAt(Instant now) {
        return switch (state) {
            case NEW -> true;
            case PROCESSING -> !isHeldAt(now);
            case FAILED -> retryAt != null && !now.isBefore(retryAt);
            case PROCESSED, SKIPPED -> false;
        };
    }

    private static void require(boolean holds, RunId id, String message) {
        if (!holds) {
            throw new IllegalArgumentException("run " + id + ": " + message);
        }
    }

    private static boolean isPlain(String text) {
        return text.equals(Texts.oneLine(text));
    }

    private static int utf8Length(RunId id, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        require(new String(bytes, StandardCharsets.UTF_8).equals(text), id, "details hold a lone surrogate");
        return bytes.length;
    }
}
