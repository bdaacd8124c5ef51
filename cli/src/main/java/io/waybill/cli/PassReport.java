package io.waybill.cli;

import io.waybill.archive.RunInspection;
import io.waybill.manifest.ManifestListener;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;

/** Told what becomes of each run of a pass over an archive, also of those that are left out. */
interface PassReport extends ManifestListener {

    /** A run that needs nothing any more, and whether it was processed from or to another place. */
    void done(RunRecord record, boolean inAnotherPlace);

    /** A run that is not ready. */
    void leftOut(RunInspection inspection);

    /** A run that has failed as often as it may. */
    void failedForGood(RunRecord record);

    /** The run before which a pass in order has stopped. */
    void stoppedBefore(RunId run);

    /** A run of which nothing could be made. */
    void failed(RunId run, String result, String why);
}
