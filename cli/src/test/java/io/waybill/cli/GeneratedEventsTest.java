package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.event.EnrichedEvent;
import io.waybill.event.Entity;
import io.waybill.event.EventTransformer;
import io.waybill.event.Field;
import io.waybill.event.TransformResult;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The typed view of events as pipelines write them. */
class GeneratedEventsTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final EventTransformer TRANSFORMER = EventTransformer.flattened();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 42, -7})
    void aGeneratedLineIsAnEventAndTheLineAgain(long seed) throws IOException {
        EventGenerator generator = new EventGenerator(seed, START);
        for (int i = 0; i < 500; i++) {
            byte[] line = generator.next();

            EnrichedEvent event = EnrichedEvent.parse(line);

            assertThat(event.toTsv()).isEqualTo(line);
            assertThat(EnrichedEvent.parse(event.toTsv())).isEqualTo(event);
            TransformResult json = TRANSFORMER.transform(line);
            assertThat(TRANSFORMER.transform(event)).isEqualTo(json);
            Map<?, ?> keys = MAPPER.readValue(json.toString(), Map.class);
            assertThat(List.copyOf(event.toMap().keySet())).isEqualTo(List.copyOf(keys.keySet()));
        }
    }

    @Test
    void entitiesOfAGeneratedLineAreFoundByTheirKeys() {
        EventGenerator generator = new EventGenerator(42, START);
        List<EnrichedEvent> events = IntStream.range(0, 500)
                .mapToObj(i -> EnrichedEvent.parse(generator.next()))
                .toList();

        for (EnrichedEvent event : events) {
            Map<String, ?> map = event.toMap();
            for (Entity entity : event.entities()) {
                assertThat(map).containsKey(entity.key());
                assertThat(event.entities(entity.key())).contains(entity);
                assertThat(event.entities(entity.schema())).contains(entity);
            }
            assertThat(event.get(Field.EVENT_ID)).isPresent();
            assertThat(event.get(Field.COLLECTOR_TSTAMP).orElseThrow()).isAfter(START);
        }
        assertThat(events)
                .anySatisfy(
                        event -> assertThat(event.text(Field.UNSTRUCT_EVENT)).isPresent());
    }
}
