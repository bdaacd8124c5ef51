package io.waybill.manifest;

/** The store did not answer, or throttled; nothing was changed. Try again later. */
public final class StoreUnavailableException extends ManifestException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     */
    public StoreUnavailableException(String message) {
        super(message);
    }

    /**
     * An error with a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     * @param cause what it comes from
     */
    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
