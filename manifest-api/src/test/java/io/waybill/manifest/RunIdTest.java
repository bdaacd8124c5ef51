package io.waybill.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunIdTest {

    private static final Comparator<String> BYTEWISE =
            Comparator.comparing(text -> text.getBytes(StandardCharsets.UTF_8), (a, b) -> Arrays.compareUnsigned(a, b));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "enriched/archive/run=2017-04-11-10-00-00/",
                "a",
                " a ",
                "/",
                "\u00a0",
                "é",
                "🚚",
                "a\u2028b",
                "\uFFFF",
                "'; DROP TABLE waybill_run; --"
            })
    void anyTextOfPrintableCharactersIsKeptVerbatim(String key) {
        assertThat(new RunId(key).key()).isEqualTo(key);
        assertThat(new RunId(key)).hasToString(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "  ", "\u3000", "\t", "\n"})
    void aBlankTextIsNone(String key) {
        assertThatThrownBy(() -> new RunId(key))
                .isInstanceOf(InvalidRunIdException.class)
                .hasMessage("a run id cannot be blank");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x01, 0x09, 0x0A, 0x1F, 0x7F, 0x80, 0x85, 0x9F})
    void aControlCharacterIsRefusedAndNamed(int character) {
        assertThatThrownBy(() -> new RunId("run/" + Character.toString(character) + "x"))
                .isInstanceOf(InvalidRunIdException.class)
                .hasMessageStartingWith("a run id cannot hold U+%04X: 'run/", character);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\uD83D", "\uDE9Aa", "\uDE9A\uD83D", "\uD83D\uD83D\uDE9A"})
    void aLoneSurrogateIsRefusedAndNamed(String key) {
        assertThatThrownBy(() -> new RunId(key))
                .isInstanceOf(InvalidRunIdException.class)
                .hasMessageMatching("(?s)a run id cannot hold U\\+D[89A-F][0-9A-F]{2}: '.*'");
    }

    @Test
    void aKeyTakesAtMost1024BytesInUtf8() {
        List<String> longest = List.of("x".repeat(1024), "é".repeat(512), "🚚".repeat(256), "～".repeat(341) + "x");
        for (String key : longest) {
            assertThat(new RunId(key).key()).isEqualTo(key);
            assertThatThrownBy(() -> new RunId(key + "x"))
                    .isInstanceOf(InvalidRunIdException.class)
                    .hasMessageStartingWith("a run id takes at most 1024 bytes in UTF-8, this one takes 1025: '")
                    .hasMessageEndingWith("…'");
        }
    }

    @Test
    void aMessageShowsNoMoreThanTheBeginningOfALongText() {
        assertThatThrownBy(() -> new RunId("🚚".repeat(5000)))
                .hasMessage(
                        "a run id takes at most 1024 bytes in UTF-8, this one takes 20000: '" + "🚚".repeat(99) + "…'");
        assertThatThrownBy(() -> new RunId("\n".repeat(5000)))
                .extracting(e -> String.valueOf(e.getMessage()).length())
                .satisfies(length -> assertThat(length).isLessThan(200));
    }

    @Test
    void aFullWidthTildeComesBeforeAnEmojiAsItsBytesDo() {
        RunId tilde = new RunId("run=\uFF5E");
        RunId emoji = new RunId("run=🚚");
        assertThat(tilde).isLessThan(emoji);
        assertThat(emoji).isGreaterThan(tilde);
        assertThat(tilde.key()).isGreaterThan(emoji.key()); // UTF-16 has it the other way round
    }

    @Test
    void theOrderIsThatOfTheUtf8Bytes() {
        RandomKeys keys = new RandomKeys(20170411);
        for (int i = 0; i < 50_000; i++) {
            RunId a = keys.nextId(6);
            RunId b = keys.nextId(6);
            assertThat(Integer.signum(a.compareTo(b)))
                    .as("%s and %s", a, b)
                    .isEqualTo(Integer.signum(BYTEWISE.compare(a.key(), b.key())));
            assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
        }
    }

    @Test
    void aKeyComesBeforeThoseThatBeginWithIt() {
        assertThat(Stream.of("run=1", "run=1-x/", "run=1/", "run=1/a", "run=10")
                        .map(RunId::new)
                        .toList())
                .isSorted();
    }

    @ParameterizedTest
    @CsvSource({
        "enriched/archive/run=2017-04-11-10-00-00/, 2017-04-11T10:00:00Z",
        "run=2017-04-11-10-00-00/,                  2017-04-11T10:00:00Z",
        "run=2017-04-11-10-00-00,                   2017-04-11T10:00:00Z",
        "/run=2017-04-11-10-00-00/,                 2017-04-11T10:00:00Z",
        "a/run=2017-04-11-10-00-00-replay/,         2017-04-11T10:00:00Z",
        "a/run=2017-04-11-10-00-00-a-b c,           2017-04-11T10:00:00Z",
        "run=2016-01-01-00-00-00/run=2017-04-11-10-00-00/, 2017-04-11T10:00:00Z",
        "run=2020-02-29-23-59-59/,                  2020-02-29T23:59:59Z"
    })
    void aNameTellsWhenTheRunStarted(String key, Instant time) {
        assertThat(new RunId(key).startedAt()).contains(time);
    }

    @Test
    void aLineSeparatorBeforeTheNameDoesNotHideIt() {
        assertThat(new RunId("a\u2028b/run=2017-04-11-10-00-00/").startedAt())
                .contains(Instant.parse("2017-04-11T10:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run=2017-02-30-00-00-00/",
                "run=2019-02-29-00-00-00/",
                "run=2017-13-01-00-00-00/",
                "run=2017-00-01-00-00-00/",
                "run=2017-04-31-00-00-00/",
                "run=2017-04-11-24-00-00/",
                "run=2017-04-11-10-60-00/",
                "run=2017-04-11-10-00-60/"
            })
    void aTimeThatNeverWasIsNoTime(String key) {
        assertThat(new RunId(key).startedAt()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "2017-04-11-10-00-00/",
                "run=2017-04-11/",
                "run=2017-04-11-10-00/",
                "run=2017-04-11-10-00-00-/",
                "run=2017-04-11-10-00-000/",
                "run=2017-4-11-10-00-00/",
                "run=+017-04-11-10-00-00/",
                "run=٢٠١٧-04-11-10-00-00/",
                "Run=2017-04-11-10-00-00/",
                "rerun=2017-04-11-10-00-00/",
                "run=2017-04-11-10-00-00/part-0",
                "run=2017-04-11-10-00-00//",
                "run=2017-04-11-10-00-00-x/y/"
            })
    void anotherNameTellsNoTime(String key) {
        assertThat(new RunId(key).startedAt()).isEmpty();
    }
}
