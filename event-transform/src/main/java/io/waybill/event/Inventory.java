package io.waybill.event;

import java.util.ArrayList;
import java.util.List;

/** Lists the entities of events, with buffers it uses again. For one thread, which has its own. */
final class Inventory {

    private static final ThreadLocal<Inventory> OF_THREAD = ThreadLocal.withInitial(Inventory::new);

    private final LineErrors errors = new LineErrors();
    private final Entities entities = new Entities(errors);

    private Inventory() {}

    /** The entities of these sources, in this order. */
    static List<Entity> of(EnrichedEvent event, Entity.Source... sources) {
        Inventory inventory = OF_THREAD.get();
        try {
            return inventory.list(event, sources);
        } finally {
            inventory.clear();
        }
    }

    /** Throws what is wrong with a column of entities. */
    static void check(EnrichedEvent event, Field<?> field) {
        Inventory inventory = OF_THREAD.get();
        try {
            event.check(field, inventory.entities);
            inventory.throwErrors();
        } finally {
            inventory.clear();
        }
    }

    private void clear() {
        entities.clear();
        errors.clear();
    }

    private void throwErrors() {
        if (!errors.isEmpty()) {
            throw new BadRowException(errors.toBadRow(1));
        }
    }

    private List<Entity> list(EnrichedEvent event, Entity.Source... sources) {
        List<Entity> found = new ArrayList<>();
        for (Entity.Source source : sources) {
            found.addAll(event.list(source, entities));
        }
        throwErrors();
        return List.copyOf(found);
    }
}
