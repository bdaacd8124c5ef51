package io.waybill.manifest;

import java.util.List;
import java.util.Map;

/** What a job does with several runs as one. */
@FunctionalInterface
public interface BatchHandler {

    /**
     * Processes the runs.
     *
     * <p>Called on the thread that called {@link RunProcessor#processBatches}, which is interrupted when one of the claims is
     * lost; giving up promptly saves work, and nothing depends on it. Work elsewhere, which an interrupt does not reach, can
     * be stopped by {@link Claim#onLost}.
     *
     * @param claims the right to process each {@link Claim#run}, at least one, in the order of listing
     * @return details to keep with the record of a run, such as counts; none for a run that is not named. For each at most
     *     {@value RunRecord#MAX_DETAILS_BYTES} bytes in all
     * @throws Exception if the runs failed; each is recorded with the reason
     */
    Map<RunId, Map<String, String>> handle(List<Claim> claims) throws Exception;
}
