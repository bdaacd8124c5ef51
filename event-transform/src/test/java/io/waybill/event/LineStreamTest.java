package io.waybill.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Spliterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LineStreamTest {

    private static final EventTransformer TRANSFORMER = EventTransformer.flattened();

    @AfterEach
    void noTestLeavesTheThreadInterrupted() {
        Thread.interrupted();
    }

    @Test
    void linesBecomeResultsInOrderAndBadRowsHaveTheirNumbers() {
        assertThat(outcomes(TRANSFORMER, event("a") + "\nbad\n\r\n" + event("b") + "\r\n" + event("c")))
                .containsExactly(
                        "{\"app_id\":\"a\"}",
                        "FIELD_COUNT null at 2",
                        "FIELD_COUNT null at 3",
                        "{\"app_id\":\"b\"}",
                        "{\"app_id\":\"c\"}");
        assertThat(outcomes(TRANSFORMER, "")).isEmpty();
    }

    @Test
    void aStreamGivesWhatTheBulkTransformGives() throws IOException {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            EventTransformer transformer = random.nextBoolean()
                    ? TRANSFORMER
                    : EventTransformer.builder(EventTransformer.Form.NESTED)
                            .maxLineBytes(2_000)
                            .build();
            String tsv = String.join(
                    random.nextBoolean() ? "\n" : "\r\n",
                    IntStream.range(0, random.nextInt(40))
                            .mapToObj(n -> n % 7 == 3
                                    ? "bad"
                                    : RandomEvents.line(random).toString())
                            .toList());
            ByteArrayOutputStream ndjson = new ByteArrayOutputStream();
            List<BadRow> badRows = new ArrayList<>();
            transformer.transform(in(tsv), ndjson, badRows::add);

            List<TransformResult> results = transformer.stream(in(tsv)).toList();

            assertThat(results.stream().filter(TransformResult.Event.class::isInstance))
                    .as("seed %d", seed)
                    .extracting(TransformResult::toString)
                    .isEqualTo(ndjson.toString(UTF_8).lines().toList());
            assertThat(results.stream().filter(BadRow.class::isInstance).toList())
                    .as("seed %d", seed)
                    .isEqualTo(badRows);
        }
    }

    @Test
    void aLineOverTheLimitIsSkippedAndTheNextOnesAreNot() {
        EventTransformer limited = EventTransformer.builder().maxLineBytes(200).build();

        assertThat(outcomes(limited, event("a") + "\n" + event("x".repeat(200_000)) + "\n" + event("b")))
                .containsExactly("{\"app_id\":\"a\"}", "LINE_TOO_LONG null at 2", "{\"app_id\":\"b\"}");
    }

    @Test
    void nothingIsReadBeforeItIsAskedFor() {
        AtomicInteger reads = new AtomicInteger();
        InputStream endless = new InputStream() {
            private final byte[] event = (event("a") + "\n").getBytes(UTF_8);

            @Override
            public int read() {
                throw new AssertionError("want buffers");
            }

            @Override
            public int read(byte[] bytes, int from, int length) {
                reads.incrementAndGet();
                System.arraycopy(event, 0, bytes, from, event.length);
                return event.length;
            }
        };

        Stream<TransformResult> stream = TRANSFORMER.stream(endless).filter(TransformResult.Event.class::isInstance);
        assertThat(reads).hasValue(0);

        assertThat(stream.findFirst().orElseThrow()).hasToString("{\"app_id\":\"a\"}");
        assertThat(reads).hasValue(1);
    }

    @Test
    void theInputIsLeftOpen() {
        InputStream in = new FilterInputStream(in(event("a"))) {
            @Override
            public void close() {
                throw new AssertionError("the stream is the caller's");
            }
        };

        try (Stream<TransformResult> stream = TRANSFORMER.stream(in)) {
            assertThat(stream.count()).isEqualTo(1);
        }
    }

    @Test
    void whoClosesTheStreamMayCloseTheInput() {
        AtomicInteger closed = new AtomicInteger();

        TRANSFORMER.stream(in("")).onClose(closed::incrementAndGet).close();

        assertThat(closed).hasValue(1);
    }

    @Test
    void aParallelStreamGivesTheSameInTheSameOrder() {
        String tsv = String.join(
                "\n",
                IntStream.range(0, 5_000)
                        .mapToObj(i -> i % 10 == 0 ? "bad" : event("a" + i))
                        .toList());

        List<TransformResult> results = TRANSFORMER.stream(in(tsv)).parallel().toList();

        assertThat(results).hasSize(5_000).isEqualTo(TRANSFORMER.stream(in(tsv)).toList());
    }

    @Test
    void theStreamIsOrderedHoldsNoNullAndHasNoKnownSize() {
        Spliterator<TransformResult> lines = TRANSFORMER.stream(in(event("a"))).spliterator();

        assertThat(lines.characteristics()).isEqualTo(Spliterator.ORDERED | Spliterator.NONNULL);
        assertThat(lines.estimateSize()).isEqualTo(Long.MAX_VALUE);
        assertThat(lines.trySplit()).isNull();
    }

    @Test
    void eventsBelongToTheCallerAlsoWhileMoreAreRead() {
        List<TransformResult> results = TRANSFORMER.stream(in(event("a") + "\n" + event("b")))
                // the buffers of single lines are others
                .peek(result -> TRANSFORMER.transform(event("inner")))
                .toList();

        assertThat(results).extracting(Object::toString).containsExactly("{\"app_id\":\"a\"}", "{\"app_id\":\"b\"}");
    }

    @Test
    void aFailureOfTheInputIsTheCauseOfWhatIsThrown() {
        IOException failure = new IOException("disk");
        InputStream broken = new FilterInputStream(in(event("a") + "\n" + event("b"))) {
            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                int count = super.read(bytes, from, length);
                if (count < 0) {
                    throw failure;
                }
                return count;
            }
        };
        List<String> seen = new ArrayList<>();

        assertThatThrownBy(() -> TRANSFORMER.stream(broken).forEach(result -> seen.add(result.toString())))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("line 2 could not be read")
                .hasCause(failure);
        assertThat(seen).containsExactly("{\"app_id\":\"a\"}");
    }

    @Test
    void anInterruptedThreadStopsAndStaysInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> TRANSFORMER.stream(in(event("a"))).count())
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(InterruptedIOException.class);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    private static List<String> outcomes(EventTransformer transformer, String tsv) {
        return transformer.stream(in(tsv))
                .map(result -> EventCase.outcome(result) + (result instanceof BadRow bad ? " at " + bad.line() : ""))
                .toList();
    }

    private static String event(String appId) {
        return Line.of("app_id", appId).toString();
    }

    private static InputStream in(String tsv) {
        return new ByteArrayInputStream(tsv.getBytes(UTF_8));
    }
}
