package io.waybill.manifest;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The claim does not hold any more: another worker has taken the run over, or somebody decided otherwise on it. What
 * was done under the claim does not count.
 */
public final class ClaimLostException extends ManifestException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable RunRecord winner;

    ClaimLostException(String message, RunRecord winner) {
        super(message);
        this.winner = winner;
    }

    /**
     * The record that stands in the claim's place.
     *
     * @return the record as it was read when the claim was refused; empty only after serialization
     */
    public Optional<RunRecord> winner() {
        return Optional.ofNullable(winner);
    }
}
