package io.waybill.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatchesTest {

    private final List<Integer> sizes = new ArrayList<>();

    private List<Integer> even(List<Integer> batch) {
        sizes.add(batch.size());
        return batch.stream().filter(i -> i % 2 == 0).toList();
    }

    @Test
    void aStreamIsMappedInBatchesOfAThousandInItsOrder() {
        Stream<Integer> source = IntStream.range(0, 2500).boxed();
        assertThat(Batches.of(source, this::even))
                .containsExactlyElementsOf(
                        IntStream.range(0, 1250).map(i -> 2 * i).boxed().toList());
        assertThat(sizes).containsExactly(1000, 1000, 500);
    }

    @Test
    void anEmptyStreamIsNeverMapped() {
        assertThat(Batches.of(Stream.of(), this::even)).isEmpty();
        assertThat(sizes).isEmpty();
    }

    @Test
    void batchesOfWhichNothingIsLeftArePassedOver() {
        Stream<Integer> source = IntStream.range(0, 5000).mapToObj(i -> i < 4999 ? 1 : 2);
        assertThat(Batches.of(source, this::even)).containsExactly(2);
        assertThat(sizes).hasSize(5);
    }

    @Test
    void theSourceIsReadOneBatchAheadAndNoFurther() {
        AtomicInteger read = new AtomicInteger();
        Iterator<Integer> batches = Batches.of(
                        Stream.iterate(0, i -> i + 1).peek(i -> read.incrementAndGet()), this::even)
                .iterator();
        assertThat(read).hasValue(0);
        assertThat(batches.next()).isZero();
        assertThat(read.get()).isBetween(1000, 1001);
    }

    @Test
    void closingItClosesTheSource() {
        AtomicBoolean closed = new AtomicBoolean();
        Batches.of(Stream.of(1).onClose(() -> closed.set(true)), this::even).close();
        assertThat(closed).isTrue();
    }

    @Test
    void atTheEndThereIsNoNext() {
        Iterator<Integer> batches = Batches.of(Stream.of(2), this::even).iterator();
        assertThat(batches.next()).isEqualTo(2);
        assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
    }
}
