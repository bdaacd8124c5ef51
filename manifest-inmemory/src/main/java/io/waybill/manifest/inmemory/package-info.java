/** A run manifest backend that lives in the process, for tests and trials; and a near-cache in front of any other. */
@NullMarked
package io.waybill.manifest.inmemory;

import org.jspecify.annotations.NullMarked;
