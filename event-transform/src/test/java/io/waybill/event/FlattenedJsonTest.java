package io.waybill.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlattenedJsonTest {

    private static final EventTransformer TRANSFORMER = EventTransformer.flattened();

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void aColumnIsWrittenByTheRuleOfItsType(String title, EventCase event) {
        assertThat(event.outcome()).isEqualTo(event.expected());
    }

    static Stream<Arguments> aColumnIsWrittenByTheRuleOfItsType() {
        return EventCase.arguments("columns.txt");
    }

    @ParameterizedTest(name = "{0} -> {1}{2}")
    @MethodSource
    void aSchemaNamesTheKeyOfItsEntities(String schema, String name, String code) {
        String entity = "{\"schema\":\"%s\",\"data\":1}".formatted(schema);

        String unstruct = outcome(Line.of("unstruct_event", "{\"data\":" + entity + "}"));
        String contexts = outcome(Line.of("contexts", "{\"data\":[" + entity + "]}"));

        assertThat(unstruct)
                .isEqualTo(name == null ? code + " unstruct_event" : "{\"unstruct_event_%s\":1}".formatted(name));
        assertThat(contexts).isEqualTo(name == null ? code + " contexts 0" : "{\"contexts_%s\":[1]}".formatted(name));
    }

    static Stream<Arguments> aSchemaNamesTheKeyOfItsEntities() {
        Pattern format = Pattern.compile("`(.*)` -> (?:`(.*)`|(\\w+))");
        return Cases.of("names.txt").stream().map(line -> {
            Matcher name = format.matcher(line);
            assertThat(name.matches()).as(line).isTrue();
            return Arguments.of(name.group(1), name.group(2), name.group(3));
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void entitiesBecomeOneKeyPerSchema(String title, EventCase event) {
        assertThat(event.outcome()).isEqualTo(event.expected());
    }

    static Stream<Arguments> entitiesBecomeOneKeyPerSchema() {
        return EventCase.arguments("entities.txt");
    }

    @Test
    void anEventWithoutAnyValueIsAnEmptyObject() {
        assertThat(outcome(Line.empty())).isEqualTo("{}");
    }

    @Test
    void controlCharactersAreEscapedTheShortestWay() {
        String controls = IntStream.range(0, ' ')
                .filter(c -> c != '\t')
                .mapToObj(Character::toString)
                .collect(Collectors.joining());

        assertThat(outcome(Line.of("app_id", controls + "\u007F")))
                .isEqualTo("{\"app_id\":\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\n\\u000b\\f\\r"
                        + "\\u000e\\u000f\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019"
                        + "\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f\u007F\"}");
    }

    @Test
    void aByteOrderMarkIsData() {
        assertThat(outcome(Line.of("app_id", "\uFEFFshop"))).isEqualTo("{\"app_id\":\"\uFEFFshop\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app_id",
                "event_id",
                "txn_id",
                "tr_total",
                "geo_latitude",
                "br_cookies",
                "etl_tstamp",
                "contexts",
                "unstruct_event",
                "derived_contexts",
                "true_tstamp"
            })
    void malformedUtf8IsTheOnlyErrorOfItsColumn(String column) {
        // bytes above 0x7F: a lone continuation, overlong, a surrogate, above U+10FFFF, cut off, a byte that never
        // occurs
        for (String malformed : List.of(
                "\u0080",
                "\u00C0\u00AF",
                "\u00E0\u009F\u00BF",
                "\u00ED\u00A0\u0080",
                "\u00F0\u008F\u00BF\u00BF",
                "\u00F4\u0090\u0080\u0080",
                "\u00F5\u0080\u0080\u0080",
                "\u00E2\u0082",
                "\u00E2\u0082x",
                "\u00F0\u009F\u0098",
                "\u00C3",
                "\u00FF",
                "\u00FE")) {
            for (String text :
                    List.of(malformed, "{\"a\":\"" + malformed + "\"}", "x" + malformed + " ", "[" + malformed)) {
                TransformResult result =
                        TRANSFORMER.transform(Line.of(column, text).bytes(ISO_8859_1));

                assertThat(EventCase.outcome(result)).isEqualTo("INVALID_UTF8 " + column);
            }
        }
    }

    @Test
    void wellFormedUtf8IsCopiedToTheEdgesOfItsRanges() {
        String edges = "\u0080\u07FF\u0800\uCFFF\uD7FF\uE000\uFFFF" + Character.toString(0x10000)
                + Character.toString(0x10FFFF);
        String json = "{\"data\":{\"schema\":\"iglu:a/b/c/1-0-0\",\"data\":\"%s\"}}".formatted(edges);

        assertThat(outcome(Line.of("app_id", edges).with("unstruct_event", json)))
                .isEqualTo("{\"app_id\":\"%s\",\"unstruct_event_a_b_1\":\"%s\"}".formatted(edges, edges));
    }

    @Test
    void anUnpairedSurrogateInATextIsAnErrorOfItsColumn() {
        assertThat(EventCase.outcome(
                        TRANSFORMER.transform(Line.of("app_id", "a\uD83Db").toString())))
                .isEqualTo("INVALID_UTF8 app_id");
        assertThat(EventCase.outcome(
                        TRANSFORMER.transform(Line.of("app_id", "a\uDE00").toString())))
                .isEqualTo("INVALID_UTF8 app_id");
        assertThat(EventCase.outcome(
                        TRANSFORMER.transform(Line.of("app_id", "é\uD83D\uDE00").toString())))
                .isEqualTo("{\"app_id\":\"é\uD83D\uDE00\"}");
    }

    @Test
    void aLineEndIsNoPartOfTheLineButEverywhereElseItIsData() {
        byte[] plain = ((TransformResult.Event)
                        TRANSFORMER.transform(Line.of("app_id", "x").toString()))
                .json();
        String line = Line.of("app_id", "x").toString();

        for (String end : List.of("\n", "\r\n", "\r")) {
            assertThat(TRANSFORMER.transform(line + end)).isEqualTo(new TransformResult.Event(plain));
        }
        assertThat(EventCase.outcome(TRANSFORMER.transform(line + "\r\r\n"))).isEqualTo("NOT_A_TIMESTAMP true_tstamp");
        assertThat(EventCase.outcome(TRANSFORMER.transform(line + "\n\n"))).isEqualTo("NOT_A_TIMESTAMP true_tstamp");
        assertThat(outcome(Line.of("app_id", "a\rb\nc"))).isEqualTo("{\"app_id\":\"a\\rb\\nc\"}");
    }

    @Test
    void anArrayIsLeftAsItIsAndTheAnswerBelongsToTheCaller() {
        byte[] line = Line.of("app_id", "x\"").bytes();
        byte[] before = line.clone();

        TransformResult.Event first = (TransformResult.Event) TRANSFORMER.transform(line);
        byte[] copy = first.json().clone();
        first.json()[0] = 'X';
        TransformResult.Event second = (TransformResult.Event) TRANSFORMER.transform(line);

        assertThat(line).isEqualTo(before);
        assertThat(second.json()).isEqualTo(copy);
        assertThat(second)
                .isNotEqualTo(first)
                .isEqualTo(new TransformResult.Event(copy))
                .hasSameHashCodeAs(new TransformResult.Event(copy));
        assertThat(second).hasToString("{\"app_id\":\"x\\\"\"}");
    }

    private static String outcome(Line line) {
        return EventCase.outcome(TRANSFORMER.transform(line.bytes()));
    }
}
