package io.waybill.event;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Lines of 131 columns that are nearly events: what random bytes take long to become. */
class EventFuzzTest {

    private static final int MOST_LINES = 4;

    @FuzzTest
    void linesOfNearlyEventsAreEventsAndBadRows(FuzzedDataProvider data) throws IOException {
        Given given = Given.by(data);
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int n = data.consumeInt(1, MOST_LINES); n > 0; n--) {
            lines.write(new EventPieces(data).line());
            lines.write(data.pickValue(new byte[][] {{'\n'}, {'\r', '\n'}, {'\r'}, {}}));
        }
        new TransformerCheck(given).lines(lines.toByteArray());
    }
}
