/**
 * Snowplow enriched events: {@link io.waybill.event.EventTransformer} makes JSON of their lines, {@link
 * io.waybill.event.EnrichedEvent} gives typed access to one of them.
 */
@NullMarked
package io.waybill.event;

import org.jspecify.annotations.NullMarked;
