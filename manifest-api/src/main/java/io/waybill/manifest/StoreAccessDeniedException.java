package io.waybill.manifest;

/** The store refused the right to do this. */
public final class StoreAccessDeniedException extends ManifestException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     */
    public StoreAccessDeniedException(String message) {
        super(message);
    }

    /**
     * An error with a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     * @param cause what it comes from
     */
    public StoreAccessDeniedException(String message, Throwable cause) {
        super(message, cause);
    }
}
