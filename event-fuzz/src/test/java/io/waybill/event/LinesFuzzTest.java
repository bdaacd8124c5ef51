package io.waybill.event;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** Any bytes are lines: each an event as the reference has it or a bad row, whatever way it is asked for. */
class LinesFuzzTest {

    @FuzzTest
    void anyBytesAreEventsAndBadRows(FuzzedDataProvider data) throws IOException {
        Given given = Given.by(data);
        new TransformerCheck(given).lines(data.consumeRemainingAsBytes());
    }
}
