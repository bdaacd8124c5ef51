package io.waybill.manifest;

/** What stands at the store's location is not a run manifest, or has another shape than this version reads. */
public final class StoreSchemaMismatchException extends ManifestException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     */
    public StoreSchemaMismatchException(String message) {
        super(message);
    }

    /**
     * An error with a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     * @param cause what it comes from
     */
    public StoreSchemaMismatchException(String message, Throwable cause) {
        super(message, cause);
    }
}
