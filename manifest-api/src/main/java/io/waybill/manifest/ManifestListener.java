package io.waybill.manifest;

/**
 * Told of what a manifest decides: for metrics, audit and progress.
 *
 * <p>Called on the thread that asked, after the store has decided; calls may come from several threads at once. What a
 * listener throws is logged and changes nothing.
 */
public interface ManifestListener {

    /**
     * A claim was granted.
     *
     * @param claim the claim
     */
    default void claimed(Claim claim) {}

    /**
     * A claim was asked for and not granted.
     *
     * @param run the run
     * @param answer why not; never {@link ClaimResult.Granted}
     */
    default void refused(RunId run, ClaimResult answer) {}

    /**
     * A claim was committed, failed or released.
     *
     * @param claim the claim, which has ended
     * @param record what stands in the manifest now; its state tells which of the three it was
     */
    default void ended(Claim claim, RunRecord record) {}

    /**
     * A claim was found lost; told once per claim.
     *
     * @param claim the claim, which has ended
     * @param why names the winner
     */
    default void lost(Claim claim, ClaimLostException why) {}

    /**
     * A {@link RunProcessor} could not learn or record what became of a run, and went on with the others.
     *
     * @param run the run
     * @param why what the manifest threw
     */
    default void undecided(RunId run, ManifestException why) {}
}
