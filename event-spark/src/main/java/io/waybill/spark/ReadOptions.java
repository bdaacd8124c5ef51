package io.waybill.spark;

import io.waybill.archive.RunLayout;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * How events are read.
 *
 * @param entities what the columns of entities are
 * @param layout which folders are runs
 */
record ReadOptions(EntityForm entities, RunLayout layout) {

    static final String ENTITIES = "entities";
    static final String LAYOUT = "layout";

    /** Takes them from options whose names may be in any case; beside them no others may be there than these. */
    static ReadOptions of(Map<String, String> options, String... others) {
        CaseInsensitiveStringMap given = new CaseInsensitiveStringMap(options);
        Set<String> known = new TreeSet<>(List.of(others));
        known.add(ENTITIES);
        known.add(LAYOUT);
        for (String option : given.keySet()) {
            if (!known.contains(option)) {
                throw new IllegalArgumentException(
                        "format snowplow has no option '%s', want one of %s".formatted(option, known));
            }
        }
        String layout = given.get(LAYOUT);
        return new ReadOptions(
                EntityForm.of(given.get(ENTITIES)), layout == null ? RunLayout.DEFAULT : RunLayout.of(layout));
    }
}
