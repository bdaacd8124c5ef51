/** A job for {@code spark-submit}, or for a process of its own. */
@NullMarked
package io.waybill.examples.spark;

import org.jspecify.annotations.NullMarked;
