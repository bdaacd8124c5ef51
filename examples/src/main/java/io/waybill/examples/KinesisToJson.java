package io.waybill.examples;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent.KinesisEventRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import io.waybill.event.EventTransformer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A Lambda function: enriched events from a Kinesis stream, out as JSON, one a line. */
public final class KinesisToJson implements RequestHandler<KinesisEvent, StreamsEventResponse> {

    private final TransformStep step = new TransformStep(EventTransformer.flattened());
    private final OutputStream events;
    private final OutputStream badRows;

    /** Called by Lambda, where both end in the function's log: write them to where they are wanted. */
    public KinesisToJson() {
        this(System.out, System.err);
    }

    KinesisToJson(OutputStream events, OutputStream badRows) {
        this.events = events;
        this.badRows = badRows;
    }

    // docs: lambda
    @Override
    public StreamsEventResponse handleRequest(KinesisEvent batch, Context context) {
        for (KinesisEventRecord record : batch.getRecords()) {
            String number = record.getKinesis().getSequenceNumber();
            ByteBuffer data = record.getKinesis().getData();
            byte[] line = new byte[data.remaining()];
            data.duplicate().get(line);
            try {
                step.process(line, json -> write(events, json), bad -> write(badRows, bad.toJson(number)));
            } catch (UncheckedIOException e) { // this record and those after it come again; a bad row does not
                context.getLogger().log("cannot write record %s: %s".formatted(number, e.getMessage()));
                return new StreamsEventResponse(List.of(new StreamsEventResponse.BatchItemFailure(number)));
            }
        }
        return new StreamsEventResponse(List.of());
    }
    // end

    private static void write(OutputStream out, byte[] json) {
        try {
            out.write(json);
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
