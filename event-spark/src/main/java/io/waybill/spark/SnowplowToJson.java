package io.waybill.spark;

import io.waybill.event.EventTransformer;
import io.waybill.event.TransformResult;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.api.java.UDF1;
import org.jspecify.annotations.Nullable;

/**
 * The function {@code snowplow_to_json(line)}: the line of an enriched event as flattened JSON, as {@link
 * EventTransformer#flattened()} writes it. Null for a line that is no event, and for null; {@code _bad} of {@link
 * EnrichedEvents} says why.
 */
public final class SnowplowToJson implements UDF1<@Nullable String, @Nullable String> {

    private static final long serialVersionUID = 1L;

    private static final EventTransformer TRANSFORMER = EventTransformer.flattened();

    /** Makes the function; called by Spark, which knows it by the name of its class. */
    public SnowplowToJson() {}

    @Override
    public @Nullable String call(@Nullable String line) {
        return line != null && TRANSFORMER.transform(line) instanceof TransformResult.Event event
                ? new String(event.json(), StandardCharsets.UTF_8)
                : null;
    }
}
