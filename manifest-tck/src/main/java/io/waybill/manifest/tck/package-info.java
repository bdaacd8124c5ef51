/**
 * Contract tests for run manifest backends.
 *
 * <p>A backend extends {@link io.waybill.manifest.tck.RunManifestStoreContract} and opens its store in one method.
 * {@link io.waybill.manifest.tck.FaultInjectingStore} and {@link io.waybill.manifest.tck.ManualClock} are for tests of one's own too.
 */
@NullMarked
package io.waybill.manifest.tck;

import org.jspecify.annotations.NullMarked;
