package io.waybill.manifest.tck;

import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.ForwardingRunManifestStore;
import io.waybill.manifest.spi.RunManifestStore;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A store in front of another that keeps every record which the other said it wrote, and knows what may follow what. */
final class Journal extends ForwardingRunManifestStore {

    private final Queue<RunRecord> written = new ConcurrentLinkedQueue<>();
    private final Set<RunId> doubtful = ConcurrentHashMap.newKeySet(); // where the store itself did not know

    Journal(RunManifestStore store) {
        super(store);
    }

    /** What was written of a run, by version. */
    List<RunRecord> of(RunId run) {
        return written.stream()
                .filter(record -> record.id().equals(run))
                .sorted(Comparator.comparingLong(RunRecord::version))
                .toList();
    }

    /** What is wrong with what was written of a run; empty if nothing is, or if not all that was written is known. */
    Optional<String> fault(RunId run) {
        if (doubtful.contains(run)) {
            return Optional.empty();
        }
        RunRecord last = RunRecord.none(run);
        for (RunRecord next : of(run)) {
            if (next.version() != last.version() + 1) {
                return Optional.of("version %d was written after version %d".formatted(next.version(), last.version()));
            }
            if (!mayFollow(last, next)) {
                return Optional.of("version %d must not follow version %d".formatted(next.version(), last.version()));
            }
            last = next;
        }
        RunRecord stored = find(run).orElse(RunRecord.none(run));
        return stored.equals(last)
                ? Optional.empty()
                : Optional.of("stored is version %d, and not %d, the last that was written"
                        .formatted(stored.version(), last.version()));
    }

    private static boolean mayFollow(RunRecord last, RunRecord next) {
        boolean ofClaim = last.state() == RunState.PROCESSING && next.token().equals(last.token());
        return switch (next.state()) {
            case PROCESSING -> ofClaim || last.isClaimableAt(next.at());
            case PROCESSED -> last.state() != RunState.PROCESSED;
            case FAILED -> ofClaim;
            case SKIPPED -> !last.state().isDone();
            case NEW -> last.state() != RunState.NEW;
        };
    }

    @Override
    public boolean compareAndPut(RunRecord next) {
        try {
            boolean put = super.compareAndPut(next);
            if (put) {
                written.add(next);
            }
            return put;
        } catch (OutcomeUnknownException e) {
            doubtful.add(next.id());
            throw e;
        }
    }
}
