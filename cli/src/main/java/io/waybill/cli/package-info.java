/** The {@code waybill} command: an application, not a library. */
@NullMarked
package io.waybill.cli;

import org.jspecify.annotations.NullMarked;
