package io.waybill.manifest.jdbc;

import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/** How the store's statements are run, with the database's failures turned into the manifest's. */
interface Statements extends AutoCloseable {

    /** What is done on a connection. */
    interface Work<T> {
        T on(Handle handle, Dialect sql) throws SQLException;
    }

    /** Sees to it that the table is there and has its shape. */
    void create(TableShape shape);

    /** Does what changes nothing, or may be done twice. */
    <T> T read(Work<T> work);

    /** Does what changes a record; true if it changed one. */
    boolean write(Work<Integer> work);

    /** Whether what is written counts only when the user's transaction commits. */
    boolean areJoined();

    @Override
    void close();
}
