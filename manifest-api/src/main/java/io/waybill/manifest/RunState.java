package io.waybill.manifest;

/** What is known of a run. A run without a record is {@link #NEW}. */
public enum RunState {
    /** Nobody has begun it, or it was given back. */
    NEW,
    /** A worker holds a claim on it, or held one until its lease ran out. */
    PROCESSING,
    /** It is done. Only {@link RunManifest#forget} takes that back. */
    PROCESSED,
    /** The last attempt failed. */
    FAILED,
    /** An operator decided that it shall not be processed. */
    SKIPPED;

    /**
     * Whether the run needs no processing any more.
     *
     * @return true for {@link #PROCESSED} and {@link #SKIPPED}
     */
    public boolean isDone() {
        return this == PROCESSED || this == SKIPPED;
    }
}
