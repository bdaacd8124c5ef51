package io.waybill.manifest;

/** A claim was ended over a store that had joined a transaction, and that transaction does not stand. */
final class LeftToTransactionException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    LeftToTransactionException(String message) {
        super(message);
    }
}
