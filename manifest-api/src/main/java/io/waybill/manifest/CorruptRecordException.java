package io.waybill.manifest;

/** A stored record that cannot be read: another program wrote it, or damaged it. */
public final class CorruptRecordException extends ManifestException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     */
    public CorruptRecordException(String message) {
        super(message);
    }

    /**
     * An error with a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     * @param cause what it comes from
     */
    public CorruptRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
