package io.waybill.event;

import java.io.IOException;

/** Where {@link EventTransformer} puts the lines that are no events. */
@FunctionalInterface
public interface BadRowSink {

    /**
     * Takes one bad row; they come in the order of their lines.
     *
     * @param row the line's number and its errors
     * @throws IOException where the row cannot be kept; it ends the transform and reaches its caller unchanged
     */
    void accept(BadRow row) throws IOException;
}
