package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.cli.Progress.Style;
import io.waybill.event.TransformCounts;
import io.waybill.manifest.RunId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgressTest {

    /** As docs/scripting.md has it. */
    private static final String LINE = """
            progress: 0 of 4 runs, 1 files, 2.0 MB, 1,000 events (100/s), 7 bad rows, 10s, 30s left
            """;

    private static final RunId A = new RunId("a");
    private static final RunId B = new RunId("b");

    private final StringWriter err = new StringWriter();
    private final List<Progress> opened = new ArrayList<>();
    private long nanos = 17;

    @AfterEach
    void closeAll() {
        opened.forEach(Progress::close);
    }

    @Test
    void onATerminalOneLineRewritesItselfAndIsGoneAtTheEnd() {
        Progress progress = progress(Style.LIVE);
        expect(progress, 3);
        progress.begin(A, 1_000_000);
        after(progress, Duration.ofMillis(200));
        assertThat(said()).isEqualTo("\r\u001b[K0 of 3 runs, 200ms");
        progress.tick();
        assertThat(said()).as("drawn again in no time").isEmpty();
        progress.say("a happened");
        assertThat(said()).isEqualTo("\r\u001b[Ka happened" + System.lineSeparator());
        progress.close();
        assertThat(said()).isEqualTo("\r\u001b[K");
        progress.close();
        after(progress, Duration.ofSeconds(1));
        assertThat(said()).as("it is closed").isEmpty();
    }

    @Test
    void whereAllIsDoneNoTimeIsLeft() {
        Progress progress = progress(Style.PLAIN);
        expect(progress, 1);
        progress.expectNoMore();
        progress.begin(A, 1_000_000);
        progress.end(A); // lost, say, before all of it was read
        after(progress, Duration.ofSeconds(31));
        assertThat(said()).startsWith("progress: 1 of 1 runs").doesNotContain("left");
    }

    @Test
    void elsewhereThereIsAPlainLineEveryFewSeconds() {
        Progress progress = progress(Style.PLAIN);
        expect(progress, 2);
        after(progress, Duration.ofMillis(4_999));
        assertThat(said()).isEmpty();
        after(progress, Duration.ofMillis(1));
        assertThat(said()).isEqualTo("progress: 0 of 2 runs, 5s" + System.lineSeparator());
        after(progress, Duration.ofSeconds(4));
        progress.say("something");
        assertThat(said()).isEqualTo("something" + System.lineSeparator());
        progress.close();
        assertThat(said()).isEmpty();
    }

    @Test
    void aCommandHasTheTerminalUntilItsRunHasEnded() {
        Progress progress = progress(Style.BETWEEN_RUNS);
        expect(progress, 2);
        progress.begin(A, 0);
        nanos += Duration.ofSeconds(60).toNanos();
        assertThat(said()).isEmpty();
        progress.end(A);
        assertThat(said()).startsWith("progress: 1 of 2 runs, 1m0s, 1m0s left");
    }

    @Test
    void aSilentOneSaysOnlyWhatItIsTold() {
        Progress progress = progress(Style.SILENT);
        after(progress, Duration.ofHours(1));
        progress.say("x");
        progress.close();
        assertThat(said()).isEqualTo("x" + System.lineSeparator());
    }

    @Test
    void theTimeThatIsLeftGoesByTheBytesAndRunsNotYetLookedIntoAreLikeTheOthers() {
        Progress progress = progress(Style.PLAIN);
        expect(progress, 4);
        progress.begin(A, 3_000_000);
        progress.begin(B, 1_000_000); // and two more of 2 MB, as it seems
        progress.read(2_000_000);
        progress.transformed(new TransformCounts(1_000, 7));
        after(progress, Duration.ofSeconds(10));
        assertThat(said()).isEqualToNormalizingNewlines(LINE);
        progress.end(A);
        progress.leaveOut(B); // another has it, and it does not count any more
        after(progress, Duration.ofSeconds(5));
        assertThat(said()).contains("1 of 3 runs").contains("15s, 30s left"); // 3 of 9 MB
    }

    @Test
    void withoutBytesItGoesByTheRunsAndWithoutTheirNumberNobodyKnows() {
        Progress known = progress(Style.PLAIN);
        expect(known, 100);
        known.add(25);
        Progress unknown = progress(Style.PLAIN);
        unknown.expect();
        unknown.expect();
        unknown.add(1);
        Progress uncounted = progress(Style.PLAIN);
        uncounted.add(5_000);
        nanos += Duration.ofSeconds(5).toNanos();
        known.tick();
        assertThat(said()).startsWith("progress: 25 of 100 runs (5/s), 5s, 15s left");
        unknown.tick();
        assertThat(said()).isEqualTo("progress: 1 of 2+ runs, 5s" + System.lineSeparator());
        uncounted.tick();
        assertThat(said()).isEqualTo("progress: 5,000 runs (1,000/s), 5s" + System.lineSeparator());
    }

    @Test
    void aFileThatIsReadInIsMeasuredByItsBytes() {
        Progress progress = progress(Style.PLAIN);
        progress.expectBytes(4_000_000);
        progress.read(1_000_000);
        progress.add(500);
        after(progress, Duration.ofSeconds(5));
        assertThat(said()).startsWith("progress: 500 runs (100/s), 1.0 MB, 5s, 15s left");
    }

    @Test
    void readingAheadTellsHowManyThereAreAndAFailureIsMetAfterTheRunsBeforeIt() {
        Progress progress = progress(Style.PLAIN);
        Stream<RunId> listing =
                Stream.concat(IntStream.range(0, 3).mapToObj(i -> new RunId("run-" + i)), Stream.generate(() -> {
                    throw new UncheckedIOException(new java.io.IOException("unreadable"));
                }));
        Iterator<RunId> ahead = ReadAhead.of(listing, progress).iterator();
        assertThat(ahead.next()).isEqualTo(new RunId("run-0"));
        after(progress, Duration.ofSeconds(5));
        assertThat(said()).startsWith("progress: 0 of 3+ runs");
        ahead.next();
        ahead.next();
        assertThatThrownBy(ahead::hasNext).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void noMoreThanSomeThousandRunsAreReadAhead() {
        Progress progress = progress(Style.PLAIN);
        Iterator<RunId> ahead = ReadAhead.of(
                        IntStream.iterate(0, i -> i + 1).mapToObj(i -> new RunId("run-" + i)), progress)
                .iterator();
        ahead.next();
        after(progress, Duration.ofSeconds(5));
        assertThat(said()).startsWith("progress: 0 of 10,000+ runs");
    }

    private Progress progress(Style style) {
        Progress progress = new Progress(new PrintWriter(err), style, "runs", () -> nanos);
        opened.add(progress);
        return progress;
    }

    private static void expect(Progress progress, int number) {
        IntStream.range(0, number).forEach(i -> progress.expect());
        progress.expectNoMore();
    }

    private void after(Progress progress, Duration time) {
        nanos += time.toNanos();
        progress.tick();
    }

    private String said() {
        String said = err.toString();
        err.getBuffer().setLength(0);
        return said;
    }
}
