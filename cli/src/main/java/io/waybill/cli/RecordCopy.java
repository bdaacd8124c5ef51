package io.waybill.cli;

import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Copies records into a store, as they are, version included; so a copy may be interrupted and repeated, and repeated again
 * to catch up with a source that is still worked on. What the target has of a run is replaced by a higher version if it is
 * known to be an earlier one of that: if both are of one claim or one decision, which have a token of their own. A store keeps
 * no history, so of other records an operator must know it.
 *
 * <p>A store takes a version only on top of the one before. So a record climbs to its version in steps, each of which has the
 * record's own content: a run whose copy was interrupted is never in a state that it is not in at the source.
 */
final class RecordCopy {

    /** What became of a record. */
    enum Outcome {
        WRITTEN,
        THERE_ALREADY,
        NEWER_IN_TARGET,
        /** The target has the same version, or a lower one, of another making: it is left as it is. */
        CONFLICT
    }

    // what an older SDK has marked has a version that no one has counted up to: such a record begins anew in another
    // store
    private static final long UNREACHABLE = 1L << 32;

    private static final int BATCH = 500;
    private static final int TRIES = 5;

    private final RunManifestStore target;
    private final CopyChoice choice;
    private final Progress progress;
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private long verified;
    private long replaceable; // of the conflicts
    private long anew;

    RecordCopy(RunManifestStore target, CopyChoice choice, Progress progress) {
        this.target = target;
        this.choice = choice;
        this.progress = progress;
    }

    /** Copies all, a batch at a time, and looks at each in the target afterwards. */
    void copy(Iterator<RunRecord> records) throws InterruptedException, IOException {
        ExecutorService writers = Executors.newFixedThreadPool(choice.threads());
        try {
            while (records.hasNext()) {
                List<RunRecord> batch = new ArrayList<>();
                while (batch.size() < BATCH && records.hasNext()) {
                    batch.add(records.next());
                }
                copy(batch, writers);
            }
        } finally {
            writers.shutdown();
        }
    }

    private void copy(List<RunRecord> batch, ExecutorService writers) throws InterruptedException, IOException {
        List<RunId> runs = batch.stream().map(RunRecord::id).toList();
        Map<RunId, RunRecord> before = target.findAll(runs);
        List<Callable<Outcome>> writes = new ArrayList<>();
        for (RunRecord record : batch) {
            RunRecord there = before.getOrDefault(record.id(), RunRecord.none(record.id()));
            writes.add(() -> {
                Outcome outcome = choice.isDry() ? outcome(record, there) : write(record, there);
                progress.add(1);
                return outcome;
            });
        }
        List<Outcome> written = new ArrayList<>();
        for (Future<Outcome> write : writers.invokeAll(writes)) {
            written.add(result(write));
        }
        Map<RunId, RunRecord> after = choice.isDry() ? before : target.findAll(runs);
        for (int i = 0; i < batch.size(); i++) {
            RunRecord record = batch.get(i);
            Outcome outcome = written.get(i);
            outcomes.merge(outcome, 1L, Long::sum);
            RunRecord there = after.getOrDefault(record.id(), RunRecord.none(record.id()));
            verified += isCopy(there, record) ? 1 : 0;
            anew += isCopy(there, record) && there.version() < record.version() ? 1 : 0;
            if (outcome == Outcome.CONFLICT) {
                replaceable += isBehind(there, record) ? 1 : 0;
                progress.say(
                        "%s: version %d (%s by %s) stays in %s: it is not known to be an earlier one of version %d (%s by %s)"
                                .formatted(
                                        record.id(),
                                        there.version(),
                                        there.state(),
                                        there.owner(),
                                        target,
                                        record.version(),
                                        record.state(),
                                        record.owner()));
            }
        }
    }

    private Outcome write(RunRecord record, RunRecord seen) {
        RunRecord there = seen;
        boolean written = false;
        for (int failures = 0; outcome(record, there) == Outcome.WRITTEN; ) {
            RunRecord next = at(there.version() + 1, record);
            if (put(next)) {
                there = next;
                written = true;
            } else if (++failures == TRIES) {
                throw new StoreUnavailableException("%s: run %s: it could not be written in %d tries, try again later"
                        .formatted(target, record.id(), TRIES));
            } else {
                there = target.find(record.id()).orElseGet(() -> RunRecord.none(record.id()));
            }
        }
        Outcome outcome = outcome(record, there);
        return written && outcome == Outcome.THERE_ALREADY ? Outcome.WRITTEN : outcome;
    }

    private boolean put(RunRecord next) {
        try {
            return target.compareAndPut(next);
        } catch (OutcomeUnknownException e) { // a look will tell
            return false;
        }
    }

    /** What is to be done about a record, {@link Outcome#WRITTEN} if it is to be written. */
    private Outcome outcome(RunRecord record, RunRecord there) {
        if (isCopy(there, record)) {
            return Outcome.THERE_ALREADY;
        }
        if (there.version() == 0 || (isBehind(there, record) && mayBeReplaced(there, record))) {
            return Outcome.WRITTEN;
        }
        return isBehind(there, record) || there.version() == record.version()
                ? Outcome.CONFLICT
                : Outcome.NEWER_IN_TARGET;
    }

    /** Whether the target's record may be an earlier one: versions tell, but for those that began anew in the target. */
    private static boolean isBehind(RunRecord there, RunRecord record) {
        return record.version() >= UNREACHABLE || there.version() < record.version();
    }

    private boolean mayBeReplaced(RunRecord there, RunRecord record) {
        boolean sameMaking = !there.token().isEmpty() && there.token().equals(record.token());
        return sameMaking || choice.overwrites();
    }

    /** Whether two records are equal, but for a version that cannot be climbed to. */
    private static boolean isCopy(RunRecord there, RunRecord record) {
        return record.version() < UNREACHABLE
                ? there.equals(record)
                : there.version() > 0 && at(record.version(), there).equals(record);
    }

    private static RunRecord at(long version, RunRecord r) {
        return new RunRecord(
                r.id(),
                version,
                r.state(),
                r.owner(),
                r.token(),
                r.at(),
                r.lease(),
                r.attempts(),
                r.retryAt(),
                r.details());
    }

    private static Outcome result(Future<Outcome> write) throws InterruptedException, IOException {
        try {
            return write.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IOException(e);
        }
    }

    /** Prints the counts; the exit code is that of a failure unless every record is in the target, or a newer one. */
    int finish(FormatChoice format) throws IOException {
        progress.close();
        Table table = new Table("result", "records");
        outcomes.forEach((outcome, count) ->
                table.add(choice.isDry() && outcome == Outcome.WRITTEN ? "WOULD WRITE" : outcome.name(), count));
        format.print(table, "there is no record to copy");
        long equal = count(Outcome.WRITTEN) + count(Outcome.THERE_ALREADY);
        int found = count(Outcome.CONFLICT) == 0 ? ExitCode.DONE : ExitCode.SOME_RUNS_FAILED;
        if (replaceable > 0) {
            progress.say(
                    "waybill: %,d of these records have a higher version than the target's: if all that %s holds of their runs"
                                    .formatted(replaceable, target)
                            + " are earlier copies, say --overwrite");
        }
        if (choice.isDry()) {
            return found;
        }
        progress.say("%,d records, %,d of them verified to be equal in %s".formatted(sum(), verified, target));
        if (anew > 0) {
            progress.say(
                    ("%,d of them were marked by an older SDK, and their versions begin anew there: if such a run is"
                                    + " forgotten, its next fences are lower than any that the source has granted")
                            .formatted(anew));
        }
        return found == ExitCode.DONE && verified < equal ? ExitCode.FAILED : found;
    }

    private long count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    private long sum() {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }
}
