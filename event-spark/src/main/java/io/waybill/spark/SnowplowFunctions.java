package io.waybill.spark;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Functions of Spark's SQL over the lines of enriched events, for those who have the lines as text, such as in a stream or a
 * column; files are better read by {@link EnrichedEvents}. Each is also known by the name of its class, to register it alone.
 */
public final class SnowplowFunctions {

    /** What {@code snowplow_entities} answers. */
    private static final ArrayType ENTITIES = DataTypes.createArrayType(EventColumns.ENTITY);

    private SnowplowFunctions() {}

    /**
     * Registers {@link SnowplowToJson snowplow_to_json}, {@link SnowplowField snowplow_field} and {@link SnowplowEntities
     * snowplow_entities} in a session, in place of others of these names.
     *
     * @param spark the session
     */
    public static void register(SparkSession spark) {
        spark.udf().register("snowplow_to_json", new SnowplowToJson(), DataTypes.StringType);
        spark.udf().register("snowplow_field", new SnowplowField(), DataTypes.StringType);
        spark.udf().register("snowplow_entities", new SnowplowEntities(), ENTITIES);
    }
}
