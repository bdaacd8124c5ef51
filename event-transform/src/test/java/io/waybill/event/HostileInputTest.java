package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Inputs at which a quadratic step would take minutes. */
class HostileInputTest {

    private static final EventTransformer TRANSFORMER = EventTransformer.flattened();

    @Test
    void aLineMayHaveAHundredThousandDistinctKeys() {
        int keys = 100_000;
        String expected = join(keys, i -> "\"contexts_a_n%d_1\":[%d,%d]".formatted(i, i, i));

        TransformResult result = TRANSFORMER.transform(Line.of(
                        "contexts", envelope(join(keys, i -> entity("iglu:a/n%d/c/1-0-0".formatted(i), i))))
                .with("derived_contexts", envelope(join(keys, i -> entity("iglu:a/n%d/c/1-0-1".formatted(i), i))))
                .toString());

        assertThat(result.toString()).isEqualTo("{" + expected + "}");
    }

    @Test
    void namesWithTheSameHashAreToldApart() {
        int keys = 1 << 15;
        // "an" and "c0" have one hash code, and so have all sequences of them
        IntFunction<String> name = i -> IntStream.range(0, 15)
                .mapToObj(bit -> ((i >> bit) & 1) == 0 ? "an" : "c0")
                .collect(Collectors.joining());
        assertThat(name.apply(0)).isNotEqualTo(name.apply(keys - 1)).hasSameHashCodeAs(name.apply(keys - 1));

        TransformResult result = TRANSFORMER.transform(Line.of(
                        "contexts", envelope(join(keys, i -> entity("iglu:a/" + name.apply(i) + "/c/1-0-0", i))))
                .toString());

        assertThat(result.toString())
                .isEqualTo("{" + join(keys, i -> "\"contexts_a_%s_1\":[%d]".formatted(name.apply(i), i)) + "}");
    }

    @Test
    void manyEntitiesOfOneKeyAreOneArray() {
        int entities = 200_000;

        TransformResult result =
                TRANSFORMER.transform(Line.of("contexts", envelope(join(entities, i -> entity("iglu:a/b/c/1-0-0", i))))
                        .toString());

        assertThat(result.toString()).isEqualTo("{\"contexts_a_b_1\":[" + join(entities, Integer::toString) + "]}");
    }

    @Test
    void aHundredThousandDuplicatesOfDataAreReadOnce() {
        String duplicates = "\"data\":[{\"data\":1}],".repeat(100_000);

        TransformResult result = TRANSFORMER.transform(
                Line.of("contexts", "{" + duplicates + "\"data\":[" + entity("iglu:a/b/c/1-0-0", 7) + "]}")
                        .toString());

        assertThat(result).hasToString("{\"contexts_a_b_1\":[7]}");
    }

    @Test
    void deepDataIsNotReadAgainPerLevel() {
        int depth = 1_000_000;
        String deep = "[".repeat(depth) + "]".repeat(depth);

        TransformResult result = EventTransformer.builder()
                .maxDepth(depth + 3)
                .build()
                .transform(Line.of("contexts", envelope("{\"schema\":\"iglu:a/b/c/1-0-0\",\"data\":" + deep + "}"))
                        .toString());

        assertThat(result.toString()).isEqualTo("{\"contexts_a_b_1\":[" + deep + "]}");
    }

    @Test
    void aNameOfMegabytesIsAnyOtherName() {
        String name = "\\u0064ata".repeat(500_000);

        TransformResult result = TRANSFORMER.transform(Line.of(
                        "contexts",
                        "{\"" + name + "\":1,\"data\":[{\"" + name + "\":1,\"schema\":\"iglu:a/" + "xY".repeat(500_000)
                                + "/c/1-0-0\",\"data\":2}]}")
                .toString());

        assertThat(result.toString()).isEqualTo("{\"contexts_a_x" + "_yx".repeat(499_999) + "_y_1\":[2]}");
    }

    @Test
    void namesAreForgottenWhenThereAreTooManyAndFoundAgain() {
        for (int i = 0; i < 20_000; i++) {
            String entity = entity("iglu:com.acme/n%d/c/1-0-%d".formatted(i % 3000, i), i);

            assertThat(TRANSFORMER.transform(
                            Line.of("contexts", envelope(entity + "," + entity)).toString()))
                    .hasToString("{\"contexts_com_acme_n%d_1\":[%d,%d]}".formatted(i % 3000, i, i));
        }
    }

    @Test
    void versionsAreWrittenIntoAHundredThousandEntities() {
        int entities = 100_000;
        EventTransformer transformer = EventTransformer.builder()
                .schemaVersion(EventTransformer.SchemaVersion.VERSION)
                .build();

        TransformResult result = transformer.transform(Line.of(
                        "contexts",
                        envelope(join(entities, i -> "{\"schema\":\"iglu:a/b/c/1-0-%d\",\"data\":{}}".formatted(i))))
                .toString());

        assertThat(result.toString())
                .isEqualTo("{\"contexts_a_b_1\":["
                        + join(entities, i -> "{\"_schema_version\":\"1-0-%d\"}".formatted(i)) + "]}");
    }

    @Test
    void namesOfMembersAreReadOnceForAVersion() {
        int members = 300_000;
        String data = "{" + join(members, i -> "\"_schema_versio\":%d".formatted(i)) + "}";
        EventTransformer transformer = EventTransformer.builder()
                .schemaVersion(EventTransformer.SchemaVersion.VERSION)
                .build();

        TransformResult result = transformer.transform(
                Line.of("contexts", envelope("{\"schema\":\"iglu:a/b/c/1-0-0\",\"data\":" + data + "}"))
                        .toString());

        assertThat(result.toString())
                .isEqualTo("{\"contexts_a_b_1\":[" + data.substring(0, data.length() - 1)
                        + ",\"_schema_version\":\"1-0-0\"}]}");
    }

    private static String envelope(String entities) {
        return "{\"data\":[" + entities + "]}";
    }

    private static String entity(String schema, int data) {
        return "{\"schema\":\"%s\",\"data\":%d}".formatted(schema, data);
    }

    private static String join(int count, IntFunction<String> part) {
        return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining(","));
    }
}
