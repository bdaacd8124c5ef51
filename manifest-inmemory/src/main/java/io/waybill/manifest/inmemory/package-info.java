/** A run manifest backend that lives in the process: for tests and trials. */
@NullMarked
package io.waybill.manifest.inmemory;

import org.jspecify.annotations.NullMarked;
