package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which lines need the exact code, and that the others come out as the exact code writes them. */
class FastPathTest {

    private static final EventTransformer TRANSFORMER = EventTransformer.flattened();
    private static final Layout LAYOUT = new Layout(TRANSFORMER.options());

    private final Output out = new Output(64);
    private final FastPath fast = new FastPath(out);

    @Test
    void derivedContextsJoinTheArraysOfCustomOnes() {
        assertTaken(
                contexts(entity("a", "1"), entity("b", "2"), entity("c", "[]"), entity("b", "{}"))
                        .with(
                                "derived_contexts",
                                envelope(
                                        entity("b", "\"x\""),
                                        entity("d", "4"),
                                        entity("a", "5"),
                                        entity("b", "6"),
                                        entity("d", "7"))),
                "{\"contexts_v_a_1\":[1,5],\"contexts_v_b_1\":[2,{},\"x\",6],\"contexts_v_c_1\":[[]],"
                        + "\"contexts_v_d_1\":[4,7]}");
    }

    @Test
    void whatStandsBetweenTheContextsIsMovedForDerivedOnes() {
        assertTaken(
                contexts(entity("a", "1"))
                        .with("se_category", "between")
                        .with("derived_contexts", envelope(entity("a", "\"" + "long ".repeat(100) + "\""))),
                "{\"contexts_v_a_1\":[1,\"" + "long ".repeat(100) + "\"],\"se_category\":\"between\"}");
    }

    @Test
    void aLineRemembersNothingOfTheDerivedContextsBefore() {
        Line line = contexts(entity("a", "1")).with("derived_contexts", envelope(entity("a", "2")));

        assertTaken(line, "{\"contexts_v_a_1\":[1,2]}");
        assertTaken(contexts(entity("a", "1")), "{\"contexts_v_a_1\":[1]}");
        assertTaken(line, "{\"contexts_v_a_1\":[1,2]}");
    }

    @Test
    void derivedContextsWithBlanksJoinTheArraysToo() {
        assertTaken(
                contexts(entity("a", "1"))
                        .with("derived_contexts", envelope(entity("a", "2"), entity("a", "[ 3 , \"4 \" ]"))),
                "{\"contexts_v_a_1\":[1,2,[3,\"4 \"]]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schema\":\"iglu:v/a/f/1-0-0\",\"data\":1}",
                "{\"data\":1,\"schema\":\"iglu:v/a/f/1-0-0\"}",
                "{\"sch\\u0065ma\":\"iglu:v/a/f/1-0-0\",\"\\u0064ata\":1}",
                "{\"schema\":\"iglu:v\\/a\\/f\\/1-0-0\",\"data\":1}",
                "{\"schema\":\"igl\\u0075:v/a/f/1-0-0\",\"data\":1}",
                "{\"id\":[{\"schema\":3}],\"schema\":\"iglu:v/a/f/1-0-0\",\"more\":null,\"data\":1,\"\":{}}",
                " { \"schema\" : \"iglu:v/a/f/1-0-0\" , \r \"data\" : 1 } "
            })
    void anEntityMayBeWrittenInManyWays(String entity) {
        assertTaken(contexts(entity), "{\"contexts_v_a_1\":[1]}");
        assertTaken(Line.of("unstruct_event", envelopeOf(entity)), "{\"unstruct_event_v_a_1\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schema\":\"iglu:com.example/page/jsonschema/1-0-0\",\"data\":{\"a\":1}}",
                "{\"schema\":\"iglu:com.example/page/jsonschema/1-0-0\",\"data\":{\"a\":1},\"more\":[]}",
                "{\"schema\":\"iglu:com.example\\/page\\/jsonschema\\/1-0-0\",\"data\":{\"a\":1}}",
                "{\"schema\":\"iglu:com.example/page/jsonschema/1-0-9\",\"data\":{\"a\":1}}",
                "{\"schema\":\"iglu:com.example/page/jsonschema/1-0-0\",\"id\":0,\"data\":{\"a\":1}}",
                "{\"schema\":\"iglu:com.example/page/jsonschema/1-0-0\", \"data\":{\"a\": 1 }}"
            })
    void anEntityMayGoOnOtherwiseThanOneThatBeganAlike(String entity) {
        String known = "{\"schema\":\"iglu:com.example/page/jsonschema/1-0-0\",\"data\":{\"a\":1}}";
        assertTaken(contexts(known, known), "{\"contexts_com_example_page_1\":[{\"a\":1},{\"a\":1}]}");

        String expected = "{\"contexts_com_example_page_1\":[{\"a\":1},{\"a\":1},{\"a\":1}]}";
        assertTaken(contexts(known, entity, known), expected);
        assertTaken(contexts(entity, known, entity), expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schema\":\"iglu:com.example/page/jsonschema/1-0-0\",\"data\":1,\"data\":2}",
                "{\"schema\":\"iglu:com.example/page/jsonschema/1-0-0\",\"data\":1,\"schema\":\"iglu:v/b/f/2-0-0\"}"
            })
    void ofMembersThatComeTwiceTheLastCountsAlsoAfterAKnownBeginning(String entity) {
        assertTaken(
                contexts("{\"schema\":\"iglu:com.example/page/jsonschema/1-0-0\",\"data\":1}"),
                "{\"contexts_com_example_page_1\":[1]}");

        assertThat(transformed(contexts(entity))).isNull();
        assertThat(TRANSFORMER.transform(contexts(entity).bytes()))
                .hasToString(TRANSFORMER
                        .transform(EnrichedEvent.parse(contexts(entity).toString()))
                        .toString());
    }

    @Test
    void schemasOfOneVendorAreToldApartAlsoWhenThereAreVeryMany() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 40; i++) {
                String entity =
                        "{\"schema\":\"iglu:com.example.analytics.of.a.long.name/n%d/jsonschema/1-0-0\",\"data\":%d}"
                                .formatted(i, round);
                assertTaken(
                        contexts(entity, entity),
                        "{\"contexts_com_example_analytics_of_a_long_name_n%d_1\":[%d,%d]}".formatted(i, round, round));
            }
        }
    }

    @Test
    void wrongDataIsFoundAfterAKnownBeginning() {
        String opening = "{\"schema\":\"iglu:com.example/page/jsonschema/1-0-0\",\"data\":";
        assertTaken(contexts(opening + "1}"), "{\"contexts_com_example_page_1\":[1]}");

        for (String rest : new String[] {"01}", "{\"a\":}}", "[1,]}", "\"\t\"}", "1]", "1", "}", "1}}"}) {
            assertThat(transformed(contexts(opening + rest))).as(rest).isNull();
            assertThat(TRANSFORMER.transform(contexts(opening + rest).bytes()))
                    .as(rest)
                    .isInstanceOf(BadRow.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1 2]", "[tr ue]", "[1. 5]", "[- 1]", "[1 e5]", "[\"a\" \"b\"]", "[1 , , 2]", "{\"a\" 1}"})
    void blanksAreNotTakenOutWhereThatWouldMendTheText(String data) {
        Line line = contexts(entity("a", data));

        assertThat(transformed(line)).isNull();
        assertThat(TRANSFORMER.transform(line.bytes())).isInstanceOf(BadRow.class);
    }

    @Test
    void aColumnOfManyEntitiesIsLeftToTheExactCode() {
        String[] entities = IntStream.range(0, 300)
                .mapToObj(i -> entity("n" + i % 7, Integer.toString(i)))
                .toArray(String[]::new);

        assertThat(transformed(contexts(Arrays.copyOf(entities, 256)))).isNotNull();
        assertThat(transformed(contexts(entities))).isNull();
        assertThat(TRANSFORMER.transform(contexts(entities).bytes()))
                .hasToString(IntStream.range(0, 7)
                        .mapToObj(n -> "\"contexts_v_n%d_1\":[%s]".formatted(n, everySeventh(n, 300)))
                        .collect(Collectors.joining(",", "{", "}")));
    }

    @Test
    void namesAreReadWhetherOrNotTheyCouldBeRemembered() {
        for (int i = 0; i < 100; i++) {
            String data = IntStream.range(100 * i, 100 * i + 100)
                    .mapToObj(n -> "\"member%d\":%d".formatted(n, n))
                    .collect(Collectors.joining(",", "{", "}"));

            assertTaken(contexts(entity("a", data)), "{\"contexts_v_a_1\":[" + data + "]}");
            assertTaken(
                    contexts(entity("a", data), entity("a", data)), "{\"contexts_v_a_1\":[" + data + "," + data + "]}");
        }
    }

    private static String everySeventh(int from, int to) {
        return IntStream.iterate(from, n -> n < to, n -> n + 7)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
    }

    private void assertTaken(Line line, String expected) {
        assertThat(transformed(line)).isEqualTo(expected);
        assertThat(TRANSFORMER.transform(EnrichedEvent.parse(line.toString()))).hasToString(expected);
    }

    /** The event, or null where the line is left to the exact code. */
    private @Nullable String transformed(Line line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        out.clear();
        int end = fast.transform(Arrays.copyOf(bytes, bytes.length + FastPath.SLACK), 0, bytes.length - 1, LAYOUT);
        if (end == FastPath.ODD) {
            assertThat(out.length).isZero();
            return null;
        }
        assertThat(end).isEqualTo(bytes.length - 1);
        return new String(out.bytes, 0, out.length, StandardCharsets.UTF_8);
    }

    private static Line contexts(String... entities) {
        return Line.of("contexts", envelope(entities));
    }

    private static String envelope(String... entities) {
        return envelopeOf("[" + String.join(",", entities) + "]");
    }

    private static String envelopeOf(String data) {
        return "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/x/jsonschema/1-0-0\",\"data\":" + data + "}";
    }

    private static String entity(String name, String data) {
        return "{\"schema\":\"iglu:v/%s/f/1-0-0\",\"data\":%s}".formatted(name, data);
    }
}
