package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunInspection;
import io.waybill.archive.RunInspection.Status;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The runs of an archive that are worth a claim: pending and ready. The others are reported with the reason. */
final class Candidates {

    /** How many looks into runs are taken at a time: each waits for its answer more than it works. */
    static final int INSPECTIONS = 8;

    private final RunArchive archive;
    private final RunManifest manifest;
    private final PassReport report;
    private final Function<RunId, Optional<String>> output;
    private final Consumer<RunInspection> onReady;
    private final Instant storeTime;
    private final long nanoTime = System.nanoTime();

    /** The candidates of a pass that publishes each run in a place, or in none that it knows of. */
    Candidates(
            RunArchive archive,
            RunManifest manifest,
            RunManifestStore store,
            PassReport report,
            Function<RunId, Optional<String>> output,
            Consumer<RunInspection> onReady) {
        this.archive = archive;
        this.manifest = manifest;
        this.report = report;
        this.output = output;
        this.onReady = onReady;
        this.storeTime = store.now();
    }

    /**
     * Lists them lazily, in the order of the archive. In order, the list goes on to runs that cannot be claimed, so that the
     * processor stops at them, and ends before one that is not ready; an empty run holds nothing up.
     */
    Stream<RunId> list(Stream<RunId> runs, boolean inOrder) {
        Predicate<RunRecord> isWanted = record -> !isDone(record) && (inOrder || isClaimable(record));
        Stream<RunId> counted =
                ReadAhead.of(manifest.records(runs).filter(isWanted).map(RunRecord::id), report.progress());
        Stream<RunId> wanted = manifest.records(counted) // as others may have worked on them since
                .filter(record -> {
                    boolean wantedStill = isWanted.test(record);
                    if (!wantedStill) {
                        report.progress().leaveOut();
                    }
                    return wantedStill;
                })
                .map(RunRecord::id);
        Stream<RunInspection> looks = archive.inspect(wanted, INSPECTIONS).peek(this::tell);
        return (inOrder ? looks.takeWhile(this::isPassable) : looks)
                .filter(look -> look.status() == Status.READY)
                .map(RunInspection::run);
    }

    private boolean isDone(RunRecord record) {
        if (!record.state().isDone()) {
            return false;
        }
        report.done(record, isElsewhere(record));
        return true;
    }

    /** Whether a run was processed from another archive, or came to another end than that of this pass. */
    private boolean isElsewhere(RunRecord record) {
        String from = record.details().get("archive"); // which is not told of a run that was marked by hand
        if (from != null && !from.equals(archive.location())) {
            return true;
        }
        String where = record.details().get("output"); // which is not told of a run that a command has processed
        return output.apply(record.id())
                .map(target -> where == null ? from != null : !where.startsWith(target))
                .orElse(where != null);
    }

    private boolean isClaimable(RunRecord record) {
        // the claim itself asks the store's clock again
        Instant now = storeTime.plusNanos(System.nanoTime() - nanoTime);
        if (record.isClaimableAt(now)) {
            return true;
        }
        Instant retryAt = record.retryAt();
        if (record.state() == RunState.PROCESSING) {
            report.refused(record.id(), new ClaimResult.Held(record.owner(), record.leaseUntil()));
        } else if (retryAt != null) {
            report.refused(record.id(), new ClaimResult.NotYet(retryAt));
        } else {
            report.failedForGood(record);
        }
        return false;
    }

    private void tell(RunInspection look) {
        if (look.status() == Status.READY) {
            report.progress().begin(look.run(), look.bytes());
            onReady.accept(look);
            return;
        }
        report.progress().leaveOut();
        if (look.status() == Status.UNREADABLE) {
            report.failed(look.run(), "UNREADABLE", look.reason());
        } else {
            report.leftOut(look);
        }
    }

    private boolean isPassable(RunInspection look) {
        boolean passable = look.status() == Status.READY || look.status() == Status.EMPTY;
        if (!passable) {
            report.stoppedBefore(look.run());
        }
        return passable;
    }
}
