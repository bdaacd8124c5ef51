package example;

import io.waybill.event.EventTransformer;
import io.waybill.event.TransformCounts;
import java.io.IOException;

/** Turns the lines of standard input into JSON on standard output, and complains of the bad ones. */
public final class TransformConsumer {

    private TransformConsumer() {}

    public static void main(String[] args) throws IOException {
        TransformCounts counts = EventTransformer.flattened()
                .transform(System.in, System.out, row -> System.err.write(row.toJson("stdin")));
        System.err.println();
        System.exit(counts.badRows() == 0 ? 0 : 1);
    }
}
