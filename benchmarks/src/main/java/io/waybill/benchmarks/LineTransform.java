package io.waybill.benchmarks;

import io.waybill.event.TransformResult;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** One line after the other, each to an array of its own. */
final class LineTransform<T> implements Work {

    private final List<T> lines;
    private final Function<T, TransformResult> transform;

    LineTransform(List<T> lines, Function<T, TransformResult> transform) {
        this.lines = lines;
        this.transform = transform;
    }

    @Override
    public int run(Sink sink) throws IOException {
        for (T line : lines) {
            if (!(transform.apply(line) instanceof TransformResult.Event event)) {
                throw new IllegalStateException("this line is an event: " + line);
            }
            sink.event(event.json());
        }
        return 1;
    }
}
