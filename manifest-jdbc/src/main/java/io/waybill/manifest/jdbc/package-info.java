/** A run manifest backend on any {@link javax.sql.DataSource}: PostgreSQL and H2. */
@NullMarked
package io.waybill.manifest.jdbc;

import org.jspecify.annotations.NullMarked;
