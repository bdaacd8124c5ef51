package io.waybill.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventReaderTest {

    @Test
    void aLineIsForTheReaderWhatItIsForTheTransformer() throws IOException {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            String end = random.nextBoolean() ? "\n" : "\r\n";
            List<String> lines = IntStream.range(0, random.nextInt(40))
                    .mapToObj(
                            n -> n % 7 == 3 ? "bad" : RandomEvents.line(random).toString())
                    .toList();
            String tsv = String.join(end, lines) + (random.nextBoolean() ? end : "");
            List<TransformResult> results = EventTransformer.flattened().stream(
                            new ByteArrayInputStream(tsv.getBytes(UTF_8)))
                    .toList();

            EventReader reader = reader(tsv);
            for (TransformResult result : results) {
                assertThat(reader.next()).isTrue();
                boolean good = result instanceof TransformResult.Event;
                if (random.nextBoolean()) {
                    assertThat(reader.check().orElse(null)).as("seed %d", seed).isEqualTo(good ? null : result);
                }
                assertThat(reader.event().isPresent())
                        .as("seed %d", seed)
                        .isEqualTo(good || ((BadRow) result).columns() == Field.COUNT);
                assertThat(reader.event()
                                .map(EventTransformer.flattened()::transform)
                                .orElse(result))
                        .as("seed %d", seed)
                        .matches(again -> good ? again.toString().equals(result.toString()) : again instanceof BadRow);
            }
            assertThat(reader.next()).isFalse();
            assertThat(reader.line()).isEqualTo(results.size());
        }
    }

    @Test
    void anEventStaysAsItIsWhenTheReaderGoesOn() throws IOException {
        EventReader reader = reader(Line.of("app_id", "a") + "\n" + Line.of("app_id", "b"));
        List<EnrichedEvent> events = new ArrayList<>();
        while (reader.next()) {
            events.add(reader.event().orElseThrow());
        }

        assertThat(events)
                .extracting(event -> event.get(Field.APP_ID).orElseThrow())
                .containsExactly("a", "b");
    }

    @Test
    void aLineOverTheLimitIsABadRowWithoutTextAndTheNextIsRead() throws IOException {
        EventReader reader = reader("x".repeat((16 << 20) + 1) + "\n" + Line.of("app_id", "b"));

        assertThat(reader.next()).isTrue();
        assertThat(reader.event()).isEmpty();
        assertThat(reader.text()).isEmpty();
        assertThat(reader.check().orElseThrow().errors())
                .extracting(BadRow.Error::code)
                .containsExactly(BadRow.Code.LINE_TOO_LONG);
        assertThat(reader.next()).isTrue();
        assertThat(reader.line()).isEqualTo(2);
        assertThat(reader.event().orElseThrow().get(Field.APP_ID)).contains("b");
    }

    @Test
    void theTextOfALineShowsWhatIsNoUtf8AndHasNoLineEnd() throws IOException {
        EventReader reader = new EventReader(new ByteArrayInputStream("a\u00ff\tb\r\n".getBytes(ISO_8859_1)));

        assertThat(reader.next()).isTrue();
        assertThat(reader.text()).contains("a\ufffd\tb");
    }

    private static EventReader reader(String tsv) {
        return new EventReader(new ByteArrayInputStream(tsv.getBytes(UTF_8)));
    }
}
