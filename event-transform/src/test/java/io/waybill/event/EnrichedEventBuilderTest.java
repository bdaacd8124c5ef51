package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EnrichedEventBuilderTest {

    private static final String PAGE = "iglu:com.acme/page/jsonschema/1-0-0";

    @Test
    void anEventHasWhatEveryEventHasAndIsTheSameEachTime() {
        List<String> required = Cases.lines("enriched-event-fields.tsv").stream()
                .filter(line -> line.endsWith("\trequired"))
                .map(line -> line.split("\t", -1)[1])
                .toList();

        EnrichedEvent event = EnrichedEvent.builder().build();

        assertThat(event).isEqualTo(EnrichedEvent.builder().build());
        assertThat(required).isNotEmpty();
        assertThat(Field.all().stream()
                        .filter(field -> event.text(field).isPresent())
                        .map(Field::column))
                .containsExactlyElementsOf(required);
        assertThat(event.get(Field.COLLECTOR_TSTAMP)).contains(Instant.parse("2024-01-01T00:00:00Z"));
        assertThat(event.get(Field.EVENT_ID)).contains(UUID.fromString("00000000-0000-4000-8000-000000000000"));
    }

    @Test
    void aValueStandsInItsColumnAsPipelinesWriteIt() {
        EnrichedEvent event = EnrichedEvent.builder()
                .with(Field.APP_ID, "shop")
                .with(Field.TXN_ID, -7)
                .with(Field.TR_TOTAL, new BigDecimal("1.10"))
                .with(Field.SE_VALUE, new BigDecimal("1E+3"))
                .with(Field.BR_COOKIES, true)
                .with(Field.DVCE_ISMOBILE, false)
                .with(Field.TRUE_TSTAMP, Instant.parse("2024-02-29T23:59:59.999Z"))
                .with(Field.DERIVED_TSTAMP, Instant.parse("0000-01-01T00:00:00Z"))
                .with(Field.EVENT_ID, UUID.fromString("c6ef3124-b53a-4b13-a233-0088f79dcbcb"))
                .build();

        assertThat(event.text(Field.APP_ID)).contains("shop");
        assertThat(event.text(Field.TXN_ID)).contains("-7");
        assertThat(event.text(Field.TR_TOTAL)).contains("1.10");
        assertThat(event.text(Field.SE_VALUE)).contains("1E+3");
        assertThat(event.get(Field.SE_VALUE)).contains(new BigDecimal("1E+3"));
        assertThat(event.text(Field.BR_COOKIES)).contains("1");
        assertThat(event.text(Field.DVCE_ISMOBILE)).contains("0");
        assertThat(event.text(Field.TRUE_TSTAMP)).contains("2024-02-29 23:59:59.999");
        assertThat(event.text(Field.DERIVED_TSTAMP)).contains("0000-01-01 00:00:00");
        assertThat(event.text(Field.EVENT_ID)).contains("c6ef3124-b53a-4b13-a233-0088f79dcbcb");
    }

    @Test
    void aColumnCanBeSetAgainAndEmptied() {
        EnrichedEvent event = EnrichedEvent.builder()
                .with(Field.APP_ID, "first")
                .with(Field.APP_ID, "second")
                .with(Field.USER_ID, "")
                .without(Field.V_ETL)
                .build();

        assertThat(event.get(Field.APP_ID)).contains("second");
        assertThat(event.get(Field.USER_ID)).isEmpty();
        assertThat(event.get(Field.V_ETL)).isEmpty();
    }

    @Test
    void allErrorsAreToldTogether() {
        EnrichedEvent.Builder builder = EnrichedEvent.builder()
                .withText(Field.TXN_ID, "x")
                .withText(Field.CONTEXTS, "{}")
                .with(Field.TRUE_TSTAMP, Instant.MAX);

        assertThatThrownBy(builder::build)
                .isInstanceOf(BadRowException.class)
                .satisfies(e -> assertThat(((BadRowException) e).badRow().errors())
                        .extracting(BadRow.Error::column)
                        .containsExactly("txn_id", "contexts", "true_tstamp"));
        assertThat(builder.without(Field.TXN_ID)
                        .without(Field.CONTEXTS)
                        .without(Field.TRUE_TSTAMP)
                        .build())
                .isEqualTo(EnrichedEvent.builder().build());
    }

    @Test
    void entitiesAreAddedInTheEnvelopesThatPipelinesWrite() {
        EnrichedEvent event = EnrichedEvent.builder()
                .withContext(PAGE, "{ \"a\" : 1 }")
                .withContext(PAGE, "[]")
                .withDerivedContext(PAGE, "2")
                .withUnstruct(PAGE, "\"first\"")
                .withUnstruct(PAGE, "\"second\"")
                .build();

        assertThat(event.text(Field.CONTEXTS))
                .contains("{\"schema\":\"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0\",\"data\":["
                        + "{\"schema\":\"" + PAGE + "\",\"data\":{\"a\":1}},{\"schema\":\"" + PAGE
                        + "\",\"data\":[]}]}");
        assertThat(event.text(Field.DERIVED_CONTEXTS))
                .contains("{\"schema\":\"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0\",\"data\":["
                        + "{\"schema\":\"" + PAGE + "\",\"data\":2}]}");
        assertThat(event.text(Field.UNSTRUCT_EVENT))
                .contains(
                        "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0\",\"data\":"
                                + "{\"schema\":\"" + PAGE + "\",\"data\":\"second\"}}");
    }

    @Test
    void anEventIsRightInStrictModeToo() {
        EnrichedEvent event = EnrichedEvent.builder()
                .withContext(PAGE, "1")
                .withDerivedContext(PAGE, "2")
                .withUnstruct(PAGE, "3")
                .build();

        assertThat(EventTransformer.builder().strict(true).build().transform(event))
                .isEqualTo(EventTransformer.flattened().transform(event))
                .isInstanceOf(TransformResult.Event.class);
    }

    @Test
    void anEntityThatIsNoneIsRefusedAtOnce() {
        EnrichedEvent.Builder builder = EnrichedEvent.builder();

        assertThatThrownBy(() -> builder.withContext("com.acme/page", "{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'com.acme/page' is no Iglu URI, want iglu:vendor/name/format/1-0-0");
        assertThatThrownBy(() -> builder.withUnstruct(PAGE, "{"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the data of " + PAGE + " is not JSON: at byte 1 want a name in double quotes or '}'");
        assertThatThrownBy(() -> builder.withDerivedContext(PAGE, "1},{\"schema\":\"" + PAGE + "\",\"data\":2"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(builder.build()).isEqualTo(EnrichedEvent.builder().build());
    }

    @Test
    void dataNestedTooDeepIsAnErrorOfTheEvent() {
        EnrichedEvent.Builder builder = EnrichedEvent.builder();

        assertThat(builder.withContext(PAGE, "[".repeat(509) + "]".repeat(509))
                        .build()
                        .entities())
                .hasSize(1);
        assertThatThrownBy(builder.withUnstruct(PAGE, "[".repeat(511) + "]".repeat(511))::build)
                .isInstanceOf(BadRowException.class)
                .hasMessageContaining("one bracket more is open than the limit of 512 allows");
    }

    @Test
    void anEventCanBeChangedIntoAnother() {
        EnrichedEvent event = EnrichedEvent.parse(Line.of("app_id", "x")
                .with("contexts", "{\"data\": [{\"data\":1,\"schema\":\"iglu:a/b/c/1-0-0\"}]}")
                .toString());

        EnrichedEvent changed =
                event.toBuilder().with(Field.APP_ID, "y").withContext(PAGE, "2").build();

        assertThat(event.toBuilder().build()).isEqualTo(event);
        assertThat(event.get(Field.APP_ID)).contains("x");
        assertThat(changed.get(Field.APP_ID)).contains("y");
        assertThat(changed.get(Field.COLLECTOR_TSTAMP)).isEmpty();
        assertThat(changed.toMap().toString())
                .isEqualTo("{app_id=y, contexts_a_b_1=[1], contexts_com_acme_page_1=[2]}");
    }

    @Test
    void aContextCannotBeAddedToWhatIsNone() {
        EnrichedEvent.Builder builder = EnrichedEvent.builder().withText(Field.CONTEXTS, "[]");

        assertThatThrownBy(() -> builder.withContext(PAGE, "1"))
                .isInstanceOf(BadRowException.class)
                .hasMessage("contexts: the envelope is an array, want an object");
        assertThat(builder.without(Field.CONTEXTS)
                        .withContext(PAGE, "1")
                        .build()
                        .entities())
                .hasSize(1);
    }

    @Test
    void anEventStaysAsItIsWhenItsBuilderGoesOn() {
        EnrichedEvent.Builder builder = EnrichedEvent.builder();
        EnrichedEvent first = builder.build();

        builder.with(Field.APP_ID, "x");

        assertThat(first.get(Field.APP_ID)).isEmpty();
    }
}
