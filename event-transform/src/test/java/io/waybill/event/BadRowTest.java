package io.waybill.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.event.BadRow.Code;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadRowTest {

    private static final EventTransformer TRANSFORMER = EventTransformer.flattened();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    2   | pipelines of old versions wrote fewer columns
                    107 | pipelines of old versions wrote fewer columns
                    108 | pipelines of old versions wrote fewer columns
                    109 | it was cut off, or a value holds a line end
                    128 | an extract of the warehouse table has no JSON columns and cannot be transformed
                    130 | it was cut off, or a value holds a line end
                    132 | a value holds a tab
                    261 | 2 events are glued by a missing line end
                    391 | 3 events are glued by a missing line end
                    """)
    void aWrongNumberOfColumnsIsToldWithItsLikelyCause(int columns, String cause) {
        BadRow row = badRow("\t".repeat(columns - 1));

        assertThat(row.columns()).isEqualTo(columns);
        assertThat(json(row))
                .startsWith(
                        "{\"file\":\"f\",\"line\":1,\"columns\":%d,\"errors\":[{\"code\":\"FIELD_COUNT\",\"message\":"
                                        .formatted(columns)
                                + "\"the line has %d columns, want 131: %s\",\"value\":\"".formatted(columns, cause));
    }

    @Test
    void aWrongNumberOfColumnsIsTheOnlyErrorOfItsLine() {
        assertThat(badRow(Line.of("txn_id", "x") + "\t").errors())
                .extracting(BadRow.Error::code)
                .containsExactly(Code.FIELD_COUNT);
    }

    @Test
    void anEmptyLineIsABadRowOfOneColumn() {
        assertThat(json(badRow("")))
                .isEqualTo("{\"file\":\"f\",\"line\":1,\"columns\":1,\"errors\":[{\"code\":\"FIELD_COUNT\","
                        + "\"message\":\"the line has 1 column, want 131: it is empty\",\"value\":\"\"}]}");
    }

    @Test
    void aLineWithoutTabsIsNoEvent() {
        assertThat(message("{\"json\":1}"))
                .isEqualTo("the line has 1 column, want 131: without a tab it is no enriched event");
    }

    @Test
    void aStreamThatWasNotInflatedIsRecognised() throws IOException {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(gzip)) {
            out.write(0);
        }
        List<BadRow> rows = new ArrayList<>();

        EventTransformer.flattened()
                .transform(new ByteArrayInputStream(gzip.toByteArray()), OutputStream.nullOutputStream(), rows::add);

        assertThat(rows.get(0).errors())
                .extracting(BadRow.Error::message)
                .singleElement()
                .asString()
                .endsWith("want 131: it starts as gzip does, want the inflated text");
    }

    @Test
    void everyErrorOfALineHasItsColumnCodeMessageAndValue() {
        BadRow row = badRow(Line.of("txn_id", "4.0")
                .with("tr_total", "NaN")
                .with("br_cookies", "yes")
                .with("etl_tstamp", "2023-02-29 00:00:00")
                .toString());

        assertThat(json(row))
                .isEqualTo("{\"file\":\"f\",\"line\":1,\"columns\":131,\"errors\":["
                        + "{\"index\":2,\"column\":\"etl_tstamp\",\"code\":\"NOT_A_TIMESTAMP\",\"message\":\"etl_tstamp: want a "
                        + "date and time that exists, such as 2024-02-29 23:59:59.999\",\"value\":\"2023-02-29 00:00:00\"},"
                        + "{\"index\":7,\"column\":\"txn_id\",\"code\":\"NOT_AN_INTEGER\",\"message\":\"txn_id: want an integer "
                        + "from -2147483648 to 2147483647\",\"value\":\"4.0\"},"
                        + "{\"index\":61,\"column\":\"tr_total\",\"code\":\"NOT_A_NUMBER\",\"message\":\"tr_total: want a decimal "
                        + "number such as -12.50 or 1e3\",\"value\":\"NaN\"},"
                        + "{\"index\":93,\"column\":\"br_cookies\",\"code\":\"NOT_A_BOOLEAN\",\"message\":\"br_cookies: want 1 or "
                        + "0\",\"value\":\"yes\"}]}");
    }

    @Test
    void brokenJsonIsToldWithItsPlaceAndWhatWasWanted() {
        assertThat(message(Line.of("contexts", "{\"data\":[1,]}").toString()))
                .isEqualTo("contexts: at byte 11 is ']', want a value");
        assertThat(message(Line.of("unstruct_event", "{\"é\":").toString()))
                .isEqualTo("unstruct_event: at byte 6 is the end, want a value");
    }

    @Test
    void jsonNestedTooDeepIsToldWithTheLimit() {
        String deep = "{\"data\":[{\"schema\":\"iglu:a/b/c/1-0-0\",\"data\":%s}]}";

        assertThat(TRANSFORMER.transform(Line.of("contexts", deep.formatted("[".repeat(509) + "]".repeat(509)))
                        .toString()))
                .isInstanceOf(TransformResult.Event.class);
        BadRow row = badRow(Line.of("contexts", deep.formatted("[".repeat(510) + "]".repeat(510)))
                .toString());
        assertThat(row.errors().get(0).code()).isEqualTo(Code.NESTING_TOO_DEEP);
        assertThat(row.errors().get(0).message())
                .isEqualTo("contexts: at byte 554 one bracket more is open than the limit of 512 allows");
    }

    @Test
    void theLimitOfNestingCanBeSet() {
        String line = Line.of("contexts", "{\"data\":[]}").toString();

        assertThat(EventTransformer.builder().maxDepth(2).build().transform(line))
                .isInstanceOf(TransformResult.Event.class);
        assertThat(EventCase.outcome(
                        EventTransformer.builder().maxDepth(1).build().transform(line)))
                .isEqualTo("NESTING_TOO_DEEP contexts");
    }

    @Test
    void malformedUtf8IsToldWithItsPlaceAndShownAsReplacement() {
        BadRow row =
                (BadRow) TRANSFORMER.transform(Line.of("txn_id", "ab\u00FFc").bytes(ISO_8859_1));

        assertThat(row.errors())
                .containsExactly(new BadRow.Error(
                        7,
                        "txn_id",
                        Code.INVALID_UTF8,
                        null,
                        "txn_id: byte 2 is 0xFF, which is not well-formed UTF-8 there",
                        "ab\uFFFDc"));
    }

    @Test
    void malformedUtf8IsToldEvenBehindTheBracketThatIsOneTooMany() {
        String deep = "[".repeat(600) + "\u00FF";

        assertThat(EventCase.outcome(
                        TRANSFORMER.transform(Line.of("contexts", deep).bytes(ISO_8859_1))))
                .isEqualTo("INVALID_UTF8 contexts");
    }

    @Test
    void aBadEntityIsToldWithWhatItIs() {
        assertThat(errors("contexts", "{\"data\":[ 1 , {} ]}"))
                .containsExactly(
                        "contexts: entity 0 is a number, want an object with \"schema\" and \"data\" <1>",
                        "contexts: entity 1 has no \"schema\" <{}>");
        assertThat(errors("contexts", "{\"data\":[{\"schema\":true,\"data\":1},{\"schema\":\"\"}]}"))
                .containsExactly(
                        "contexts: entity 0 has a \"schema\" that is a boolean, want text <{\"schema\":true,\"data\":1}>",
                        "contexts: entity 1 has no \"data\" <{\"schema\":\"\"}>");
        assertThat(errors("unstruct_event", "{\"data\":{\"data\":1}}"))
                .containsExactly("unstruct_event: the entity has no \"schema\" <{\"data\":1}>");
    }

    @Test
    void aBadSchemaIsToldWithItsDecodedText() {
        assertThat(errors("contexts", "{\"data\":[{\"data\":1,\"schema\":\"http:\\/\\/x\\u0041\"}]}"))
                .containsExactly(
                        "contexts: entity 0 has a schema that is no Iglu URI, want iglu:vendor/name/format/1-0-0 <http://xA>");
    }

    @Test
    void aBadEnvelopeIsToldWithWhatItIs() {
        assertThat(errors("contexts", "[]")).containsExactly("contexts: the envelope is an array, want an object <[]>");
        assertThat(errors("contexts", "{}")).containsExactly("contexts: the envelope has no \"data\" <{}>");
        assertThat(errors("contexts", "{\"data\":null}"))
                .containsExactly(
                        "contexts: \"data\" of the envelope is null, want an array of entities <{\"data\":null}>");
        assertThat(errors("unstruct_event", "{\"data\":\"x\"}"))
                .containsExactly("unstruct_event: \"data\" of the envelope is text, want an entity <{\"data\":\"x\"}>");
    }

    @Test
    void moreBadEntitiesThanFitTheListAreCounted() {
        int bad = Entities.MOST_LISTED + 5;

        BadRow row = badRow(Line.of("contexts", "{\"data\":[" + "1,".repeat(bad - 1) + "1]}")
                .toString());

        assertThat(row.errors()).hasSize(Entities.MOST_LISTED + 1);
        assertThat(row.errors().get(Entities.MOST_LISTED - 1).entity()).isEqualTo(Entities.MOST_LISTED - 1);
        assertThat(row.errors().get(Entities.MOST_LISTED).message())
                .isEqualTo("contexts has 5 more bad entities, which are not listed");
    }

    @Test
    void aLineOverTheLimitIsABadRowThatSaysBothLengths() {
        EventTransformer strict = EventTransformer.builder().maxLineBytes(140).build();
        Line longest = Line.of("app_id", "x".repeat(10));

        assertThat(strict.transform(longest + "\r\n")).isInstanceOf(TransformResult.Event.class);
        assertThat(json((BadRow) strict.transform(longest.with("app_id", "y".repeat(100)) + "\r\n")))
                .isEqualTo("{\"file\":\"f\",\"line\":1,\"columns\":131,\"errors\":[{\"code\":\"LINE_TOO_LONG\","
                        + "\"message\":\"the line has 230 bytes, the limit is 140\",\"value\":\"" + "y".repeat(64)
                        + "\"}]}");
    }

    @Test
    void aValueIsClippedAfterSixtyFourCodePoints() {
        String faces = "😀".repeat(70);

        assertThat(badRow(Line.of("txn_id", faces).toString()).errors().get(0).value())
                .isEqualTo("😀".repeat(64));
        assertThat(badRow(Line.of("txn_id", "x".repeat(64)).toString())
                        .errors()
                        .get(0)
                        .value())
                .isEqualTo("x".repeat(64));
        assertThat(json(new BadRow(1, 1, List.of(error("m", "é".repeat(65))))))
                .endsWith("\"value\":\"" + "é".repeat(64) + "\"}]}");
        BadRow malformed = (BadRow) TRANSFORMER.transform(
                Line.of("txn_id", "\u00F0\u009F\u0098".repeat(300)).bytes(ISO_8859_1));
        assertThat(malformed.errors().get(0).value()).isEqualTo("\uFFFD".repeat(64));
    }

    @Test
    void theJsonIsValidWhateverTheTextsHold() {
        BadRow row = new BadRow(7, 131, List.of(error("\"\\\n\uD800", "\t\u0001\uDC00é")));

        assertThat(new String(row.toJson("a\"\uDBFF\uD83D\uDE00"), UTF_8))
                .isEqualTo(
                        "{\"file\":\"a\\\"\uFFFD😀\",\"line\":7,\"columns\":131,\"errors\":[{\"code\":\"FIELD_COUNT\","
                                + "\"message\":\"\\\"\\\\\\n\uFFFD\",\"value\":\"\\t\\u0001\uFFFDé\"}]}");
    }

    @Test
    void membersThatAreAbsentAreLeftOut() {
        BadRow.Error bare = new BadRow.Error(null, null, Code.LINE_TOO_LONG, null, "m", null);
        BadRow.Error full = new BadRow.Error(52, "contexts", Code.INVALID_IGLU_URI, 3, "m", "v");

        assertThat(json(new BadRow(1, 2, List.of(bare, full))))
                .isEqualTo(
                        "{\"file\":\"f\",\"line\":1,\"columns\":2,\"errors\":[{\"code\":\"LINE_TOO_LONG\",\"message\":\"m\"},"
                                + "{\"index\":52,\"column\":\"contexts\",\"code\":\"INVALID_IGLU_URI\",\"entity\":3,\"message\":\"m\","
                                + "\"value\":\"v\"}]}");
    }

    @Test
    void aBadRowChecksItself() {
        List<BadRow.Error> errors = new ArrayList<>(List.of(error("m", "v")));
        BadRow row = new BadRow(1, 1, errors);
        errors.clear();

        assertThat(row.errors()).hasSize(1);
        assertThatThrownBy(() -> new BadRow(1, 1, List.of())).hasMessage("line 1 has no error, so it is no bad row");
        assertThatThrownBy(() -> new BadRow(0, 1, row.errors()))
                .hasMessage("line is 0 and columns is 1, want both from 1");
        assertThatThrownBy(() -> new BadRow.Error(1, null, Code.INVALID_UTF8, null, "m", "v"))
                .hasMessage("index is 1 and column is null, want both or none");
        assertThatThrownBy(() -> new BadRow.Error(null, null, Code.INVALID_UTF8, 4, "m", "v"))
                .hasMessage("entity 4 has no column");
    }

    private static BadRow.Error error(String message, String value) {
        return new BadRow.Error(null, null, Code.FIELD_COUNT, null, message, value);
    }

    private static BadRow badRow(String line) {
        return (BadRow) TRANSFORMER.transform(line);
    }

    private static String message(String line) {
        return badRow(line).errors().get(0).message();
    }

    private static List<String> errors(String column, String text) {
        return badRow(Line.of(column, text).toString()).errors().stream()
                .map(error -> error.message() + " <" + error.value() + ">")
                .toList();
    }

    private static String json(BadRow row) {
        return new String(row.toJson("f"), UTF_8);
    }
}
