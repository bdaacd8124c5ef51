package io.waybill.manifest;

/** The store's table or file does not exist: {@link RunManifest#create} makes it. */
public final class StoreMissingException extends ManifestException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     */
    public StoreMissingException(String message) {
        super(message);
    }

    /**
     * An error with a cause.
     *
     * @param message what happened, where, what was there and what would have been right
     * @param cause what it comes from
     */
    public StoreMissingException(String message, Throwable cause) {
        super(message, cause);
    }
}
