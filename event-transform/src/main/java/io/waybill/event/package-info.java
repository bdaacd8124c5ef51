/** Snowplow enriched events to JSON: {@link io.waybill.event.EventTransformer}. */
@NullMarked
package io.waybill.event;

import org.jspecify.annotations.NullMarked;
