package io.waybill.manifest;

import java.util.Map;

/** What a job does with one run. */
@FunctionalInterface
public interface RunHandler {

    /**
     * Processes the run.
     *
     * <p>Called on a thread of the {@link RunProcessor}, which renews the claim meanwhile. The thread is interrupted
     * when the claim is lost or the processor stops; giving up promptly saves work, and nothing depends on it. Work elsewhere,
     * which an interrupt does not reach, can be stopped by {@link Claim#onLost}.
     *
     * @param claim the right to process {@link Claim#run}
     * @return details to keep with the record, such as counts; not null, of at most {@value RunRecord#MAX_DETAILS_BYTES} bytes
     *     in all, see {@link RunRecord#details}
     * @throws Exception if the run failed; it is recorded with the reason, and the other runs go on
     */
    Map<String, String> handle(Claim claim) throws Exception;
}
