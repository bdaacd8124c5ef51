package io.waybill.spark;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the columns of entities are: {@code contexts}, {@code unstruct_event} and {@code derived_contexts}. */
enum EntityForm {
    /** JSON as it was sent. */
    JSON,
    /** Arrays of schema and data, and for the one entity of {@code unstruct_event} schema and data alone. */
    ARRAY;

    /** The form of a name in any case; the default where there is none. */
    static EntityForm of(@Nullable String name) {
        return name == null
                ? JSON
                : Arrays.stream(values())
                        .filter(form -> form.name().equals(name.toUpperCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "option %s is '%s', want json or array".formatted(ReadOptions.ENTITIES, name)));
    }
}
