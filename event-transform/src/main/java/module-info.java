/** Snowplow enriched events to JSON. */
module io.waybill.event {
    requires static transitive org.jspecify;

    exports io.waybill.event;
}
