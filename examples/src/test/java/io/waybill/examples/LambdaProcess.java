package io.waybill.examples;

import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent.KinesisEventRecord;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent.Record;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What Lambda does, in a process that has no more than it needs: makes the function, and calls it once. */
final class LambdaProcess {

    private LambdaProcess() {}

    public static void main(String[] arguments) {
        new KinesisToJson().handleRequest(batch(Lines.event("1", "a"), Lines.BAD), new TestContext());
    }

    /** A batch of records whose sequence numbers count from 0. */
    static KinesisEvent batch(String... lines) {
        List<KinesisEventRecord> records = new ArrayList<>();
        for (String line : lines) {
            Record data = new Record();
            data.setSequenceNumber(Integer.toString(records.size()));
            data.setData(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            KinesisEventRecord record = new KinesisEventRecord();
            record.setKinesis(data);
            records.add(record);
        }
        KinesisEvent batch = new KinesisEvent();
        batch.setRecords(records);
        return batch;
    }
}
