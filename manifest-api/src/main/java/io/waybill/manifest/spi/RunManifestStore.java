package io.waybill.manifest.spi;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The records of one job: what a backend implements.
 *
 * <p>A store keeps versioned records and can compare and put one. It knows nothing of claims or leases. Safe for use by
 * many threads. {@link Object#toString} says where the records are and of which job, without secrets; it stands in
 * messages. The rules are numbered; the contract tests of {@code manifest-tck} test each by its number.
 *
 * <p>Errors, in every method: {@link io.waybill.manifest.StoreMissingException} if the table does not exist,
 * {@link io.waybill.manifest.StoreSchemaMismatchException} if it has another shape,
 * {@link io.waybill.manifest.StoreAccessDeniedException}, {@link io.waybill.manifest.StoreUnavailableException} if
 * trying again later may help, {@link io.waybill.manifest.CorruptRecordException} for a record that cannot be read.
 */
public interface RunManifestStore extends AutoCloseable {

    /**
     * S1: makes the table if it is missing, waits until it is usable and verifies its shape. Harmless when many do it at
     * once; needs no right to make tables when the table is there.
     */
    void create();

    /**
     * S2, S3: the record last written. Sees every write that has returned, whoever made it.
     *
     * @param run the run
     * @return its record, or empty if it has none
     */
    Optional<RunRecord> find(RunId run);

    /**
     * S4: the records of some runs, in few requests, whatever their number. As strong as {@link #find}; a key that could
     * not be read is an error, never absent.
     *
     * @param runs the runs; duplicates are allowed
     * @return a record for each run that has one
     */
    Map<RunId, RunRecord> findAll(Collection<RunId> runs);

    /**
     * S5: writes a record if the stored version is {@code next.version() - 1}, where none counts as 0. S6: otherwise
     * changes nothing. S7: of many writers of one version exactly one succeeds.
     *
     * @param next the record to write
     * @return true if it was written; false if another version stands there
     * @throws io.waybill.manifest.OutcomeUnknownException if it may or may not have been written; also when it was refused
     *     and the client had sent it more than once by itself, as what refuses it may be its own first try. Every other
     *     exception means that it was not written.
     */
    boolean compareAndPut(RunRecord next);

    /**
     * S8: the records of a range, lazily, in the order of the ids' UTF-8 bytes. A record that is written meanwhile may or
     * may not be seen.
     *
     * @param range which runs
     * @return the records; the caller closes the stream
     */
    Stream<RunRecord> list(RunRange range);

    /**
     * S9: the store's clock, so that workers need not agree on theirs.
     *
     * @return the time now
     */
    Instant now();

    /**
     * Whether a write counts only when the caller commits a transaction of its own, and never was if that is rolled back.
     *
     * @return true for a store that has joined the caller's transaction
     */
    default boolean isJoined() {
        return false;
    }

    /** S10: releases what the store opened, and nothing that was handed to it; idempotent. */
    @Override
    void close();
}
