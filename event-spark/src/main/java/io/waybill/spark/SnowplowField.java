package io.waybill.spark;

import io.waybill.event.BadRowException;
import io.waybill.event.EnrichedEvent;
import io.waybill.event.Field;
import org.apache.spark.sql.api.java.UDF2;
import org.jspecify.annotations.Nullable;

/**
 * The function {@code snowplow_field(line, column)}: the text of one column of an enriched event's line, such as {@code
 * snowplow_field(value, 'app_id')}, as it was sent. Null where the column is empty, or is not what it should be, or the line
 * has not 131 columns, and for null. A column of another name is an error.
 */
public final class SnowplowField implements UDF2<@Nullable String, @Nullable String, @Nullable String> {

    private static final long serialVersionUID = 1L;

    /** Makes the function; called by Spark, which knows it by the name of its class. */
    public SnowplowField() {}

    @Override
    public @Nullable String call(@Nullable String line, @Nullable String column) {
        if (line == null || column == null) {
            return null;
        }
        Field<?> field = Field.of(column);
        try {
            EnrichedEvent event = EnrichedEvent.parse(line);
            boolean good = field == Field.EVENT_ID || event.get(field).isPresent(); // its text is right whatever it is
            return good ? event.text(field).orElse(null) : null;
        } catch (BadRowException e) { // an answer, like that of the reader
            return null;
        }
    }
}
