package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunInspection;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The runs of an archive that are worth a claim: pending and ready. The others are reported with the reason. */
final class Candidates {

    private final RunArchive archive;
    private final RunManifest manifest;
    private final TransformReport report;
    private final Path output;
    private final Consumer<RunInspection> onReady;
    private final Instant storeTime;
    private final long nanoTime = System.nanoTime();

    Candidates(
            RunArchive archive,
            RunManifest manifest,
            RunManifestStore store,
            TransformReport report,
            Path output,
            Consumer<RunInspection> onReady) {
        this.archive = archive;
        this.manifest = manifest;
        this.report = report;
        this.output = output;
        this.onReady = onReady;
        this.storeTime = store.now();
    }

    /**
     * Lists them lazily, oldest first. In order, the list goes on to runs that cannot be claimed, so that the processor stops
     * at them, and ends before one that is not ready; an empty run holds nothing up.
     */
    Stream<RunId> list(boolean inOrder) {
        Stream<RunRecord> open = manifest.records(archive.runs(RunRange.all())).filter(record -> !isDone(record));
        return inOrder
                ? open.map(RunRecord::id)
                        .map(this::look)
                        .takeWhile(this::isPassable)
                        .flatMap(Look::ready)
                : open.filter(this::isClaimable)
                        .map(RunRecord::id)
                        .map(this::look)
                        .flatMap(Look::ready);
    }

    private boolean isDone(RunRecord record) {
        if (!record.state().isDone()) {
            return false;
        }
        String target = output.resolve(record.id().key()).normalize().toString();
        boolean inAnotherPlace =
                !record.details().getOrDefault("archive", archive.location()).equals(archive.location())
                        || !record.details().getOrDefault("output", target).equals(target);
        report.done(record, inAnotherPlace);
        return true;
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

    /** What a look into a run found; nothing if it could not be looked into. */
    private record Look(RunId run, @Nullable RunInspection found) {

        Stream<RunId> ready() {
            return found != null && found.status() == RunInspection.Status.READY ? Stream.of(run) : Stream.empty();
        }
    }

    private Look look(RunId run) {
        try {
            RunInspection found = archive.inspect(run);
            if (found.status() == RunInspection.Status.READY) {
                onReady.accept(found);
            } else {
                report.leftOut(found);
            }
            return new Look(run, found);
        } catch (IOException e) { // one run that cannot be looked into does not keep the others
            report.failed(run, "UNREADABLE", Main.message(e));
            return new Look(run, null);
        }
    }

    private boolean isPassable(Look look) {
        boolean passable = look.found() != null && look.found().status() != RunInspection.Status.NOT_READY;
        if (!passable) {
            report.stoppedBefore(look.run());
        }
        return passable;
    }
}
