package io.waybill.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunLayoutTest {

    @ParameterizedTest
    @CsvSource({
        "run=uuuu-MM-dd-HH-mm-ss, run=2017-04-11-10-20-30/, 2017-04-11T10:20:30Z",
        "run=uuuu-MM-dd-HH-mm-ss, enriched/archive/run=2017-04-11-10-20-30/, 2017-04-11T10:20:30Z",
        "run=uuuu-MM-dd-HH-mm-ss, run=2017-04-11-10-20-30-late data ✓😀/, 2017-04-11T10:20:30Z",
        "run=uuuu-MM-dd-HH-mm-ss, run=2016-02-29-23-59-59/, 2016-02-29T23:59:59Z",
        "date=/hour=, date=2017-04-11/hour=10/, 2017-04-11T10:00:00Z",
        "date=/hour=, enriched/date=2016-02-29/hour=00/, 2016-02-29T00:00:00Z",
        "uuuu/MM/dd/HH, 2017/04/11/10/, 2017-04-11T10:00:00Z",
        "year=(?<year>[0-9]{4})/(?<month>..)(?<day>..)T(?<hour>..)(?<minute>..)?, year=2017/0411T10/, 2017-04-11T10:00:00Z",
        "year=(?<year>[0-9]{4})/(?<month>..)(?<day>..)T(?<hour>..)(?<minute>..)?, year=2017/0411T1059/, 2017-04-11T10:59:00Z",
    })
    void theLastFolderLevelsTellTheTimeOfARun(String layout, String id, Instant time) {
        assertThat(RunLayout.of(layout).startedAt(new RunId(id))).contains(time);
    }

    @ParameterizedTest
    @CsvSource({
        "run=uuuu-MM-dd-HH-mm-ss, run=2026-02-30-00-00-00/",
        "run=uuuu-MM-dd-HH-mm-ss, run=2017-02-29-00-00-00/",
        "run=uuuu-MM-dd-HH-mm-ss, run=2017-04-11-24-00-00/",
        "run=uuuu-MM-dd-HH-mm-ss, run=2017-04-11-10-00-60/",
        "run=uuuu-MM-dd-HH-mm-ss, run=2017-04-11-10-00-00.bak/",
        "run=uuuu-MM-dd-HH-mm-ss, run=2017-04-11-10-00-00-/",
        "run=uuuu-MM-dd-HH-mm-ss, run=2017-4-11-10-00-00/",
        "run=uuuu-MM-dd-HH-mm-ss, run=２017-04-11-10-00-00/",
        "run=uuuu-MM-dd-HH-mm-ss, Run=2017-04-11-10-00-00/",
        "run=uuuu-MM-dd-HH-mm-ss, run=2017-04-11-10-00-00/part-1/",
        "date=/hour=, hour=10/",
        "date=/hour=, date=2017-04-11/hour=24/",
        "date=/hour=, date=2017-04-11/hour=7/",
        "date=/hour=, date=2017-02-29/hour=00/",
        "uuuu/MM/dd/HH, 2017/13/01/00/",
        "(?<year>.*)-(?<month>.*)-(?<day>.*)-(?<hour>.*), 2017-Apr-11-10/",
        "(?<year>.*)-(?<month>.*)-(?<day>.*)-(?<hour>.*), 99999999999-04-11-10/",
    })
    void anIdThatDoesNotFollowTheLayoutOrNamesNoRealTimeHasNone(String layout, String id) {
        assertThat(RunLayout.of(layout).startedAt(new RunId(id))).isEmpty();
    }

    @Test
    void aFolderThatCanHoldNoRunIsForeignOnItsOwnLevelAndTheReasonSaysWhy() {
        RunLayout daily = RunLayout.of("uuuu/MM/dd/HH");
        assertThat(daily.whyForeign(List.of("2017"))).isEmpty();
        assertThat(daily.whyForeign(List.of("2017", "02", "28"))).isEmpty();
        assertThat(daily.whyForeign(List.of("2017", "02", "29")))
                .contains("names no real time: Invalid date 'February 29' as '2017' is not a leap year");
        assertThat(daily.whyForeign(List.of("2017", "13")).orElseThrow()).startsWith("names no real time: ");
        assertThat(daily.whyForeign(List.of("notes"))).contains("does not match the layout uuuu/MM/dd/HH");
        assertThat(RunLayout.of("(?<year>.*)/(?<month>.*)/(?<day>.*)/(?<hour>.*)")
                        .whyForeign(List.of("2017", "Apr")))
                .contains("its month is 'Apr', not a number");
    }

    @Test
    void aDayIsNotRefusedBeforeItsYearAndMonthAreKnown() {
        RunLayout backwards = RunLayout.of("(?<day>..)/(?<month>..)/(?<year>....)/(?<hour>..)");
        assertThat(backwards.whyForeign(List.of("31"))).isEmpty();
        assertThat(backwards.whyForeign(List.of("29", "02"))).isEmpty();
        assertThat(backwards.whyForeign(List.of("29", "02", "2017"))).isPresent();
    }

    @Test
    void theTimeOfAPlainRunIsTheOneItsIdTells() {
        RunId run = new RunId("a/run=2017-04-11-10-00-00-replay/");
        assertThat(RunLayout.DEFAULT.startedAt(run)).isEqualTo(run.startedAt()).isNotEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run=yyyy | no layout has this name",
                "'' | no layout has this name",
                "(?<year>..)/(?<month>..)/(?<day>..) | it has no group hour",
                "(?<year>..)(?<day>..) | it has no group month, hour",
                "(?<year>..)/(?<year>..)/(?<month>..)/(?<day>..)/(?<hour>..) | the group 'year' stands on two folder levels",
                "(?<year>..)//(?<month>..)(?<day>..)(?<hour>..) | it has an empty folder level",
                "(?<year>..)(?<month>..)(?<day>..)(?<hour>..)/ | it has an empty folder level",
                "(?<year>..)(?<month>..)(?<day>..)(?<hour>..)(?<minutes>..) | it has the unknown group 'minutes'",
                "(?<year>[^/]..) | '(?<year>[^' is no regular expression: Unclosed character class",
            })
    void aTextThatIsNoLayoutIsRefusedWithWhatIsWrongAndWhatIsValid(String text, String what) {
        assertThatThrownBy(() -> RunLayout.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'%s' is no layout of runs: %s".formatted(text, what))
                .hasMessageContaining("want run=uuuu-MM-dd-HH-mm-ss, date=/hour=, uuuu/MM/dd/HH, or one regular");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run=uuuu-MM-dd-HH-mm-ss", "date=/hour=", "(?<year>..)(?<month>..)(?<day>..)/(?<hour>..)"})
    void aLayoutIsEqualToItsTextReadAgain(String text) {
        assertThat(RunLayout.of(text))
                .hasToString(text)
                .isEqualTo(RunLayout.of(RunLayout.of(text).toString()));
        assertThat(RunLayout.of(text))
                .hasSameHashCodeAs(RunLayout.of(text))
                .isNotEqualTo(RunLayout.of("uuuu/MM/dd/HH"));
    }
}
