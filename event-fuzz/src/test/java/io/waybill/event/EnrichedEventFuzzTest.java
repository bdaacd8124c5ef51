package io.waybill.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.waybill.event.EventTransformer.Form;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Any line of 131 columns has a typed view that answers or throws {@link BadRowException}, and goes back to its line. */
class EnrichedEventFuzzTest {

    private static final EventTransformer FLATTENED = EventTransformer.flattened();
    private static final EventTransformer NESTED = EventTransformer.of(Form.NESTED);

    @FuzzTest
    void anEventAnswersOrSaysWhatIsWrongAndIsItsLineAgain(FuzzedDataProvider data) {
        byte[] line = data.consumeBoolean() ? new EventPieces(data).line() : data.consumeRemainingAsBytes();
        byte[] columns = Arrays.copyOf(line, LineReader.withoutLineEnd(line));
        EnrichedEvent event = answer(() -> EnrichedEvent.parse(line));
        assertThat(event != null).isEqualTo(ColumnRules.split(columns).length == Field.COUNT);
        if (event != null) {
            answers(event);
            isItsLine(event, columns);
            comesBackFromNestedJson(event);
        }
    }

    private static void answers(EnrichedEvent event) {
        for (Field<?> field : Field.all()) {
            Optional<?> value = answer(() -> event.get(field));
            Optional<String> text = answer(() -> event.text(field));
            if (value != null && text != null) {
                assertThat(value.isPresent()).as("%s", field).isEqualTo(text.isPresent());
            }
            assertThat(value == null || text != null)
                    .as("%s has a value, so it has a text", field)
                    .isTrue();
        }
        answer(event::toMap);
        List<Entity> entities = answer(event::entities);
        if (entities != null) {
            for (Entity entity : entities) {
                assertThat(ReferenceJson.isValid(entity.json()))
                        .as("JSON of %s", entity)
                        .isTrue();
                assertThat(event.entities(entity.key())).contains(entity);
                assertThat(SchemaKey.parse(entity.schema().uri())).isEqualTo(entity.schema());
                answer(() -> Optional.ofNullable(entity.value()));
            }
        }
    }

    private static void isItsLine(EnrichedEvent event, byte[] columns) {
        boolean ended = new String(columns, ISO_8859_1).matches("(?s).*\\n.*|.*\\r");
        if (ended) {
            return;
        }
        assertThat(event.toTsv()).isEqualTo(columns);
        assertThat(EnrichedEvent.parse(event.toTsv())).isEqualTo(event).hasSameHashCodeAs(event);
        assertThat(event.only(Field.all().toArray(new Field<?>[0]))).isEqualTo(event);
    }

    private static void comesBackFromNestedJson(EnrichedEvent event) {
        if (!(NESTED.transform(event) instanceof TransformResult.Event nested)) {
            return;
        }
        EnrichedEvent read = EnrichedEvent.fromNestedJson(nested.json());
        assertThat(NESTED.transform(read)).isEqualTo(nested);
        // the coordinates are copied into geo_location as they were sent, and come back as JSON has them
        Field<?>[] others = Field.all().stream()
                .filter(field -> field != Field.GEO_LATITUDE)
                .toArray(Field<?>[]::new);
        assertThat(FLATTENED.transform(read.only(others))).isEqualTo(FLATTENED.transform(event.only(others)));
    }

    /** The answer, or null where there is none because of a bad row. */
    private static <T> @Nullable T answer(Supplier<T> question) {
        try {
            return question.get();
        } catch (BadRowException e) {
            assertThat(e.badRow().errors()).isNotEmpty();
            return null;
        }
    }
}
