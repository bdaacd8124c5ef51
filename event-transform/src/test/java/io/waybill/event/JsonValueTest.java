package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonValueTest {

    private static final ObjectMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .build();

    @Test
    void valuesAreMapsListsStringsDecimalsBooleansAndNull() {
        assertThat(read("{\"b\":1.50,\"a\":[true,false,null,\"x\",{},[]]}"))
                .isEqualTo(Map.of(
                        "b", new BigDecimal("1.50"), "a", Arrays.asList(true, false, null, "x", Map.of(), List.of())));
        assertThat(read("null")).isNull();
    }

    @Test
    void membersKeepTheirOrderAndOfDuplicatesTheLastCounts() {
        Object value = read("{\"z\":1,\"a\":2,\"z\":{\"k\":null},\"\\u0061\":3}");

        assertThat(value).hasToString("{z={k=null}, a=3}");
    }

    @Test
    void numbersKeepTheirDigits() {
        assertThat(read("[9007199254740993,1e400,-0,0.10,123456789012345678901234567890.5]"))
                .isEqualTo(List.of(
                        new BigDecimal("9007199254740993"),
                        new BigDecimal("1E+400"),
                        BigDecimal.ZERO,
                        new BigDecimal("0.10"),
                        new BigDecimal("123456789012345678901234567890.5")));
    }

    @Test
    void anExponentIsNotWrittenOut() {
        assertThat(JsonValue.number("1e999999999")).isEqualTo(new BigDecimal(BigInteger.ONE, -999_999_999));
        assertThat(JsonValue.number("1e-999999999")).isEqualTo(new BigDecimal(BigInteger.ONE, 999_999_999));
        assertThat(JsonValue.number("0." + "0".repeat(9_900) + "1E-999999999").scale())
                .isEqualTo(999_999_999 + 9_901);
        assertThat(JsonValue.number("12E+" + "0".repeat(9_000) + "3")).isEqualTo(new BigDecimal("12E+3"));
        assertThat(JsonValue.number("1e-000")).isEqualTo(BigDecimal.ONE);
    }

    @Test
    void anExponentOfMoreThanNineDigitsIsRefused() {
        for (String number : List.of("1e1000000000", "1E+2147483648", "1.5e-99999999999", "0e-1000000000")) {
            assertThatThrownBy(() -> JsonValue.number(number))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("a number has an exponent of more than 9 digits");
        }
    }

    @Test
    void aNumberOfMegabytesIsRefusedAtOnce() {
        assertThat(JsonValue.number("9".repeat(10_000)).precision()).isEqualTo(10_000);
        assertThatThrownBy(() -> JsonValue.number("9".repeat(10_001)))
                .hasMessage("a number has 10001 characters, values are made of 10000 at most");
        assertThatThrownBy(() -> read("[" + "9".repeat(16 << 20) + "]")).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void bracketsAreOpenWithoutTheStackOfTheThread() {
        int depth = 1_000_000;
        Object value = read("[{\"a\":".repeat(depth) + "7" + "}]".repeat(depth));

        for (int i = 0; i < depth; i++) {
            value = ((Map<?, ?>) ((List<?>) Objects.requireNonNull(value)).get(0)).get("a");
        }

        assertThat(value).isEqualTo(new BigDecimal(7));
    }

    @Test
    void namesWithTheSameHashAreToldApart() {
        int names = 1 << 15;
        String json = IntStream.range(0, names)
                .mapToObj(i -> "\"%s\":%d".formatted(collidingName(i), i))
                .collect(Collectors.joining(",", "{", "}"));

        Map<?, ?> value = (Map<?, ?>) Objects.requireNonNull(read(json));
        assertThat(value).hasSize(names);
        assertThat(value.get(collidingName(5))).isEqualTo(new BigDecimal(5));
    }

    private static String collidingName(int number) {
        return IntStream.range(0, 15)
                .mapToObj(bit -> ((number >> bit) & 1) == 0 ? "an" : "c0")
                .collect(Collectors.joining());
    }

    @Test
    void randomValuesAreWhatAnotherParserMakesOfThem() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String json = RandomEvents.json(random, 4);

            Object value = read(json);

            Object expected = plain(JACKSON.readValue(json, Object.class));
            assertThat(value).as("seed %d, json %s", seed, json).isEqualTo(expected);
            assertThat(String.valueOf(value)).as("seed %d, json %s", seed, json).isEqualTo(String.valueOf(expected));
        }
    }

    /** What Jackson made, with decimals for all numbers. */
    static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonValueTest::plain).collect(Collectors.toList());
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> plain = new LinkedHashMap<>();
            map.forEach((name, member) -> plain.put(name, plain(member)));
            return plain;
        }
        return value;
    }

    @Test
    void aMemberIsFoundByItsDecodedNameAndOfDuplicatesTheLast() {
        byte[] json = bytes("{\"a\":1,\"b\":{\"x\":[]},\"\\u0061\":\"last\",\"\":0}");

        assertThat(JsonValue.read(json, JsonValue.member(json, 0, "a"))).isEqualTo("last");
        assertThat(JsonValue.read(json, JsonValue.member(json, 0, "b"))).isEqualTo(Map.of("x", List.of()));
        assertThat(JsonValue.read(json, JsonValue.member(json, 0, ""))).isEqualTo(BigDecimal.ZERO);
        assertThat(JsonValue.member(json, 0, "x")).isEqualTo(JsonValue.ABSENT);
        assertThat(JsonValue.member(bytes("{}"), 0, "a")).isEqualTo(JsonValue.ABSENT);
        assertThat(JsonValue.member(bytes("[\"a\",1]"), 0, "a")).isEqualTo(JsonValue.ABSENT);
        assertThat(JsonValue.member(bytes("\"a\""), 0, "a")).isEqualTo(JsonValue.ABSENT);
    }

    @Test
    void anElementIsFoundByItsIndex() {
        byte[] json = bytes("[\"a,b\",[1,2],{\"x\":[3]}]");

        assertThat(JsonValue.read(json, JsonValue.element(json, 0, 0))).isEqualTo("a,b");
        assertThat(JsonValue.read(json, JsonValue.element(json, 0, 2)))
                .isEqualTo(Map.of("x", List.of(new BigDecimal(3))));
        assertThat(JsonValue.element(json, 0, 3)).isEqualTo(JsonValue.ABSENT);
        assertThat(JsonValue.element(json, 0, Integer.MAX_VALUE)).isEqualTo(JsonValue.ABSENT);
        assertThat(JsonValue.element(json, 0, -1)).isEqualTo(JsonValue.ABSENT);
        assertThat(JsonValue.element(bytes("[]"), 0, 0)).isEqualTo(JsonValue.ABSENT);
        assertThat(JsonValue.element(bytes("{\"0\":1}"), 0, 0)).isEqualTo(JsonValue.ABSENT);
    }

    private static @Nullable Object read(String json) {
        return JsonValue.read(bytes(json), 0);
    }

    /** Compact, and as it stands inside of an object. */
    private static byte[] bytes(String json) {
        byte[] source = json.getBytes(StandardCharsets.UTF_8);
        Output out = new Output(source.length);
        assertThat(new JsonCompactor().compact(source, 0, source.length, Integer.MAX_VALUE, out))
                .isNull();
        out.append('}');
        return out.toByteArray();
    }
}
