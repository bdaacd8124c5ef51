/**
 * The run manifest: which pipeline runs a job has processed, and who may process one now.
 *
 * <p>Start at {@link io.waybill.manifest.RunManifest}. A backend implements
 * {@link io.waybill.manifest.spi.RunManifestStore}; everything else is written once, here.
 */
@NullMarked
package io.waybill.manifest;

import org.jspecify.annotations.NullMarked;
