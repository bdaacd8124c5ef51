/** Small programs that show how Waybill is used; the pages quote them. */
@NullMarked
package io.waybill.examples;

import org.jspecify.annotations.NullMarked;
