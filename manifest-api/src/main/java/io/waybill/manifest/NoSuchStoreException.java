package io.waybill.manifest;

/** No backend on the class path, or no driver for it, serves the location. The message says what was looked for. */
public final class NoSuchStoreException extends ManifestException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     */
    public NoSuchStoreException(String message) {
        super(message);
    }

    /**
     * An error with a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     * @param cause what it comes from
     */
    public NoSuchStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
