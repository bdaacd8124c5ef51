/** What is measured, against whom, and how: an application, not a library. */
@NullMarked
package io.waybill.benchmarks;

import org.jspecify.annotations.NullMarked;
