package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "10m, PT10M",
        "2s, PT2S",
        "500ms, PT0.5S",
        "1h30m, PT1H30M",
        "2d, PT48H",
        "0s, PT0S",
        "90s, PT1M30S",
        "PT2S, PT2S",
        "P1DT1H, PT25H",
        "pt5m, PT5M"
    })
    void spansAreReadAsPeopleAndStandardsWriteThem(String text, Duration span) {
        assertThat(Durations.parse(text)).isEqualTo(span);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "10", "m", "10 m", "10x", "1.5h", "m10", "10m!", "-10m", "١٠m", "99999999999999999999s"
            })
    void whatIsNoSpanIsRefusedWithExamples(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is no span of time")
                .hasMessageContaining("1h30m");
    }

    @Test
    void aSpanThatNoLongCanCountIsRefused() {
        assertThatThrownBy(() -> Durations.parse(Long.MAX_VALUE + "d"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no span of time");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0ms",
        "PT0.999S, 999ms",
        "PT1S, 1s",
        "PT59.9S, 59s",
        "PT60S, 1m0s",
        "PT59M59S, 59m59s",
        "PT1H, 1h0m",
        "PT25H30M, 1d1h"
    })
    void aSpanIsShownInItsTwoLargestUnits(Duration span, String shown) {
        assertThat(Durations.show(span)).isEqualTo(shown);
    }
}
