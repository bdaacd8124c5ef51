package io.waybill.archive;

import io.waybill.manifest.RunId;
import java.util.List;

/**
 * What one look into a run found.
 *
 * @param run the run looked into
 * @param status whether it can be processed now
 * @param reason why it has that status, a text for people on one line
 * @param files its input files in the byte order of their names; of a run that is not ready, those that are there so far
 */
public record RunInspection(RunId run, Status status, String reason, List<RunFile> files) {

    /** Takes a copy of the list. */
    public RunInspection {
        files = List.copyOf(files);
    }

    /**
     * The size of all input files as stored.
     *
     * @return the sum of the files' sizes in bytes
     */
    public long bytes() {
        return files.stream().mapToLong(RunFile::size).sum();
    }

    /** Whether a run can be processed. */
    public enum Status {
        /** Complete as far as the archive's readiness rules can tell, with at least one input file. */
        READY,
        /** Without any input file, and without a sign that one is on its way. */
        EMPTY,
        /** Complete, but with an input file in cold storage (GLACIER or DEEP_ARCHIVE) that nobody has restored. */
        ARCHIVED,
        /** Still being written, or not yet released, by the archive's readiness rules. */
        NOT_READY,
        /** Its files could not be listed: told by {@link RunArchive#inspect(java.util.stream.Stream, int)} alone. */
        UNREADABLE
    }
}
