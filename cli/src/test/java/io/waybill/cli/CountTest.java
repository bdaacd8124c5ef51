package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountTest {

    @Test
    void oneThingHasNoPlural() {
        assertThat(Count.of(0, "bad row")).isEqualTo("0 bad rows");
        assertThat(Count.of(1, "bad row")).isEqualTo("1 bad row");
        assertThat(Count.of(1_024, "run")).isEqualTo("1,024 runs");
    }
}
