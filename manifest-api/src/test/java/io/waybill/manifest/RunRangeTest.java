package io.waybill.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunRangeTest {

    private static final String LAST = "\uDBFF\uDFFF"; // U+10FFFF

    @Test
    void allHoldsEveryRun() {
        assertThat(RunRange.all()).isEqualTo(new RunRange("", null));
        assertThat(RunRange.all().contains(new RunId(" a"))).isTrue();
        assertThat(RunRange.all().contains(new RunId(LAST))).isTrue();
    }

    @Test
    void aRangeHoldsItsLowerBoundAndNotItsUpper() {
        RunRange range = new RunRange("b", "d");
        assertThat(range.contains(new RunId("a"))).isFalse();
        assertThat(range.contains(new RunId("az"))).isFalse();
        assertThat(range.contains(new RunId("b"))).isTrue();
        assertThat(range.contains(new RunId("c🚚"))).isTrue();
        assertThat(range.contains(new RunId("d"))).isFalse();
    }

    @Test
    void aRangeWhoseBoundsMeetOrCrossHoldsNothing() {
        assertThat(new RunRange("b", "b").contains(new RunId("b"))).isFalse();
        assertThat(new RunRange("c", "a").contains(new RunId("b"))).isFalse();
        assertThat(new RunRange("", "").contains(new RunId("b"))).isFalse();
    }

    @Test
    void thePrefixesRangeEndsAtTheNextCharacter() {
        assertThat(RunRange.startingWith("run=2017/")).isEqualTo(new RunRange("run=2017/", "run=20170"));
        assertThat(RunRange.startingWith("🚚")).isEqualTo(new RunRange("🚚", "🚛"));
        assertThat(RunRange.startingWith("\uFFFF")).isEqualTo(new RunRange("\uFFFF", "\uD800\uDC00"));
    }

    @Test
    void thereIsNoCharacterBetweenD7ffAndE000() {
        assertThat(RunRange.startingWith("a\uD7FF")).isEqualTo(new RunRange("a\uD7FF", "a\uE000"));
    }

    @Test
    void theLastCharacterHasNoNextOneSoTheOneBeforeItCounts() {
        assertThat(RunRange.startingWith("a" + LAST + LAST)).isEqualTo(new RunRange("a" + LAST + LAST, "b"));
        assertThat(RunRange.startingWith(LAST)).isEqualTo(new RunRange(LAST, null));
    }

    @Test
    void theEmptyPrefixIsThatOfEveryRun() {
        assertThat(RunRange.startingWith("")).isEqualTo(RunRange.all());
    }

    @Test
    void thePrefixesRangeHoldsExactlyTheRunsThatBeginWithIt() {
        RandomKeys keys = new RandomKeys(20170412);
        int held = 0;
        for (int i = 0; i < 50_000; i++) {
            String prefix = keys.toss() ? "a" + keys.next(3) : keys.next(2);
            RunId run = keys.toss() && !prefix.isBlank() ? new RunId(prefix + keys.next(3)) : keys.nextId(4);
            boolean begins = run.key().startsWith(prefix);
            held += begins ? 1 : 0;
            assertThat(RunRange.startingWith(prefix).contains(run))
                    .as("'%s' in the range of '%s'", run, prefix)
                    .isEqualTo(begins);
        }
        assertThat(held).isBetween(10_000, 40_000); // both cases were met
    }
}
