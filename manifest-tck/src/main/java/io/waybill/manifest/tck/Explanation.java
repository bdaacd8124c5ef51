package io.waybill.manifest.tck;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for an order in which the operations on one run can have taken place one by one, each at some moment between its
 * call and its answer, so that the sequential model gives every answer that was given: linearizability, by the search
 * of Wing and Gong with Lowe's memory of what was tried. An operation of unknown outcome may stand anywhere after its
 * call, or nowhere.
 */
final class Explanation {

    private final List<HistoryEvent> events;
    private final Set<Tried> tried = new HashSet<>();

    private record Tried(long done, RunModel model) {}

    private Explanation(List<HistoryEvent> events) {
        this.events = events;
    }

    /** Whether there is such an order; of at most 63 events. */
    static boolean exists(List<HistoryEvent> events) {
        if (events.size() > 63) {
            throw new IllegalArgumentException(events.size() + " events, want at most 63");
        }
        return new Explanation(events).search(0, RunModel.NONE);
    }

    private boolean search(long done, RunModel model) {
        if (!tried.add(new Tried(done, model))) {
            return false;
        }
        long firstAnswer =
                Long.MAX_VALUE; // of what is still to be placed: nothing that was called later may precede it
        for (int i = 0; i < events.size(); i++) {
            HistoryEvent event = events.get(i);
            if ((done >> i & 1) == 0 && event.isKnown()) {
                firstAnswer = Math.min(firstAnswer, event.answered());
            }
        }
        if (firstAnswer == Long.MAX_VALUE) {
            return true;
        }
        for (int i = 0; i < events.size(); i++) {
            HistoryEvent event = events.get(i);
            if ((done >> i & 1) == 0 && event.called() < firstAnswer) {
                Optional<RunModel> next = model.after(event);
                if (next.isPresent() && search(done | 1L << i, next.get())) {
                    return true;
                }
            }
        }
        return false;
    }
}
