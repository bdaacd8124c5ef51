package io.waybill.spark;

import io.waybill.event.BadRowException;
import io.waybill.event.EnrichedEvent;
import io.waybill.event.Entity;
import io.waybill.event.SchemaKey;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF2;
import org.jspecify.annotations.Nullable;

/**
 * The function {@code snowplow_entities(line, key)}: the entities of an enriched event's line, contexts and the
 * self-describing event, as an array of {@code schema} and {@code data}, both text. The key is that of flattened JSON, such as
 * {@code contexts_com_acme_page_view_1}, or the Iglu URI of a schema in one version; null for all entities. Null for a line
 * that has not 131 columns or whose columns of entities are not what they should be, and for null.
 */
public final class SnowplowEntities implements UDF2<@Nullable String, @Nullable String, @Nullable List<Row>> {

    private static final long serialVersionUID = 1L;

    private static final String IGLU = "iglu:";

    /** Makes the function; called by Spark, which knows it by the name of its class. */
    public SnowplowEntities() {}

    @Override
    public @Nullable List<Row> call(@Nullable String line, @Nullable String key) {
        if (line == null) {
            return null;
        }
        try {
            return entities(EnrichedEvent.parse(line), key).stream()
                    .map(entity -> RowFactory.create(entity.schema().uri(), entity.json()))
                    .toList();
        } catch (BadRowException e) { // an answer, like that of the reader
            return null;
        }
    }

    private static List<Entity> entities(EnrichedEvent event, @Nullable String key) {
        if (key == null) {
            return event.entities();
        }
        return key.startsWith(IGLU) ? event.entities(SchemaKey.parse(key)) : event.entities(key);
    }
}
