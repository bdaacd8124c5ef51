package io.waybill.archive;

import io.waybill.manifest.RunId;
import java.time.Instant;

/**
 * An input file of a run, as a listing saw it. {@link RunArchive#open(RunFile)} opens it.
 *
 * @param run the run it belongs to
 * @param name its path below the run's folder, parts separated by {@code /}
 * @param size its bytes as stored, so compressed where it is compressed
 * @param modified when it was last modified
 * @param etag what S3 calls this content, quotes included; empty where the storage has no such name
 */
public record RunFile(RunId run, String name, long size, Instant modified, String etag) {}
