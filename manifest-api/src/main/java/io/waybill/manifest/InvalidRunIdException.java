package io.waybill.manifest;

/** A text that cannot be a run id. */
public final class InvalidRunIdException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidRunIdException(String message) {
        super(message);
    }
}
