package io.waybill.benchmarks;

import io.waybill.event.EventTransformer;
import java.io.IOException;

/** A stream of lines to a stream of JSON, as long as a large file: buffers are made once for each. */
final class BulkTransform implements Work {

    private static final int BYTES = 128 << 20;

    private final EventData data;
    private final EventTransformer transformer;
    private final int times;

    BulkTransform(EventData data, EventTransformer transformer) {
        this.data = data;
        this.transformer = transformer;
        times = Math.max(1, BYTES / data.tsv().length);
    }

    @Override
    public int run(Sink sink) throws IOException {
        transformer.transform(data.repeated(times), sink, row -> {
            throw new IllegalStateException("this line is an event: " + row);
        });
        return times;
    }
}
