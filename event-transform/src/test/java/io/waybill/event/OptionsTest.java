package io.waybill.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.event.BadRow.Code;
import io.waybill.event.EventTransformer.Form;
import io.waybill.event.EventTransformer.SchemaVersion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OptionsTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void anOptionMakesOfALineWhatItSays(String title, EventCase event) {
        assertThat(event.outcome()).isEqualTo(event.expected());
    }

    static Stream<Arguments> anOptionMakesOfALineWhatItSays() {
        return EventCase.arguments(
                "nulls.txt",
                "instants.txt",
                "geo-location.txt",
                "schema-version.txt",
                "strict.txt",
                "scala.txt",
                "python.txt",
                "nested.txt");
    }

    /** What is wrong with a line does not depend on what would be written for it. */
    @ParameterizedTest
    @EnumSource
    void aLineThatIsBadIsBadInEveryForm(Form form) {
        EventTransformer flattened = EventTransformer.flattened();
        EventTransformer transformer = EventTransformer.of(form);

        for (String file : List.of("columns.txt", "entities.txt", "nested.txt", "scala.txt")) {
            for (EventCase event : EventCase.of(file)) {
                byte[] line = event.line().bytes();
                if (event.isBad()) {
                    assertThat(transformer.transform(line))
                            .as(event.title())
                            .isInstanceOf(BadRow.class)
                            .isEqualTo(flattened.transform(line));
                } else {
                    assertThat(transformer.transform(line)).as(event.title()).isInstanceOf(TransformResult.Event.class);
                }
            }
        }
    }

    /** The rules of types are those of the default form, but for the options that say something else. */
    @ParameterizedTest
    @EnumSource
    void aColumnIsWrittenByTheRuleOfItsTypeInEveryForm(Form form) {
        EventTransformer transformer =
                EventTransformer.builder(form).nulls(false).instants(false).build();

        for (EventCase event : EventCase.of("columns.txt")) {
            assertThat(event.outcome(transformer)).as(event.title()).isEqualTo(event.expected());
        }
    }

    /** The rules of entities are those of the default form in all flat ones. */
    @ParameterizedTest
    @EnumSource(names = {"FLATTENED", "SCALA", "PYTHON"})
    void entitiesBecomeOneKeyPerSchemaInEveryFlatForm(Form form) {
        EventTransformer transformer = EventTransformer.builder(form)
                .nulls(false)
                .instants(false)
                .schemaVersion(SchemaVersion.NONE)
                .build();

        for (EventCase event : EventCase.of("entities.txt")) {
            if (!event.expected().contains("geo_location") && !event.expected().contains("se_value")) {
                assertThat(event.outcome(transformer)).as(event.title()).isEqualTo(event.expected());
            }
        }
    }

    /** Whether a schema is one does not depend on what its name is used for. */
    @ParameterizedTest
    @EnumSource
    void aSchemaIsReadByTheSameRulesInEveryForm(Form form) {
        EventTransformer transformer = EventTransformer.of(form);

        for (String text : Cases.of("names.txt")) {
            String schema = text.substring(1, text.lastIndexOf("` -> "));
            String entity = "{\"schema\":\"%s\",\"data\":1}".formatted(schema);
            String outcome = EventCase.outcome(transformer.transform(Line.of("contexts", "{\"data\":[" + entity + "]}")
                    .with("unstruct_event", "{\"data\":" + entity + "}")
                    .bytes()));

            if (text.endsWith("INVALID_IGLU_URI")) {
                assertThat(outcome).as(text).isEqualTo("INVALID_IGLU_URI contexts 0, INVALID_IGLU_URI unstruct_event");
            } else {
                assertThat(outcome).as(text).startsWith("{");
            }
        }
    }

    @Test
    void aFormHasItsOwnDefaults() {
        assertThat(EventTransformer.flattened())
                .hasToString("EventTransformer[form=FLATTENED, nulls=false, instants=false, geoLocation=true, "
                        + "strict=false, schemaVersion=NONE, wholeValues=false, maxLineBytes=16777216, maxDepth=512]")
                .hasToString(EventTransformer.of(Form.FLATTENED).toString())
                .hasToString(EventTransformer.builder().build().toString());
        assertThat(EventTransformer.of(Form.SCALA))
                .hasToString(
                        "EventTransformer[form=SCALA, nulls=true, instants=true, geoLocation=true, "
                                + "strict=false, schemaVersion=VERSION, wholeValues=false, maxLineBytes=16777216, maxDepth=512]");
        assertThat(EventTransformer.of(Form.PYTHON))
                .hasToString("EventTransformer[form=PYTHON, nulls=false, instants=false, geoLocation=true, "
                        + "strict=false, schemaVersion=NONE, wholeValues=false, maxLineBytes=16777216, maxDepth=512]");
        assertThat(EventTransformer.of(Form.NESTED))
                .hasToString("EventTransformer[form=NESTED, nulls=false, instants=false, geoLocation=false, "
                        + "strict=false, schemaVersion=NONE, wholeValues=false, maxLineBytes=16777216, maxDepth=512]");
    }

    @Test
    void theNestedFormRefusesWhatItHasNoPlaceFor() {
        EventTransformer.Builder located = EventTransformer.builder(Form.NESTED).geoLocation(true);
        EventTransformer.Builder versioned =
                EventTransformer.builder(Form.NESTED).schemaVersion(SchemaVersion.URI);

        assertThatThrownBy(located::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("geoLocation is true, want false: the NESTED form has the columns and nothing else");
        assertThatThrownBy(versioned::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("schemaVersion is URI, want NONE: the NESTED form has the schemas of its entities in them");
        assertThat(located.geoLocation(false).build())
                .hasToString(EventTransformer.of(Form.NESTED).toString());
    }

    @Test
    void aBuilderMayBeUsedAgain() {
        EventTransformer.Builder builder = EventTransformer.builder().nulls(true);
        EventTransformer withNulls = builder.build();

        EventTransformer without = builder.nulls(false).build();

        assertThat(without.transform(Line.of("app_id", "x").bytes())).hasToString("{\"app_id\":\"x\"}");
        assertThat(withNulls.transform(Line.of("app_id", "x").bytes()).toString())
                .startsWith("{\"app_id\":\"x\",\"platform\":null,");
    }

    @ParameterizedTest
    @EnumSource
    void malformedUtf8IsTheOnlyErrorOfItsColumnInEveryForm(Form form) {
        EventTransformer transformer =
                EventTransformer.builder(form).strict(true).instants(true).build();
        List<String> columns = List.of(
                "app_id",
                "event_id",
                "txn_id",
                "se_value",
                "geo_latitude",
                "br_cookies",
                "etl_tstamp",
                "contexts",
                "unstruct_event",
                "derived_contexts",
                "geo_country");
        for (String column : columns) {
            for (String text : List.of("\u00FF", "{\"a\":\"\u00FF\"}", "2024-01-31 09:08:07.\u00FF", "1\u00FF")) {
                BadRow row = (BadRow) transformer.transform(Line.of("collector_tstamp", "2024-01-31 09:08:07")
                        .with("event_id", "c6ef3124-b53a-4b13-a233-0088f79dcbcb")
                        .with("v_collector", "c")
                        .with("v_etl", "e")
                        .with(column, text)
                        .bytes(ISO_8859_1));

                assertThat(EventCase.outcome(row)).isEqualTo("INVALID_UTF8 " + column);
            }
        }
    }

    @Test
    void strictErrorsAreToldWithWhatWasThereAndWhatWouldBeRight() {
        BadRow row = (BadRow) EventTransformer.builder()
                .strict(true)
                .build()
                .transform(Line.of("collector_tstamp", "2024-01-31 09:08:07")
                        .with("event_id", "C6EF3124")
                        .with("v_etl", "e")
                        .with("geo_country", "Österreich")
                        .with("contexts", "{\"schema\":\"iglu:a\\/b/c/1-0-0\",\"data\":[]}")
                        .with("unstruct_event", "{\"data\":{ \"schema\":\"iglu:a/b/c/1-0-0\",\"data\":1}}")
                        .bytes());

        assertThat(row.errors())
                .containsExactly(
                        new BadRow.Error(
                                6,
                                "event_id",
                                Code.NOT_A_UUID,
                                null,
                                "event_id: want a UUID of 36 characters, such as c6ef3124-b53a-4b13-a233-0088f79dcbcb",
                                "C6EF3124"),
                        new BadRow.Error(
                                10,
                                "v_collector",
                                Code.MISSING_REQUIRED,
                                null,
                                "v_collector: is empty, want a value in every event",
                                null),
                        new BadRow.Error(
                                18,
                                "geo_country",
                                Code.TOO_LONG,
                                null,
                                "geo_country: has 10 characters, want at most 2",
                                "Österreich"),
                        new BadRow.Error(
                                52,
                                "contexts",
                                Code.UNEXPECTED_SCHEMA,
                                null,
                                "contexts: the envelope has another schema, want "
                                        + "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-*-*",
                                "iglu:a/b/c/1-0-0"),
                        new BadRow.Error(
                                58,
                                "unstruct_event",
                                Code.UNEXPECTED_SCHEMA,
                                null,
                                "unstruct_event: the envelope has no \"schema\" that is text, want "
                                        + "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-*-*",
                                "{\"data\":{ \"schema\":\"iglu:a/b/c/1-0-0\",\"data\":1}}"));
        assertThat(new String(row.toJson("f"), UTF_8))
                .contains(
                        "\"code\":\"MISSING_REQUIRED\",\"message\":\"v_collector: is empty, want a value in every event\"}");
    }

    @Test
    void everyColumnOfTextMayHaveAsManyCodePointsAsTheFormatSays() {
        EventTransformer strict = EventTransformer.builder().strict(true).build();
        int limited = 0;
        for (String row : Cases.lines("enriched-event-fields.tsv").subList(1, 132)) {
            String[] values = row.split("\t", -1);
            if (values[2].equals("string") && !values[3].isEmpty()) {
                int most = Integer.parseInt(values[3]);
                assertThat(errors(strict, values[1], "😀".repeat(most))).isEmpty();
                assertThat(errors(strict, values[1], "😀".repeat(most + 1)))
                        .containsExactly("%s: has %d characters, want at most %d".formatted(values[1], most + 1, most));
                limited++;
            }
        }
        assertThat(limited).isEqualTo(83);
    }

    @Test
    void theColumnsThatMustBeThereAreThoseOfTheFormat() {
        BadRow row = (BadRow) EventTransformer.builder()
                .strict(true)
                .build()
                .transform(Line.empty().bytes());

        assertThat(row.errors())
                .extracting(BadRow.Error::column)
                .isEqualTo(Cases.lines("enriched-event-fields.tsv").stream()
                        .map(columns -> columns.split("\t", -1))
                        .filter(columns -> columns[4].equals("required"))
                        .map(columns -> columns[1])
                        .toList());
    }

    private static List<String> errors(EventTransformer strict, String column, String text) {
        BadRow row = (BadRow) strict.transform(Line.of(column, text).bytes());
        return row.errors().stream()
                .filter(error -> error.code() != Code.MISSING_REQUIRED)
                .map(BadRow.Error::message)
                .toList();
    }

    @Test
    void wholeValuesAreHeldWhereTheyAreAskedForButNotInTheJsonOfABadRow() {
        EventTransformer whole = EventTransformer.builder().wholeValues(true).build();
        String schema = "s".repeat(1000);
        String faces = "😀".repeat(1000);
        String entity = "{\"schema\":\"" + schema + "\"}";
        BadRow row = (BadRow) whole.transform(Line.of("txn_id", faces)
                .with("etl_tstamp", "\u00FF".repeat(500))
                .with("contexts", "{\"data\":[" + entity + ",{\"data\":1,\"schema\":\"" + schema + "\"}]}")
                .with("unstruct_event", "x".repeat(70))
                .bytes());

        assertThat(row.errors())
                .extracting(BadRow.Error::value)
                .containsExactly("\u00FF".repeat(500), faces, entity, schema, "x".repeat(70));
        assertThat(new String(row.toJson("f"), UTF_8))
                .contains("\"value\":\"" + "😀".repeat(64) + "\"}")
                .contains("\"value\":\"" + "s".repeat(64) + "\"}")
                .doesNotContain("x".repeat(65));
    }

    @Test
    void bytesThatAreNoTextAreReplacedInWholeValuesToo() {
        EventTransformer whole = EventTransformer.builder().wholeValues(true).build();

        BadRow row = (BadRow)
                whole.transform(Line.of("txn_id", "x".repeat(100) + "\u00FF").bytes(ISO_8859_1));

        assertThat(row.errors()).extracting(BadRow.Error::value).containsExactly("x".repeat(100) + "\uFFFD");
    }

    @Test
    void aWholeLineIsHeldWithItsNumberOfColumnsButNotOverTheLimit() {
        EventTransformer whole =
                EventTransformer.builder().wholeValues(true).maxLineBytes(1000).build();

        assertThat(((BadRow) whole.transform("x".repeat(1000))).errors().get(0).value())
                .hasSize(1000);
        assertThat(((BadRow) whole.transform("x".repeat(1001))).errors().get(0).value())
                .hasSize(64);
    }

    @Test
    void valuesAreClippedAgainAfterATransformerThatHoldsThemWhole() {
        String line = Line.of("txn_id", "x".repeat(100)).toString();
        EventTransformer.builder().wholeValues(true).build().transform(line);

        BadRow row = (BadRow) EventTransformer.flattened().transform(line);

        assertThat(row.errors().get(0).value()).hasSize(64);
    }
}
