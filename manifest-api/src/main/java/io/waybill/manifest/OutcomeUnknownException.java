package io.waybill.manifest;

/** The store's answer to a write was lost, and so nobody knows whether the write took place. Asking again tells the truth. */
public final class OutcomeUnknownException extends ManifestException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     */
    public OutcomeUnknownException(String message) {
        super(message);
    }

    /**
     * An error with a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     * @param cause what it comes from
     */
    public OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
