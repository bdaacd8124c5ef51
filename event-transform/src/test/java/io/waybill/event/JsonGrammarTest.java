package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.event.BadRow.Code;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonGrammarTest {

    private final JsonCompactor compactor = new JsonCompactor();
    private final Output out = new Output(16);

    @ParameterizedTest(name = "{0} is {1}")
    @MethodSource("valid")
    void aValidTextIsCopiedWithoutItsBlanks(String text, String compact) {
        assertThat(compact(text, 512)).isNull();
        assertThat(written()).isEqualTo(compact);
    }

    static Stream<Arguments> valid() {
        return grammar("valid `(.*?)`(?: -> `(.*)`)?")
                .map(m -> Arguments.of(m.group(1), m.group(2) == null ? m.group(1) : m.group(2)));
    }

    @ParameterizedTest(name = "{0} at {1} wants {2}")
    @MethodSource("invalid")
    void anInvalidTextIsRefusedAtTheByteWhereItStopsBeingRight(String text, int at, String wanted) {
        assertThat(compact(text, 512)).isEqualTo(Code.INVALID_JSON);
        assertThat(compactor.problemAt() - 1).isEqualTo(at);
        assertThat(compactor.wanted()).isEqualTo(wanted);
    }

    static Stream<Arguments> invalid() {
        return grammar("invalid `(.*)` at (\\d+) wants (.*)")
                .map(m -> Arguments.of(m.group(1), Integer.valueOf(m.group(2)), m.group(3)));
    }

    @Test
    void everyCaseOfTheFileIsReadByOneOfTheTests() {
        assertThat(valid().count() + invalid().count())
                .isEqualTo(Cases.of("grammar.txt").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\n", "\r", "\t", " \r\n\t "})
    void theFourBlanksMayStandBetweenAllTokens(String blank) {
        String spaced = String.join(
                blank, "", "{", "\"a\"", ":", "[", "1", ",", "true", "]", ",", "\"b\"", ":", "{", "}", "}", "");

        assertThat(compact(spaced, 512)).isNull();
        assertThat(written()).isEqualTo("{\"a\":[1,true],\"b\":{}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\f", "\u000B", "\u00A0", "\uFEFF", "\u2028", "\0"})
    void otherBlanksAreNoneToJson(String blank) {
        assertThat(compact(blank + "1", 512)).isEqualTo(Code.INVALID_JSON);
        assertThat(compact("1" + blank, 512)).isEqualTo(Code.INVALID_JSON);
    }

    @Test
    void controlCharactersInAStringMustBeEscaped() {
        for (char c = 0; c < ' '; c++) {
            assertThat(compact("\"" + c + "\"", 512)).isEqualTo(Code.INVALID_JSON);
            assertThat(compactor.wanted()).isEqualTo("control characters to be escaped");
        }
        assertThat(compact("\"\u007F\"", 512)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 512, 1000})
    void asManyBracketsMayBeOpenAsTheLimitSays(int limit) {
        for (String open : new String[] {"[", "{\"a\":"}) {
            String close = open.equals("[") ? "]" : "}";
            String deepest = open.equals("[") ? "[]" : "{}";
            assertThat(compact(open.repeat(limit - 1) + deepest + close.repeat(limit - 1), limit))
                    .isNull();
            assertThat(compact(open.repeat(limit) + deepest + close.repeat(limit), limit))
                    .isEqualTo(Code.NESTING_TOO_DEEP);
        }
    }

    @Test
    void bracketsSideBySideAreNotNested() {
        assertThat(compact("[" + "[],".repeat(10_000) + "{}]", 2)).isNull();
    }

    @Test
    void aMillionOpenBracketsDoNotOverflowTheStack() {
        int depth = 1_000_000;

        assertThat(compact("[".repeat(depth) + "]".repeat(depth), depth)).isNull();
        assertThat(compact("[".repeat(depth), depth)).isEqualTo(Code.INVALID_JSON);
        assertThat(compact("[".repeat(depth), 512)).isEqualTo(Code.NESTING_TOO_DEEP);
    }

    @Test
    void mutatedTextsAreJudgedAsAnIndependentParserDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "{}[]\",:\\/0123456789-+.eEtrufalsn \u0001é";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder(RandomEvents.json(random, 3));
            for (int n = random.nextInt(3); n > 0; n--) {
                int at = random.nextInt(text.length());
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, c);
                    case 1 -> text.insert(at, c);
                    default -> text.deleteCharAt(at).append(text.isEmpty() ? "0" : "");
                }
            }
            String json = text.toString();
            assertThat(compact(json, 512) == null)
                    .as("seed %d, text %s", seed, json)
                    .isEqualTo(ReferenceJson.isValid(json));
        }
    }

    /** Compacts the text as it stands between other bytes, which must not be read. */
    private @Nullable Code compact(String text, int maxDepth) {
        byte[] bytes = ("1" + text + "1").getBytes(StandardCharsets.UTF_8);
        out.clear();
        return compactor.compact(bytes, 1, bytes.length - 1, maxDepth, out);
    }

    private String written() {
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private static Stream<Matcher> grammar(String pattern) {
        Pattern format = Pattern.compile(pattern);
        return Cases.of("grammar.txt").stream().map(format::matcher).filter(Matcher::matches);
    }
}
