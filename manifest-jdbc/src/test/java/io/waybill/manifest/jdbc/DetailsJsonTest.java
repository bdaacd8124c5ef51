package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetailsJsonTest {

    @Test
    void theFormIsOneObjectOfStringsInTheOrderOfTheMap() {
        assertThat(DetailsJson.write(Map.of())).isEqualTo("{}");
        assertThat(DetailsJson.write(new TreeMap<>(Map.of("events", "7", "a", "", "", "x"))))
                .isEqualTo("{\"\":\"x\",\"a\":\"\",\"events\":\"7\"}");
    }

    @Test
    void quotesBackslashesAndControlCharactersAreEscapedAndNothingElse() {
        assertThat(DetailsJson.write(Map.of("k", "\" \\ / \n \u0000 \u001f \u007f \u2028 é 🚚 '")))
                .isEqualTo("{\"k\":\"\\\" \\\\ / \\u000a \\u0000 \\u001f \u007f \u2028 é 🚚 '\"}");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Random random = new Random(20170413);
        for (int i = 0; i < 20_000; i++) {
            Map<String, String> details = new TreeMap<>();
            for (int entry = random.nextInt(5); entry > 0; entry--) {
                details.put(text(random), text(random));
            }
            String json = DetailsJson.write(details);
            assertThat(DetailsJson.read(json)).as(json).isEqualTo(details);
            assertThat(json.chars().noneMatch(c -> c < ' ')).as(json).isTrue();
        }
    }

    /** A text in which every kind of character is likely. */
    private static String text(Random random) {
        int[] kinds = {
            random.nextInt(0x20),
            '"',
            '\\',
            '/',
            'u',
            '{',
            '}',
            ':',
            ',',
            ' ',
            'a',
            0x7F,
            0x85,
            0x2028,
            0xFFFF,
            0x1F69A,
            0x10FFFF
        };
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(8); length > 0; length--) {
            text.appendCodePoint(kinds[random.nextInt(kinds.length)]);
        }
        return text.toString();
    }

    @Test
    void blanksBetweenTheTokensAndEveryEscapeOfJsonAreRead() {
        String json = " \t\r\n{ \"a\" : \"1\" ,\n\"b\\\"\\\\\\/\\b\\f\\n\\r\\t\":\"\\u00e9\\uD83D\\uDE9A\\u00C9\" } \n";
        assertThat(DetailsJson.read(json)).containsExactly(Map.entry("a", "1"), Map.entry("b\"\\/\b\f\n\r\t", "é🚚É"));
        assertThat(DetailsJson.read("{}")).isEmpty();
        assertThat(DetailsJson.read(" { } ")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~                | '{' at character 0",
                "null              | '{' at character 0",
                "[]                | '{' at character 0",
                "\"a\"             | '{' at character 0",
                "{                 | '\"' at character 1",
                "{,}               | '\"' at character 1",
                "{a:\"b\"}         | '\"' at character 1",
                "{'a':'b'}         | '\"' at character 1",
                "{\"a\"}           | ':' at character 4",
                "{\"a\":}          | '\"' at character 5",
                "{\"a\":1}         | '\"' at character 5",
                "{\"a\":null}      | '\"' at character 5",
                "{\"a\":{}}        | '\"' at character 5",
                "{\"a\":\"b\"      | '}' at character 8",
                "{\"a\":\"b\",}    | '\"' at character 9",
                "{\"a\":\"b\"}x    | the end at character 9",
                "{}{}              | the end at character 2",
                "{\"a\":\"b        | a closing quote at character",
                "{\"a\":\"b\\\"}   | a closing quote at character",
                "{\"a\":\"\\       | an escape at character",
                "{\"a\":\"\\x\"}   | an escape at character",
                "{\"a\":\"\\u12\"} | four hexadecimal digits at character",
                "{\"a\":\"\\u12g4\"}| four hexadecimal digits at character",
                "{\"a\":\"\\u      | four hexadecimal digits at character"
            })
    void whatIsNoObjectOfStringsIsRefusedAndTheMessageSaysWhereAndWhatIsWanted(String json, String wanted) {
        assertThatThrownBy(() -> DetailsJson.read(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("details are no JSON object of strings: want " + wanted)
                .hasMessageEndingWith(" of '" + json + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\u0000", "\t"})
    void aControlCharacterWithinAStringIsRefused(String control) {
        assertThatThrownBy(() -> DetailsJson.read("{\"a\":\"" + control + "\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("want no control character at character");
    }

    @Test
    void ofALongTextTheMessageShowsTheBeginning() {
        assertThatThrownBy(() -> DetailsJson.read("x".repeat(5000)))
                .hasMessage(
                        "details are no JSON object of strings: want '{' at character 0 of '" + "x".repeat(64) + "…'");
    }

    @Test
    void noTextMakesItFailOtherwise() {
        Random random = new Random(20170414);
        String valid = "{\"a\":\"\\u00e9\\n\",\"b\":\"\\\"\"}";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder json = new StringBuilder(valid);
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(Math.max(1, json.length()));
                switch (random.nextInt(3)) {
                    case 0 -> json.delete(at, at + 1);
                    case 1 -> json.insert(at, "\"\\{}:,u0 x".charAt(random.nextInt(10)));
                    default -> json.setLength(Math.min(json.length(), at + 3));
                }
            }
            try {
                assertThat(DetailsJson.read(json.toString())).isNotNull();
            } catch (IllegalArgumentException e) {
                assertThat(e).as(json.toString()).hasMessageStartingWith("details are no JSON object of strings: ");
            }
        }
    }
}
