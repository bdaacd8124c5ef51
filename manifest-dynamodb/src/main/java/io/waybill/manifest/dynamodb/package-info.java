/** The place of the DynamoDB backend. It holds no code yet, and its artifact serves no location. */
@NullMarked
package io.waybill.manifest.dynamodb;

import org.jspecify.annotations.NullMarked;
