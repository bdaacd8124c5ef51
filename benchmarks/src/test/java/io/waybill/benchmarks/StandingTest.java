package io.waybill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandingTest {

    private static final String STREAMING = Candidate.SPLIT_AND_STREAM.title();

    private static Sample sample(int round, String candidate, double bytesPerSecond) {
        return new Sample(round, "events:8k", candidate, bytesPerSecond, bytesPerSecond / 1_000, Double.NaN);
    }

    /** The machine has half its speed in the second round. */
    private static final Standing STANDING = new Standing(List.of(
            sample(1, "ours", 400e6),
            sample(1, STREAMING, 100e6),
            sample(2, "ours", 240e6),
            sample(2, STREAMING, 50e6),
            sample(3, "ours", 410e6),
            sample(3, STREAMING, 100e6)));

    @Test
    void aRatioIsTheMedianOfTheRatiosInsideTheRounds() {
        assertThat(STANDING.ratio("ours", STREAMING)).hasValue(4.1);
        assertThat(STANDING.spread("ours", STREAMING)).hasValue(new double[] {4.0, 4.8});
        assertThat(STANDING.ratio(STREAMING, STREAMING)).hasValue(1);
    }

    @Test
    void ofAnEvenNumberTheMedianLiesBetweenTheMiddleTwo() {
        Standing two = new Standing(List.of(sample(1, "a", 10), sample(2, "a", 30)));
        assertThat(two.median("a", Sample::bytesPerSecond)).hasValue(20);
    }

    @Test
    void whatWasNotMeasuredIsEmpty() {
        assertThat(STANDING.ratio("ours", "other")).isEmpty();
        assertThat(STANDING.spread("ours", "other")).isEmpty();
        assertThat(STANDING.median("ours", Sample::allocatedPerEvent)).isEmpty();
    }

    @Test
    void theTableShowsWhatIsKnownAndADashForTheRest() {
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        new StandingTable("events:8k", STANDING).print(new PrintStream(table, true, StandardCharsets.UTF_8));
        assertThat(table.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("ours")))
                .singleElement()
                .asString()
                .matches("ours +400 +400,000 +4[.]10 +[(]4[.]00-4[.]80[)] +- +- +- +-");
    }
}
