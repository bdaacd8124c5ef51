/**
 * Enriched events in Apache Spark: {@link io.waybill.spark.EnrichedEvents} reads them as typed rows, {@link
 * io.waybill.spark.SnowplowFunctions} are functions for its SQL, and {@link io.waybill.spark.ManifestedBatch} has the runs of a
 * manifest processed by Spark jobs.
 */
@NullMarked
package io.waybill.spark;

import org.jspecify.annotations.NullMarked;
