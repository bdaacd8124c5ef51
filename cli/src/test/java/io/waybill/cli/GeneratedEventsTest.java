package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.event.BadRowException;
import io.waybill.event.EnrichedEvent;
import io.waybill.event.Entity;
import io.waybill.event.EventTransformer;
import io.waybill.event.Field;
import io.waybill.event.TransformResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The typed view of events as pipelines write them. */
class GeneratedEventsTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final EventTransformer TRANSFORMER = EventTransformer.flattened();
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final byte[] INTERESTING =
            "\t\n\r \"\\{}[]:,0123456789.-+eEtfnuTZ\u0000\u001f/".getBytes(StandardCharsets.ISO_8859_1);

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

    /** A line goes the fast way where it can, an event always the exact one. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 42, -7})
    void aGeneratedLineWithAWrongByteIsReadTheFastWayAsTheExactWay(long seed) {
        EventGenerator generator = new EventGenerator(seed, START);
        Random random = new Random(seed);
        EventTransformer nulls =
                EventTransformer.builder().nulls(true).instants(true).build();
        for (int i = 0; i < 500; i++) {
            byte[] line = generator.next();
            for (int change = 0; change < 20; change++) {
                byte[] changed = line.clone();
                int at = random.nextInt(line.length);
                changed[at] = random.nextInt(4) == 0
                        ? (byte) random.nextInt(256)
                        : INTERESTING[random.nextInt(INTERESTING.length)];
                String what = "seed %d, line %d, byte %d is 0x%02X".formatted(seed, i, at, changed[at] & 0xFF);
                for (EventTransformer transformer : List.of(TRANSFORMER, nulls)) {
                    assertThat(transformer.transform(changed)).as(what).isEqualTo(exact(transformer, changed));
                }
            }
        }
    }

    private static TransformResult exact(EventTransformer transformer, byte[] line) {
        try {
            return transformer.transform(EnrichedEvent.parse(line));
        } catch (BadRowException e) {
            return e.badRow();
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
