package io.waybill.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SeenNewTest {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final RunId RUN = run(0);

    private final SeenNew seen = new SeenNew();

    private static RunId run(int number) {
        return new RunId("run-" + number);
    }

    @Test
    void whatWasSeenServesOneClaim() {
        seen.add(RUN, 0);

        assertThat(seen.take(run(1), 0)).isFalse();
        assertThat(seen.take(RUN, 0)).isTrue();
        assertThat(seen.take(RUN, 0)).isFalse();
    }

    @Test
    void itServesForAMinuteAlsoWhereTheClockOverflows() {
        long start = Long.MAX_VALUE - 1;
        seen.add(RUN, start);
        assertThat(seen.take(RUN, start + MINUTE - 1)).isTrue();

        seen.add(RUN, start);
        assertThat(seen.take(RUN, start + MINUTE)).isFalse();
    }

    @Test
    void ofVeryManyTheLastThousandAreRemembered() {
        for (int i = 0; i < 1500; i++) {
            seen.add(run(i), 0);
        }
        seen.add(run(500), 0);
        seen.add(run(1500), 0);

        assertThat(seen.take(run(499), 0)).isFalse();
        assertThat(seen.take(run(501), 0)).isFalse();
        assertThat(seen.take(run(500), 0)).isTrue();
        assertThat(seen.take(run(502), 0)).isTrue();
        assertThat(seen.take(run(1500), 0)).isTrue();
    }
}
