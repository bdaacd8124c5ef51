package io.waybill.examples;

import io.waybill.event.BadRow;
import io.waybill.event.EventTransformer;
import io.waybill.event.TransformResult;
import java.io.Serializable;
import java.util.function.Consumer;

// spotless:off
// docs: step
/** A step of a stream: a line in; its JSON, or what is wrong with it, out, each its own way. */
record TransformStep(EventTransformer transformer) implements Serializable {

    void process(byte[] line, Consumer<byte[]> events, Consumer<BadRow> badRows) {
        TransformResult result = transformer.transform(line);
        if (result instanceof TransformResult.Event event) {
            events.accept(event.json());
        } else if (result instanceof BadRow badRow) {
            badRows.accept(badRow);
        }
    }
}
// end
