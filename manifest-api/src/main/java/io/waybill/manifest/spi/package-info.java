/** What a backend implements: versioned records, one of which can be compared and put. */
@NullMarked
package io.waybill.manifest.spi;

import org.jspecify.annotations.NullMarked;
