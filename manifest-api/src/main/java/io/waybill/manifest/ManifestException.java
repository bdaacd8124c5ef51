package io.waybill.manifest;

/**
 * The root of what a manifest throws when it cannot do what it was asked. Refusals that a worker must expect are
 * answers ({@link ClaimResult}), not exceptions. No message holds a secret.
 */
public abstract class ManifestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ManifestException(String message) {
        super(message);
    }

    ManifestException(String message, Throwable cause) {
        super(message, cause);
    }
}
