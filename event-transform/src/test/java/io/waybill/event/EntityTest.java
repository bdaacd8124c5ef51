package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.waybill.event.BadRow.Code;
import io.waybill.event.Entity.Source;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTest {

    private static final String PAGE = "iglu:com.acme/page/jsonschema/1-0-2";

    @Test
    void anEntityHasItsSourceSchemaKeyAndJson() {
        EnrichedEvent event = EnrichedEvent.parse(Line.of(
                        "contexts",
                        "{\"data\":[{\"data\" : [1, \"é\" ], \"schema\":\"iglu:com.acme\\/page\\/jsonschema\\/1-0-2\"}]}")
                .toString());

        Entity entity = event.entities().get(0);

        assertThat(entity.source()).isEqualTo(Source.CUSTOM);
        assertThat(entity.schema()).isEqualTo(SchemaKey.parse(PAGE));
        assertThat(entity.key()).isEqualTo("contexts_com_acme_page_1");
        assertThat(entity.json()).isEqualTo("[1,\"é\"]");
        assertThat(entity.value()).isEqualTo(List.of(BigDecimal.ONE, "é"));
    }

    @Test
    void theKeySaysWhetherItIsAContextOrTheEvent() {
        EnrichedEvent event = EnrichedEvent.builder()
                .withDerivedContext(PAGE, "{}")
                .withUnstruct("iglu:com.acme/linkClick/jsonschema/2-0-0", "{}")
                .withContext(PAGE, "{}")
                .build();

        assertThat(event.entities())
                .extracting(Entity::source, Entity::key)
                .containsExactly(
                        tuple(Source.CUSTOM, "contexts_com_acme_page_1"),
                        tuple(Source.UNSTRUCT, "unstruct_event_com_acme_link_click_2"),
                        tuple(Source.DERIVED, "contexts_com_acme_page_1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"null", "true", "12.50", "\"}\"", "[]", "{}", "[[{\"a\":[]}]]", "{\"data\":{\"schema\":1}}"})
    void theDataMayBeAnyJson(String data) {
        EnrichedEvent event = EnrichedEvent.builder()
                .withContext(PAGE, data)
                .withContext(PAGE, data)
                .withUnstruct(PAGE, data)
                .build();

        assertThat(event.entities()).extracting(Entity::json).containsExactly(data, data, data);
    }

    @Test
    void aPathLeadsToAValueInside() {
        Entity page = entity("{\"sections\":[{},{\"title\":\"no\"},{\"title\":\"yes\",\"size\":7}],\"1\":true}");

        assertThat(page.at("sections", 2, "title")).contains("yes");
        assertThat(page.at("sections", 2)).contains(Map.of("title", "yes", "size", new BigDecimal(7)));
        assertThat(page.at("sections", 0)).contains(Map.of());
        assertThat(page.at("1")).contains(true);
        assertThat(page.at()).contains(Objects.requireNonNull(page.value()));
    }

    @Test
    void aPathToNothingIsEmpty() {
        Entity page = entity("{\"sections\":[{\"title\":null}],\"n\":1}");

        assertThat(page.at("sections", 1)).isEmpty();
        assertThat(page.at("sections", 1, "title", 4)).isEmpty();
        assertThat(page.at("sections", -1)).isEmpty();
        assertThat(page.at("sections", "title")).isEmpty();
        assertThat(page.at("sections", 0, "title")).isEmpty();
        assertThat(page.at("sections", 0, "title", "x")).isEmpty();
        assertThat(page.at(0)).isEmpty();
        assertThat(page.at("n", "n")).isEmpty();
        assertThat(entity("null").at()).isEmpty();
    }

    @Test
    void aStepThatIsNeitherNameNorIndexIsRefused() {
        assertThatThrownBy(() -> entity("[1]").at(0L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a step of a path is a Long, want a String for a member or an Integer for an element");
    }

    @Test
    void aNumberThatCostsTooMuchIsAnErrorOfItsEntityAndOfNoOtherValue() {
        EnrichedEvent event = EnrichedEvent.builder()
                .withContext(PAGE, "1")
                .withContext(PAGE, "{\"huge\":1e99999999999,\"fine\":2}")
                .withUnstruct(PAGE, "1e99999999999")
                .build();
        Entity context = event.entities().get(1);

        assertThat(context.at("fine")).contains(new BigDecimal(2));
        assertThatThrownBy(context::value)
                .isInstanceOf(BadRowException.class)
                .hasMessage("contexts: " + PAGE + ": a number has an exponent of more than 9 digits")
                .hasCauseInstanceOf(ArithmeticException.class)
                .satisfies(e -> assertThat(((BadRowException) e).badRow().errors())
                        .containsExactly(new BadRow.Error(
                                52,
                                "contexts",
                                Code.NOT_A_NUMBER,
                                1,
                                Objects.requireNonNull(e.getMessage()),
                                "{\"huge\":1e99999999999,\"fine\":2}")));
        assertThatThrownBy(() -> context.at("huge")).isInstanceOf(BadRowException.class);
        assertThatThrownBy(() -> event.entities().get(2).value())
                .isInstanceOf(BadRowException.class)
                .satisfies(e -> assertThat(
                                ((BadRowException) e).badRow().errors().get(0).entity())
                        .isNull());
    }

    @Test
    void valuesBelongToTheCaller() {
        Entity page = entity("{\"a\":[1]}");

        ((Map<?, ?>) Objects.requireNonNull(page.value())).clear();

        assertThat(page.value()).isEqualTo(Map.of("a", List.of(BigDecimal.ONE)));
    }

    @Test
    void entitiesAreEqualByWhatTheyHold() {
        Entity one = entity("{\"a\":1}");
        Entity other = entity("{ \"a\" : 1 }");

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one).isNotEqualTo(entity("{\"a\":2}")).isNotEqualTo(null);
        assertThat(one)
                .isNotEqualTo(EnrichedEvent.builder()
                        .withDerivedContext(PAGE, "{\"a\":1}")
                        .build()
                        .entities()
                        .get(0));
        assertThat(one)
                .isNotEqualTo(EnrichedEvent.builder()
                        .withContext(PAGE.replace("1-0-2", "1-0-3"), "{\"a\":1}")
                        .build()
                        .entities()
                        .get(0));
    }

    @Test
    void theTextOfAnEntityTellsNoData() {
        assertThat(entity("\"secret\"")).hasToString("Entity[CUSTOM " + PAGE + "]");
    }

    private static Entity entity(String data) {
        return EnrichedEvent.builder()
                .withContext(PAGE, data)
                .build()
                .entities()
                .get(0);
    }
}
