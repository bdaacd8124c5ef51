package io.waybill.manifest.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ServiceClockTest {

    private static final Instant NOON = Instant.parse("2017-04-11T12:00:00Z");
    private static final String AT_NOON = "Tue, 11 Apr 2017 12:00:00 GMT";

    private long nanos = Long.MAX_VALUE - 5; // it may begin anywhere, and overflow
    private Instant host = Instant.parse("2031-01-01T00:00:00Z");
    private final ServiceClock clock = new ServiceClock(() -> nanos, () -> host);

    private void pass(Duration time) {
        nanos += time.toNanos();
        host = host.plus(time);
    }

    private static String date(int hour, int minute, int second) {
        return "Tue, 11 Apr 2017 %02d:%02d:%02d GMT".formatted(hour, minute, second);
    }

    @Test
    void beforeItHasHeardAnythingItTellsNothing() {
        assertThat(clock.now()).isEmpty();
        assertThat(clock.hostTime()).isEqualTo(host);
    }

    @Test
    void itGoesOnFromWhatItHasHeardHoweverWrongTheHostIs() {
        clock.hear(AT_NOON);
        pass(Duration.ofMillis(61_500));
        assertThat(clock.now()).contains(NOON.plusMillis(61_500));
    }

    @Test
    void whatIsNoDateIsAsGoodAsNone() {
        for (String text : new String[] {"", "now", "2017-04-11T12:00:00Z", "Tue, 31 Apr 2017 12:00:00 GMT"}) {
            clock.hear(text);
            assertThat(clock.now()).isEmpty();
        }
        clock.hear(AT_NOON);
        clock.hear("soon");
        assertThat(clock.now()).contains(NOON);
    }

    @Test
    void ofSomeAnswersTheLatestTimeCounts() {
        clock.hear(AT_NOON); // it was 12:00:00.9
        pass(Duration.ofMillis(200));
        clock.hear(date(12, 0, 1)); // it was 12:00:01.1
        pass(Duration.ofMillis(200));
        clock.hear(date(12, 0, 1)); // one that says less than is known
        assertThat(clock.now()).contains(NOON.plusMillis(1_200));
    }

    @Test
    void withinTheWindowItNeverRunsBackwards() {
        clock.hear(date(12, 0, 5));
        Instant last = clock.now().orElseThrow();
        for (int i = 0; i < 599; i++) {
            pass(Duration.ofSeconds(1));
            clock.hear(date(12, i / 60, i % 60)); // a service whose clocks differ by some seconds
            assertThat(clock.now().orElseThrow()).isAfter(last);
            last = clock.now().orElseThrow();
        }
    }

    @Test
    void aServiceWhoseClockWasSetBackIsFollowedAfterTheWindow() {
        clock.hear(date(13, 0, 0));
        pass(Duration.ofMinutes(10));
        clock.hear(date(12, 10, 0));
        assertThat(clock.now()).contains(NOON.plus(Duration.ofMinutes(70)));
        pass(Duration.ofMillis(1));
        clock.hear(date(12, 10, 0));
        assertThat(clock.now()).contains(NOON.plus(Duration.ofMinutes(10)));
    }

    @Test
    void aHostThatSleptIsNotTrustedUntilTheServiceTellsTheTimeAgain() {
        clock.hear(AT_NOON);
        host = host.plus(Duration.ofHours(1)); // and the monotonic clock stood still
        assertThat(clock.now()).isEmpty();
        clock.hear(date(13, 0, 0));
        assertThat(clock.now()).contains(NOON.plus(Duration.ofHours(1)));
    }

    @Test
    void aHostWhoseClockIsSetAnewOnlyCostsAQuestion() {
        clock.hear(AT_NOON);
        host = host.minus(Duration.ofHours(1));
        assertThat(clock.now()).isEmpty();
        clock.hear(AT_NOON);
        assertThat(clock.now()).contains(NOON);
    }
}
