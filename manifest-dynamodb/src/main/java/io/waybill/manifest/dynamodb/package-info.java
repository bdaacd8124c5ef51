/** The DynamoDB backend: one item per run, in a table of its own layout or in one that the older SDKs have made. */
@NullMarked
package io.waybill.manifest.dynamodb;

import org.jspecify.annotations.NullMarked;
