package io.waybill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.event.EventTransformer;
import io.waybill.event.TransformResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventDataTest {

    @Test
    void itsLinesAreWholeAndReachTheSize() {
        EventData data = EventData.of("events:8k");
        assertThat(data.tsv()).hasSizeGreaterThanOrEqualTo(8 << 10).endsWith('\n');
        assertThat(data.lines())
                .hasSize(data.count())
                .allSatisfy(line -> assertThat(line).doesNotContain('\n'));
        assertThat(data.tsv()[data.to(0)]).isEqualTo((byte) '\n');
        assertThat(data.from(1)).isEqualTo(data.to(0) + 1);
    }

    @Test
    void theSameIsMadeAgain() {
        assertThat(EventData.of("odd:64k").tsv())
                .isEqualTo(EventData.of("odd:64k").tsv());
    }

    @Test
    void aStreamRepeatsAllLines() throws IOException {
        EventData data = EventData.of("events:8k");
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        twice.write(data.tsv());
        twice.write(data.tsv());
        assertThat(data.repeated(2).readAllBytes()).isEqualTo(twice.toByteArray());
    }

    @Test
    void eachOddLineHasEveryOddForm() {
        for (byte[] line : EventData.of("odd:64k").lines()) {
            assertThat(EventTransformer.flattened().transform(line)).isInstanceOf(TransformResult.Event.class);
            assertThat(new String(line, StandardCharsets.UTF_8))
                    .contains("\\/", "\\u00", " \r ", "[ ", "+0")
                    .containsPattern("\\d\\dT\\d\\d:")
                    .containsPattern("[\\u3040-\\u9fff]");
        }
    }

    @Test
    void otherNamesAreRefused() {
        assertThatThrownBy(() -> EventData.of("events:0k"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("data is 'events:0k', want events:SIZE or odd:SIZE with a size such as 256k or 64m");
    }
}
