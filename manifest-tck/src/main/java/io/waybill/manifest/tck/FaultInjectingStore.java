package io.waybill.manifest.tck;

import io.waybill.manifest.ManifestException;
import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.spi.ForwardingRunManifestStore;
import io.waybill.manifest.spi.RunManifestStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store in front of another, with a clock that the test owns and faults that it orders.
 *
 * <p>Ordered faults are used up one per call of their operation; for a call for which none was ordered, a plan may name
 * one. Two hooks see every call, and may hold it up, or fail it by throwing: the slow store and the process that dies.
 * Safe for use by many threads.
 */
public final class FaultInjectingStore extends ForwardingRunManifestStore {

    private final InstantSource clock;
    private final Map<Operation, Queue<Fault>> ordered = new EnumMap<>(Operation.class);
    private final Queue<RunRecord> late = new ConcurrentLinkedQueue<>();
    private volatile Function<Call, Fault> plan = call -> Fault.NONE;
    private volatile Hook before = call -> {};
    private volatile Hook after = call -> {};

    /** A method of the store that asks it something. */
    public enum Operation {
        /** {@link RunManifestStore#create}. */
        CREATE,
        /** {@link RunManifestStore#find}. */
        FIND,
        /** {@link RunManifestStore#findAll}. */
        FIND_ALL,
        /** {@link RunManifestStore#compareAndPut}, the only one that writes records. */
        COMPARE_AND_PUT,
        /** {@link RunManifestStore#list}. */
        LIST,
        /** {@link RunManifestStore#now}. */
        NOW
    }

    /**
     * What goes wrong with a call. Where its answer is lost, {@link Operation#COMPARE_AND_PUT} throws
     * {@link OutcomeUnknownException}, as a store must that does not know, and every other operation
     * {@link StoreUnavailableException}.
     */
    public enum Fault {
        /** It goes well, so that a later one can be hit. */
        NONE,
        /** It never arrives, and its sender does not know. */
        LOST_BEFORE,
        /** It is carried out, and the answer never arrives. */
        LOST_AFTER,
        /** It is held up, its sender does not know, and it arrives just before the next write; writes only. */
        LATE,
        /** It is carried out, and the client sends it again by itself, which is refused; writes only. */
        SENT_TWICE,
        /** It is refused for the moment, as by throttling, and its sender knows that nothing was done. */
        UNAVAILABLE,
        /** The stream ends in a {@link StoreUnavailableException} behind its first record; lists only. */
        CUT_SHORT
    }

    /**
     * One call.
     *
     * @param operation which method
     * @param runs the runs it names: one, those of a {@code findAll}, or none
     * @param next the record to write; null unless it is a write
     */
    public record Call(
            Operation operation,
            Collection<RunId> runs,
            @Nullable RunRecord next) {}

    /** Sees calls as they happen, on their threads. */
    @FunctionalInterface
    public interface Hook {

        /**
         * Told of a call, which goes on when this returns and fails with what this throws.
         *
         * @param call the call
         * @throws InterruptedException if the thread was interrupted while the call was held up, which fails the test:
         *     nothing may interrupt a thread that is in a store
         */
        void on(Call call) throws InterruptedException;
    }

    /**
     * A store that answers as another does, until a fault is ordered.
     *
     * @param store the store behind, which is closed with this one
     * @param clock tells {@link #now}
     */
    public FaultInjectingStore(RunManifestStore store, InstantSource clock) {
        super(store);
        this.clock = clock;
        for (Operation operation : Operation.values()) {
            ordered.put(operation, new ConcurrentLinkedQueue<>());
        }
    }

    /**
     * Orders what happens to the next calls of an operation, one by one, after those ordered before.
     *
     * @param operation the operation
     * @param faults in the order of the calls
     * @throws IllegalArgumentException for a fault that this operation cannot have
     */
    public void on(Operation operation, Fault... faults) {
        for (Fault fault : faults) {
            queue(operation).add(checked(operation, fault));
        }
    }

    /**
     * Orders what happens to every call for which nothing else was ordered; replaces an earlier plan.
     *
     * @param plan names the fault of a call; called on the thread of the call
     */
    public void plan(Function<Call, Fault> plan) {
        this.plan = plan;
    }

    /**
     * Sets what sees each call before it reaches the store behind; replaces an earlier one.
     *
     * @param hook the hook
     */
    public void before(Hook hook) {
        before = hook;
    }

    /**
     * Sets what sees each call after the store behind has answered and before its answer is given; replaces an earlier one.
     *
     * @param hook the hook
     */
    public void after(Hook hook) {
        after = hook;
    }

    @Override
    public void create() {
        call(new Call(Operation.CREATE, List.of(), null), fault -> {
            super.create();
            return true;
        });
    }

    @Override
    public Optional<RunRecord> find(RunId run) {
        return call(new Call(Operation.FIND, List.of(run), null), fault -> super.find(run));
    }

    @Override
    public Map<RunId, RunRecord> findAll(Collection<RunId> runs) {
        return call(new Call(Operation.FIND_ALL, runs, null), fault -> super.findAll(runs));
    }

    @Override
    public boolean compareAndPut(RunRecord next) {
        return call(new Call(Operation.COMPARE_AND_PUT, List.of(next.id()), next), fault -> {
            if (fault == Fault.LATE) {
                late.add(next);
                return false; // nobody hears it
            }
            for (RunRecord first = late.poll(); first != null; first = late.poll()) {
                super.compareAndPut(first);
            }
            if (fault == Fault.SENT_TWICE) {
                super.compareAndPut(next);
            }
            return super.compareAndPut(next);
        });
    }

    @Override
    public Stream<RunRecord> list(RunRange range) {
        return call(new Call(Operation.LIST, List.of(), null), fault -> {
            Stream<RunRecord> records = super.list(range);
            return fault == Fault.CUT_SHORT ? cutShort(records) : records;
        });
    }

    private Stream<RunRecord> cutShort(Stream<RunRecord> records) {
        return Stream.concat(records.limit(1), Stream.generate(() -> {
            throw new StoreUnavailableException(this + ": injected: the list broke off");
        }));
    }

    /** What the test's clock shows. */
    @Override
    public Instant now() {
        return call(new Call(Operation.NOW, List.of(), null), fault -> clock.instant());
    }

    private <T> T call(Call call, Function<Fault, T> behind) {
        happens(before, call);
        Fault ordered = queue(call.operation()).poll();
        Fault fault = ordered != null ? ordered : checked(call.operation(), plan.apply(call));
        if (fault == Fault.UNAVAILABLE) {
            throw new StoreUnavailableException(this + ": injected: throttled");
        }
        if (fault == Fault.LOST_BEFORE) {
            throw lost(call, fault);
        }
        T answer = behind.apply(fault);
        happens(after, call);
        if (fault == Fault.LOST_AFTER || fault == Fault.LATE) {
            throw lost(call, fault);
        }
        return answer;
    }

    private ManifestException lost(Call call, Fault fault) {
        String message = "%s: injected: %s %s".formatted(this, call.operation(), fault);
        return call.operation() == Operation.COMPARE_AND_PUT
                ? new OutcomeUnknownException(message)
                : new StoreUnavailableException(message);
    }

    private Queue<Fault> queue(Operation operation) {
        return Optional.ofNullable(ordered.get(operation)).orElseThrow();
    }

    private static Fault checked(Operation operation, Fault fault) {
        boolean possible = switch (fault) {
            case LATE, SENT_TWICE -> operation == Operation.COMPARE_AND_PUT;
            case CUT_SHORT -> operation == Operation.LIST;
            case NONE, LOST_BEFORE, LOST_AFTER, UNAVAILABLE -> true;
        };
        if (!possible) {
            throw new IllegalArgumentException("%s cannot happen to %s".formatted(fault, operation));
        }
        return fault;
    }

    private static void happens(Hook hook, Call call) {
        try {
            hook.on(call);
        } catch (InterruptedException e) {
            throw new AssertionError("a thread was interrupted in the store", e);
        }
    }
}
