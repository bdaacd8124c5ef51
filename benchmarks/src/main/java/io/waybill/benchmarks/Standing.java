package io.waybill.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * How the candidates stand on one set of data: medians over the rounds.
 *
 * <p>A ratio is taken inside each round, where both were measured within a minute, and the median is that of the ratios:
 * what slows the machine down for a while then slows down both.
 */
final class Standing {

    private final List<Sample> samples;

    Standing(List<Sample> samples) {
        this.samples = samples;
    }

    /** The titles of what was measured, in the order it was. */
    List<String> candidates() {
        return samples.stream().map(Sample::candidate).distinct().toList();
    }

    /** The median of a number, empty where it is never known. */
    OptionalDouble median(String candidate, ToDoubleFunction<Sample> number) {
        return middle(of(candidate).stream().mapToDouble(number));
    }

    /** How many times as fast a candidate is as another, empty where one of them was not measured. */
    OptionalDouble ratio(String candidate, String other) {
        return middle(ratios(candidate, other));
    }

    /** The lowest and the highest such ratio of a round. */
    Optional<double[]> spread(String candidate, String other) {
        double[] ratios = ratios(candidate, other).sorted().toArray();
        return ratios.length == 0 ? Optional.empty() : Optional.of(new double[] {ratios[0], ratios[ratios.length - 1]});
    }

    private DoubleStream ratios(String candidate, String other) {
        return of(candidate).stream()
                .flatMapToDouble(sample -> of(other).stream()
                        .filter(o -> o.round() == sample.round())
                        .mapToDouble(o -> sample.bytesPerSecond() / o.bytesPerSecond()));
    }

    private List<Sample> of(String candidate) {
        return samples.stream().filter(s -> s.candidate().equals(candidate)).toList();
    }

    /** The median of some numbers, those left out that are not known. */
    static OptionalDouble middle(DoubleStream numbers) {
        double[] sorted = numbers.filter(n -> !Double.isNaN(n)).sorted().toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int half = sorted.length / 2;
        return OptionalDouble.of(
                sorted.length % 2 == 1
                        ? sorted[half]
                        : Arrays.stream(sorted, half - 1, half + 1).sum() / 2);
    }
}
