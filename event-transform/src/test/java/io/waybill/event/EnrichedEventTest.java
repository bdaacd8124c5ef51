package io.waybill.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.event.BadRow.Code;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnrichedEventTest {

    private static final String PAGE = "iglu:com.acme/page/jsonschema/1-0-0";

    @Test
    void valuesHaveTheTypeOfTheirColumn() {
        EnrichedEvent event = parse(Line.of("app_id", "shop \u00e9")
                .with("collector_tstamp", "2024-02-29 23:59:59.999")
                .with("event_id", "C6EF3124-b53a-4b13-a233-0088f79dcbcb")
                .with("txn_id", "+0042")
                .with("tr_total", "+01.10")
                .with("geo_latitude", "-.5")
                .with("br_cookies", "1")
                .with("dvce_ismobile", "0")
                .with("contexts", " {\"data\": []}"));

        assertThat(event.get(Field.APP_ID)).contains("shop \u00e9");
        assertThat(event.get(Field.COLLECTOR_TSTAMP)).contains(Instant.parse("2024-02-29T23:59:59.999Z"));
        assertThat(event.get(Field.EVENT_ID)).contains(UUID.fromString("c6ef3124-b53a-4b13-a233-0088f79dcbcb"));
        assertThat(event.get(Field.TXN_ID)).contains(42);
        assertThat(event.get(Field.TR_TOTAL)).contains(new BigDecimal("1.10"));
        assertThat(event.get(Field.GEO_LATITUDE)).contains(new BigDecimal("-0.5"));
        assertThat(event.get(Field.BR_COOKIES)).contains(true);
        assertThat(event.get(Field.DVCE_ISMOBILE)).contains(false);
        assertThat(event.get(Field.CONTEXTS)).contains(" {\"data\": []}");
        assertThat(event.get(Field.USER_ID)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0000-01-01 00:00:00, 0000-01-01T00:00:00Z",
        "0000-02-29T23:59:59Z, 0000-02-29T23:59:59Z",
        "9999-12-31 23:59:59.999999999, 9999-12-31T23:59:59.999999999Z",
        "1969-12-31 23:59:59.5Z, 1969-12-31T23:59:59.500Z",
        "2024-01-01T00:00:00.000000001, 2024-01-01T00:00:00.000000001Z",
        "2024-01-01 00:00:00.12, 2024-01-01T00:00:00.120Z"
    })
    void aTimestampIsThatInstant(String text, Instant instant) {
        assertThat(parse(Line.of("true_tstamp", text)).get(Field.TRUE_TSTAMP)).contains(instant);
    }

    @Test
    void theTextOfAColumnIsThereWhateverItIs() {
        EnrichedEvent event =
                parse(Line.of("txn_id", "4.0").with("refr_dvce_tstamp", "no").with("contexts", "{ "));

        assertThat(event.text(Field.TXN_ID)).contains("4.0");
        assertThat(event.text(Field.of("refr_device_tstamp"))).contains("no");
        assertThat(event.text(Field.CONTEXTS)).contains("{ ");
        assertThat(event.text(Field.APP_ID)).isEmpty();
    }

    @Test
    void aBadColumnIsAnErrorOfItsOwnAndSpoilsNoOther() {
        EnrichedEvent event = parse(Line.of("app_id", "shop")
                .with("txn_id", "secret")
                .with("contexts", "[")
                .with("br_cookies", "yes"));

        assertThat(event.get(Field.APP_ID)).contains("shop");
        assertThatThrownBy(() -> event.get(Field.TXN_ID))
                .isInstanceOf(BadRowException.class)
                .hasMessage("txn_id: want an integer from -2147483648 to 2147483647")
                .satisfies(e -> assertThat(((BadRowException) e).badRow())
                        .isEqualTo(new BadRow(
                                1,
                                131,
                                List.of(new BadRow.Error(
                                        7,
                                        "txn_id",
                                        Code.NOT_AN_INTEGER,
                                        null,
                                        "txn_id: want an integer from -2147483648 to 2147483647",
                                        "secret")))));
        assertThatThrownBy(() -> event.get(Field.CONTEXTS))
                .hasMessage("contexts: at byte 1 is the end, want a value or ']'");
        assertThatThrownBy(event::entities).hasMessage("contexts: at byte 1 is the end, want a value or ']'");
    }

    @Test
    void allErrorsAreToldByTheCheckAndAreThoseOfTheTransformer() {
        String line = Line.of("txn_id", "secret")
                .with("contexts", "[")
                .with("br_cookies", "yes")
                .toString();

        assertThat(EnrichedEvent.parse(line).check())
                .contains((BadRow) EventTransformer.flattened().transform(line));
        assertThat(EnrichedEvent.builder().build().check()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "c6ef3124b53a4b13a2330088f79dcbcb",
                "c6ef3124-b53a-4b13-a233-0088f79dcbc",
                "c6ef3124-b53a-4b13-a233-0088f79dcbcbb",
                "c6ef3124-b53a-4b13-a233-0088f79dcbcg",
                "c6ef-3124b53a-4b13-a233-0088f79dcbcb",
                "1-1-1-1-1",
                "c6ef3124-b53a-4b13-a233-0088f79dcb\u00e9"
            })
    void anEventIdThatIsNoUuidIsTextForTheTransformerButNoValue(String text) {
        EnrichedEvent event = parse(Line.of("event_id", text));

        assertThat(event.check()).isEmpty();
        assertThat(event.text(Field.EVENT_ID)).contains(text);
        assertThatThrownBy(() -> event.get(Field.EVENT_ID))
                .isInstanceOf(BadRowException.class)
                .hasMessage("event_id: want a UUID of 36 characters, such as c6ef3124-b53a-4b13-a233-0088f79dcbcb");
    }

    @Test
    void aNumberThatCostsTooMuchIsANumberForTheTransformerButNoValue() {
        EnrichedEvent event = parse(Line.of("tr_total", "1e99999999999")
                .with("tr_tax", "1".repeat(10_001))
                .with("se_value", "-1E999999999"));

        assertThat(event.check()).isEmpty();
        assertThat(event.get(Field.SE_VALUE)).contains(new BigDecimal("-1E+999999999"));
        assertThatThrownBy(() -> event.get(Field.TR_TOTAL))
                .isInstanceOf(BadRowException.class)
                .hasMessage("tr_total: a number has an exponent of more than 9 digits")
                .hasCauseInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> event.get(Field.TR_TAX))
                .isInstanceOf(BadRowException.class)
                .hasMessage("tr_tax: a number has 10001 characters, values are made of 10000 at most")
                .satisfies(e -> assertThat(
                                ((BadRowException) e).badRow().errors().get(0).value())
                        .isEqualTo("1".repeat(64)));
    }

    @Test
    void anotherNumberOfColumnsIsNoEvent() {
        assertThatThrownBy(() -> EnrichedEvent.parse("secret\t\t"))
                .isInstanceOf(BadRowException.class)
                .hasMessage("the line has 3 columns, want 131: pipelines of old versions wrote fewer columns");
        assertThatThrownBy(() -> EnrichedEvent.parse(Line.empty() + "\t"))
                .hasMessage("the line has 132 columns, want 131: a value holds a tab");
        assertThatThrownBy(() -> EnrichedEvent.parse("")).hasMessage("the line has 1 column, want 131: it is empty");
        assertThatThrownBy(() -> EnrichedEvent.ofColumns(Collections.nCopies(130, "")))
                .hasMessage("the line has 130 columns, want 131: it was cut off, or a value holds a line end");
        assertThatThrownBy(() -> EnrichedEvent.ofColumns(List.of()))
                .hasMessage("the line has 1 column, want 131: it is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "\r"})
    void aLineEndIsNoPartOfTheLine(String end) {
        String line = Line.of("app_id", "x").with("true_tstamp", "y").toString();

        EnrichedEvent event = EnrichedEvent.parse(line + end);

        assertThat(event).isEqualTo(EnrichedEvent.parse(line));
        assertThat(event.text(Field.TRUE_TSTAMP)).contains("y");
        assertThat(event.toTsv()).isEqualTo(line.getBytes(UTF_8));
    }

    @Test
    void aLineEndElsewhereIsData() {
        EnrichedEvent event = EnrichedEvent.parse(Line.of("app_id", "a\rb\nc") + "\r\r\n");

        assertThat(event.text(Field.APP_ID)).contains("a\rb\nc");
        assertThat(event.text(Field.TRUE_TSTAMP)).contains("\r");
    }

    @Test
    void theWaysToMakeAnEventMakeEqualOnes() {
        String line = Line.of("app_id", "日本 😀").with("true_tstamp", "x").toString();

        EnrichedEvent event = EnrichedEvent.parse(line);

        assertThat(event)
                .isEqualTo(EnrichedEvent.parse(line.getBytes(UTF_8)))
                .isEqualTo(EnrichedEvent.ofColumns(Arrays.asList(line.split("\t", -1))))
                .hasSameHashCodeAs(EnrichedEvent.parse(line.getBytes(UTF_8)))
                .isNotEqualTo(EnrichedEvent.parse(Line.empty().toString()))
                .isNotEqualTo(null);
    }

    @Test
    void eventsOfTheSameBytesInOtherColumnsAreNotEqual() {
        List<String> one = new ArrayList<>(Collections.nCopies(131, ""));
        one.set(0, "a\tb");
        List<String> other = new ArrayList<>(Collections.nCopies(131, ""));
        other.set(0, "a");
        other.set(1, "b\t");

        assertThat(EnrichedEvent.ofColumns(one)).isNotEqualTo(EnrichedEvent.ofColumns(other));
    }

    @Test
    void theArraysThatGoInAndOutAreCopies() {
        byte[] line = Line.of("app_id", "x").bytes();
        EnrichedEvent event = EnrichedEvent.parse(line);

        line[0] = 'y';
        event.toTsv()[0] = 'z';

        assertThat(event.text(Field.APP_ID)).contains("x");
    }

    @Test
    void malformedUtf8IsAnErrorOfItsColumnWhateverIsAsked() {
        EnrichedEvent event = EnrichedEvent.parse(Line.of("app_id", "a\u00FF")
                .with("event_id", "\u00C0")
                .with("txn_id", "1\u00FF")
                .with("contexts", "\u00FF")
                .bytes(ISO_8859_1));

        for (Field<?> field : List.of(Field.APP_ID, Field.EVENT_ID, Field.TXN_ID, Field.CONTEXTS)) {
            assertThatThrownBy(() -> event.get(field))
                    .satisfies(e -> assertThat(code(e)).isEqualTo(Code.INVALID_UTF8));
            assertThatThrownBy(() -> event.text(field))
                    .satisfies(e -> assertThat(code(e)).isEqualTo(Code.INVALID_UTF8));
        }
        assertThat(EnrichedEvent.parse(event.toTsv())).isEqualTo(event);
    }

    @Test
    void anUnpairedSurrogateIsAnErrorOfItsColumn() {
        List<String> columns = new ArrayList<>(Collections.nCopies(131, ""));
        columns.set(0, "a\uD83D");

        for (EnrichedEvent event :
                List.of(EnrichedEvent.ofColumns(columns), EnrichedEvent.parse(String.join("\t", columns)))) {
            assertThatThrownBy(() -> event.text(Field.APP_ID))
                    .satisfies(e -> assertThat(code(e)).isEqualTo(Code.INVALID_UTF8));
        }
    }

    private static Code code(Throwable e) {
        return ((BadRowException) e).badRow().errors().get(0).code();
    }

    @Test
    void theMessageTellsTheFirstErrorsAndHowManyMoreThereAre() {
        EnrichedEvent.Builder builder = EnrichedEvent.builder();
        List.of(Field.TXN_ID, Field.PAGE_URLPORT, Field.BR_COOKIES, Field.TR_TAX, Field.DOC_WIDTH)
                .forEach(field -> builder.withText(field, "secret"));

        assertThatThrownBy(builder::build)
                .hasMessage("txn_id: want an integer from -2147483648 to 2147483647; "
                        + "page_urlport: want an integer from -2147483648 to 2147483647; "
                        + "tr_tax: want a decimal number such as -12.50 or 1e3; and 2 more");
    }

    @Test
    void anExceptionCanBeSentToAnotherMachine() throws Exception {
        BadRowException sent = new BadRowException(
                parse(Line.of("contexts", "{\"data\":[1]}")).check().orElseThrow());

        BadRowException received = (BadRowException) Serialization.copy(sent);

        assertThat(received.badRow()).isEqualTo(sent.badRow());
        assertThat(received).hasMessage(sent.getMessage());
    }

    @Test
    void entitiesAreListedInTheOrderOfTheirColumns() {
        EnrichedEvent event = parse(Line.of(
                        "contexts", contexts("iglu:a/b/c/1-0-0", "iglu:d/e/c/1-0-0", "iglu:a/b/c/1-0-1"))
                .with("derived_contexts", contexts("iglu:a/b/c/1-0-0", "iglu:d/e/c/2-0-0"))
                .with("unstruct_event", "{\"data\":{\"schema\":\"iglu:a/b/c/1-0-0\",\"data\":{}},\"schema\":\"x\"}"));

        assertThat(event.entities())
                .extracting(entity -> entity.source() + " " + entity.schema() + " " + entity.json())
                .containsExactly(
                        "CUSTOM iglu:a/b/c/1-0-0 0",
                        "CUSTOM iglu:d/e/c/1-0-0 1",
                        "CUSTOM iglu:a/b/c/1-0-1 2",
                        "UNSTRUCT iglu:a/b/c/1-0-0 {}",
                        "DERIVED iglu:a/b/c/1-0-0 0",
                        "DERIVED iglu:d/e/c/2-0-0 1");
        assertThat(event.entities()).isSameAs(event.entities()).isUnmodifiable();
    }

    @Test
    void entitiesAreFoundByTheirKeyAndByTheirSchema() {
        EnrichedEvent event =
                parse(Line.of("contexts", contexts("iglu:a/b/c/1-0-0", "iglu:d/e/c/1-0-0", "iglu:a/b/c/1-0-1"))
                        .with("derived_contexts", contexts("iglu:a/b/c/1-0-0")));
        List<Entity> all = event.entities();
        SchemaKey schema = SchemaKey.parse("iglu:a/b/c/1-0-1");

        assertThat(event.entities("contexts_a_b_1")).containsExactly(all.get(0), all.get(2), all.get(3));
        assertThat(event.entity("contexts_a_b_1")).contains(all.get(0));
        assertThat(event.entities(schema)).containsExactly(all.get(2));
        assertThat(event.entity(schema)).contains(all.get(2));
        assertThat(event.entities("contexts_a_b_2")).isEmpty();
        assertThat(event.entity("unstruct_event_a_b_1")).isEmpty();
        assertThat(event.entity(SchemaKey.parse("iglu:a/b/c/1-0-2"))).isEmpty();
    }

    @Test
    void theEntitiesOfOneColumnDoNotDependOnTheOthers() {
        EnrichedEvent event = parse(Line.of("contexts", contexts("iglu:a/b/c/1-0-0", "iglu:d/e/c/1-0-0"))
                .with("unstruct_event", "{}"));

        assertThat(event.entities(Entity.Source.CUSTOM))
                .extracting(entity -> entity.schema().uri())
                .containsExactly("iglu:a/b/c/1-0-0", "iglu:d/e/c/1-0-0");
        assertThat(event.entities(Entity.Source.DERIVED)).isEmpty();
        assertThatThrownBy(() -> event.entities(Entity.Source.UNSTRUCT))
                .isInstanceOf(BadRowException.class)
                .hasMessage("unstruct_event: the envelope has no \"data\"");
    }

    @Test
    void noContextsAreNoEntities() {
        assertThat(parse(Line.of("contexts", "{\"schema\":\"x\",\"data\":[ ]}")).entities())
                .isEmpty();
        assertThat(parse(Line.empty()).entities()).isEmpty();
    }

    @Test
    void theInventoryTellsTheErrorsOfAllColumnsOfEntitiesAndOfNoOther() {
        EnrichedEvent event = parse(Line.of("txn_id", "x")
                .with("contexts", contexts("iglu:a/b/c/1-0-0", "x"))
                .with("unstruct_event", "{}")
                .with("derived_contexts", contexts("iglu:a/b/c/1-0-0")));

        assertThatThrownBy(event::entities)
                .isInstanceOf(BadRowException.class)
                .hasMessage("contexts: entity 1 has a schema that is no Iglu URI, want iglu:vendor/name/format/1-0-0; "
                        + "unstruct_event: the envelope has no \"data\"");
        assertThat(event.get(Field.DERIVED_CONTEXTS)).isPresent();
        assertThatThrownBy(() -> event.get(Field.UNSTRUCT_EVENT)).isInstanceOf(BadRowException.class);
    }

    @Test
    void aMillionBracketsAreTooDeepAndDoNotOverflowTheStack() {
        EnrichedEvent event = parse(Line.of("contexts", "[".repeat(1_000_000)));

        assertThatThrownBy(event::entities).satisfies(e -> assertThat(code(e)).isEqualTo(Code.NESTING_TOO_DEEP));
    }

    @Test
    void theSubsetHasItsColumnsAndNoOther() {
        EnrichedEvent event =
                parse(Line.of("app_id", "x").with("txn_id", "no number").with("true_tstamp", "2024-01-01 00:00:00"));

        assertThat(event.only(Field.TRUE_TSTAMP, Field.APP_ID, Field.USER_ID))
                .isEqualTo(parse(Line.of("app_id", "x").with("true_tstamp", "2024-01-01 00:00:00")));
        assertThat(event.only()).isEqualTo(parse(Line.empty()));
        assertThat(event.only(Field.APP_ID).toMap()).isEqualTo(Map.of("app_id", "x"));
    }

    @Test
    void theMapHasTheKeysOfTheFlattenedJsonInTheirOrder() {
        EnrichedEvent event = parse(Line.of("txn_id", "7")
                .with("geo_latitude", "+1.50")
                .with("geo_longitude", "-.5")
                .with("contexts", contexts("iglu:z/z/c/1-0-0", "iglu:a/a/c/1-0-0"))
                .with("unstruct_event", "{\"data\":{\"schema\":\"iglu:a/b/c/1-0-0\",\"data\":null}}")
                .with("derived_contexts", contexts("iglu:n/n/c/1-0-0", "iglu:a/a/c/1-0-5"))
                .with("true_tstamp", "2024-01-01 00:00:00"));

        assertThat(event.toMap())
                .hasToString("{txn_id=7, geo_latitude=1.50, geo_longitude=-0.5, contexts_z_z_1=[0], "
                        + "contexts_a_a_1=[1, 1], unstruct_event_a_b_1=null, contexts_n_n_1=[0], "
                        + "true_tstamp=2024-01-01T00:00:00Z, geo_location=+1.50,-.5}")
                .containsEntry("txn_id", 7)
                .containsEntry("true_tstamp", Instant.parse("2024-01-01T00:00:00Z"));
    }

    @Test
    void theMapBelongsToTheCaller() {
        EnrichedEvent event = EnrichedEvent.builder().withContext(PAGE, "1").build();

        ((List<?>) Objects.requireNonNull(event.toMap().remove("contexts_com_acme_page_1"))).clear();

        assertThat(event.toMap())
                .extracting("contexts_com_acme_page_1", InstanceOfAssertFactories.LIST)
                .containsExactly(BigDecimal.ONE);
    }

    @Test
    void aMapOfABadColumnIsRefused() {
        assertThatThrownBy(() -> parse(Line.of("br_cookies", "yes")).toMap()).hasMessage("br_cookies: want 1 or 0");
        assertThatThrownBy(() -> parse(Line.of("derived_contexts", "{}")).toMap())
                .hasMessage("derived_contexts: the envelope has no \"data\"");
    }

    @Test
    void aValueWithATabOrLineEndHasNoTsv() {
        assertThatThrownBy(() -> withPlatform("a\tb").toTsv())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("platform holds a tab at byte 1, which a column of a line cannot");
        assertThatThrownBy(() -> withPlatform("\u00e9\n").toTsv())
                .hasMessage("platform holds a line end at byte 2, which a column of a line cannot");
        assertThatThrownBy(() -> EnrichedEvent.parse(Line.empty() + "\r\r").toTsv())
                .hasMessage("true_tstamp holds a line end at byte 0, which a column of a line cannot");
        assertThat(EnrichedEvent.parse(withPlatform("a\rb\r").toTsv())).isEqualTo(withPlatform("a\rb\r"));
    }

    @Test
    void aValueWithATabIsOneColumnEverywhereElse() {
        EnrichedEvent event = withPlatform("a\tb");

        assertThat(event.get(Field.PLATFORM)).contains("a\tb");
        assertThat(event.text(Field.APP_ID)).isEmpty();
        assertThat(event.check()).isEmpty();
        assertThat(EventTransformer.flattened().transform(event)).hasToString("{\"platform\":\"a\\tb\"}");
    }

    private static EnrichedEvent withPlatform(String text) {
        List<String> columns = new ArrayList<>(Collections.nCopies(131, ""));
        columns.set(Field.PLATFORM.index(), text);
        return EnrichedEvent.ofColumns(columns);
    }

    @Test
    void anEventIsTransformedByTheLimitsOfItsTransformer() {
        Line line = Line.of("app_id", "x".repeat(70)).with("contexts", "{\"data\":[]}");
        EventTransformer flat = EventTransformer.builder().maxDepth(1).build();
        EventTransformer small = EventTransformer.builder().maxLineBytes(210).build();
        EventTransformer large = EventTransformer.builder().maxLineBytes(211).build();

        assertThat(flat.transform(parse(line)))
                .isEqualTo(flat.transform(line.toString()))
                .isInstanceOf(BadRow.class);
        assertThat(small.transform(parse(line)))
                .isEqualTo(small.transform(line.toString()))
                .isInstanceOf(BadRow.class);
        assertThat(large.transform(parse(line)))
                .isEqualTo(large.transform(line.toString()))
                .isInstanceOf(TransformResult.Event.class);
    }

    @Test
    void theTextOfAnEventTellsNoData() {
        assertThat(parse(Line.of("user_id", "secret").with("app_id", "x")))
                .hasToString("EnrichedEvent[2 of 131 columns, 137 bytes]");
    }

    @Test
    void threadsMayShareAnEvent() {
        EnrichedEvent event = EnrichedEvent.builder()
                .with(Field.TXN_ID, 7)
                .withContext(PAGE, "{\"a\":1}")
                .build();
        Map<String, ?> alone = event.toMap();

        List<Map<String, ?>> together = IntStream.range(0, 1_000)
                .parallel()
                .<Map<String, ?>>mapToObj(i -> event.toMap())
                .toList();

        assertThat(together).allSatisfy(map -> assertThat(map).isEqualTo(alone));
    }

    private static EnrichedEvent parse(Line line) {
        return EnrichedEvent.parse(line.toString());
    }

    /** An envelope of entities whose data is their place. */
    private static String contexts(String... schemas) {
        List<String> entities = IntStream.range(0, schemas.length)
                .mapToObj(i -> "{\"schema\":\"%s\",\"data\":%d}".formatted(schemas[i], i))
                .toList();
        return "{\"data\":[" + String.join(",", entities) + "]}";
    }
}
