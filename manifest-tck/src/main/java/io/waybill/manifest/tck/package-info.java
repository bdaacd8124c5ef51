/**
 * Contract tests for run manifest backends.
 *
 * <p>A backend extends {@link io.waybill.manifest.tck.RunManifestStoreContract} and opens its store in one method.
 */
@NullMarked
package io.waybill.manifest.tck;

import org.jspecify.annotations.NullMarked;
