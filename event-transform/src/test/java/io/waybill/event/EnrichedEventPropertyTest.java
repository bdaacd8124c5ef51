package io.waybill.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for every event, asked of many. */
class EnrichedEventPropertyTest {

    private static final EventTransformer TRANSFORMER = EventTransformer.flattened();
    private static final EventTransformer NESTED =
            EventTransformer.builder(EventTransformer.Form.NESTED).nulls(true).build();
    private static final ObjectMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .build();
    private static final String INTERESTING = "{}[]\",:\\/ue0-+.T\n\r Z1e\u0000\u00E9\uD83D";

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @Test
    void theTsvOfAnEventIsAnEqualEvent() {
        for (int i = 0; i < 3_000; i++) {
            String line = RandomEvents.line(random).toString();
            EnrichedEvent event = EnrichedEvent.parse(line);

            assertThat(EnrichedEvent.parse(event.toTsv()))
                    .as("seed %d, line %s", seed, line)
                    .isEqualTo(event);
            assertThat(event.toTsv()).as("seed %d, line %s", seed, line).isEqualTo(line.getBytes(UTF_8));
            assertThat(event.toBuilder().build())
                    .as("seed %d, line %s", seed, line)
                    .isEqualTo(event);
            assertThat(event.only(Field.all().toArray(new Field<?>[0]))).isEqualTo(event);
        }
    }

    @Test
    void theTsvOfAMutatedEventIsAnEqualEventOrRefused() {
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            EnrichedEvent event = mutated();
            try {
                assertThat(EnrichedEvent.parse(event.toTsv()))
                        .as("seed %d", seed)
                        .isEqualTo(event);
            } catch (IllegalStateException e) {
                refused++;
            }
        }
        assertThat(refused).as("seed %d", seed).isBetween(1, 4_999);
    }

    @Test
    void aValueIsThereIfAndOnlyIfTheTransformerAcceptsItsColumn() {
        int errors = 0;
        for (int i = 0; i < 5_000; i++) {
            EnrichedEvent event = mutated();
            Map<Integer, List<BadRow.Error>> expected = event.check().map(BadRow::errors).orElse(List.of()).stream()
                    .collect(Collectors.groupingBy(error -> Objects.requireNonNull(error.index())));
            errors += expected.size();
            for (Field<?> field : Field.all()) {
                List<BadRow.Error> found = List.of();
                try {
                    assertThat(event.get(field).isPresent())
                            .isEqualTo(!event.text(field).orElse("").isEmpty());
                } catch (BadRowException e) {
                    found = e.badRow().errors();
                }
                if (field != Field.EVENT_ID) {
                    assertThat(found)
                            .as("seed %d, %s", seed, field)
                            .isEqualTo(expected.getOrDefault(field.index(), List.of()));
                }
            }
        }
        assertThat(errors)
                .as("seed %d: mutations should leave some columns bad", seed)
                .isBetween(500, 200_000);
    }

    @Test
    void anEventBecomesTheJsonOfItsLine() {
        for (int i = 0; i < 3_000; i++) {
            String line = RandomEvents.line(random).toString();

            assertThat(TRANSFORMER.transform(EnrichedEvent.parse(line)))
                    .as("seed %d, line %s", seed, line)
                    .isEqualTo(TRANSFORMER.transform(line));
        }
    }

    @Test
    void theMapIsTheJsonAsAnotherParserReadsIt() throws IOException {
        for (int i = 0; i < 3_000; i++) {
            String line = RandomEvents.line(random)
                    .with("event_id", new UUID(random.nextLong(), random.nextLong()).toString())
                    .toString();

            Map<String, @Nullable Object> map = EnrichedEvent.parse(line).toMap();

            Map<String, @Nullable Object> json =
                    typed(TRANSFORMER.transform(line).toString());
            assertThat(map).as("seed %d, line %s", seed, line).isEqualTo(json);
            assertThat(List.copyOf(map.keySet()))
                    .as("seed %d, line %s", seed, line)
                    .isEqualTo(List.copyOf(json.keySet()));
        }
    }

    @Test
    void nestedJsonIsReadBackToAnEventThatSaysTheSame() {
        for (int i = 0; i < 2_000; i++) {
            // the transformer copies coordinates into geo_location as they were sent
            Line line = RandomEvents.line(random).with("geo_latitude", "");
            EnrichedEvent event = EnrichedEvent.parse(line.toString());
            TransformResult.Event nested = (TransformResult.Event) NESTED.transform(event);

            EnrichedEvent read = EnrichedEvent.fromNestedJson(nested.json());

            assertThat(TRANSFORMER.transform(read))
                    .as("seed %d, line %s", seed, line)
                    .isEqualTo(TRANSFORMER.transform(event));
            TransformResult.Event again = (TransformResult.Event) NESTED.transform(read);
            assertThat(again).as("seed %d, line %s", seed, line).isEqualTo(nested);
            assertThat(EnrichedEvent.parse(read.toTsv()))
                    .as("seed %d, line %s", seed, line)
                    .isEqualTo(EnrichedEvent.fromNestedJson(again.json()));
        }
    }

    /** The JSON with columns of the types that their fields have. */
    private static Map<String, @Nullable Object> typed(String json) throws IOException {
        Map<String, Class<?>> types = Field.all().stream().collect(Collectors.toMap(Field::column, Field::type));
        Map<String, @Nullable Object> typed = new LinkedHashMap<>();
        JACKSON.readValue(json, new TypeReference<LinkedHashMap<String, @Nullable Object>>() {})
                .forEach((key, value) -> typed.put(key, typed(types.getOrDefault(key, Object.class), value)));
        return typed;
    }

    private static @Nullable Object typed(Class<?> type, @Nullable Object value) {
        if (type == Integer.class) {
            return Integer.valueOf(String.valueOf(value));
        }
        if (type == Instant.class) {
            return Instant.parse(String.valueOf(value));
        }
        return type == UUID.class ? UUID.fromString(String.valueOf(value)) : JsonValueTest.plain(value);
    }

    private EnrichedEvent mutated() {
        List<String> columns =
                new ArrayList<>(List.of(RandomEvents.line(random).toString().split("\t", -1)));
        for (int n = 1 + random.nextInt(5); n > 0; n--) {
            int column = random.nextInt(columns.size());
            StringBuilder text = new StringBuilder(columns.get(column));
            char c = random.nextInt(200) == 0 ? '\t' : INTERESTING.charAt(random.nextInt(INTERESTING.length()));
            int at = random.nextInt(text.length() + 1);
            if (at == text.length() || random.nextBoolean()) {
                text.insert(at, c);
            } else {
                text.setCharAt(at, c);
            }
            columns.set(column, text.toString());
        }
        return EnrichedEvent.ofColumns(columns);
    }
}
