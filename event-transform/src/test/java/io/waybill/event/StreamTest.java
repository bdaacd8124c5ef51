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
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamTest {

    private static final EventTransformer TRANSFORMER = EventTransformer.flattened();

    private final ByteArrayOutputStream ndjson = new ByteArrayOutputStream();
    private final List<BadRow> badRows = new ArrayList<>();

    @AfterEach
    void noTestLeavesTheThreadInterrupted() {
        Thread.interrupted();
    }

    /** E is an event; the outcome is e for it, and the number of columns for a bad row. */
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', nullValues = "nothing", textBlock = """
                    ''           | nothing
                    E            | e
                    E\\n         | e
                    E\\r\\n      | e
                    E\\r         | e
                    E\\nE        | e e
                    E\\r\\nE\\r\\n | e e
                    E\\nE\\r     | e e
                    E\\n\\nE\\n  | e 1 e
                    \\nE         | 1 e
                    E\\n\\n      | e 1
                    E\\n\\r      | e 1
                    E\\n\\r\\n   | e 1
                    \\n          | 1
                    \\r          | 1
                    \\r\\n       | 1
                    E\\rE\\n     | 261
                    E\\r\\r\\n   | 131
                    EE           | 261
                    x\\nE\\ny    | 1 e 1
                    """)
    void linesEndInEveryWayFilesHave(String file, String expected) throws IOException {
        byte[] tsv = file.translateEscapes()
                .replace("E", Line.of("app_id", "e").toString())
                .getBytes(UTF_8);

        for (int chunk : new int[] {1, 2, 3, 7, 100_000}) {
            ndjson.reset();
            badRows.clear();
            TransformCounts counts = TRANSFORMER.transform(new Chunks(tsv, chunk), ndjson, badRows::add);

            assertThat(outcomes(counts)).isEqualTo(expected == null ? "" : expected);
        }
    }

    @Test
    void aFileThatStartsWithAByteOrderMarkHasItInItsFirstColumn() throws IOException {
        transform(TRANSFORMER, "\uFEFF" + Line.of("app_id", "x") + "\n");

        assertThat(ndjson.toString(UTF_8)).isEqualTo("{\"app_id\":\"\uFEFFx\"}\n");
    }

    @Test
    void theSizeOfTheChunksIsNotSeenInTheOutput() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] tsv = IntStream.range(0, 300)
                .mapToObj(i -> i % 7 == 0 ? "bad" : RandomEvents.line(random).toString())
                .collect(Collectors.joining("\r\n"))
                .getBytes(UTF_8);
        TransformCounts counts = TRANSFORMER.transform(new ByteArrayInputStream(tsv), ndjson, badRows::add);
        byte[] json = ndjson.toByteArray();
        List<BadRow> rows = List.copyOf(badRows);

        for (int chunk : new int[] {1, 1000, 65_535, 65_536, 65_537}) {
            ndjson.reset();
            badRows.clear();
            assertThat(TRANSFORMER.transform(new Chunks(tsv, chunk), ndjson, badRows::add))
                    .isEqualTo(counts);
            assertThat(ndjson.toByteArray())
                    .as("seed %d, chunk %d", seed, chunk)
                    .isEqualTo(json);
            assertThat(badRows).isEqualTo(rows);
        }
    }

    @Test
    void linesLongerThanTheBufferAreReadWhole() throws IOException {
        String text = "x".repeat(3_000_000);

        TransformCounts counts = transform(TRANSFORMER, Line.of("app_id", text) + "\n" + Line.of("app_id", "y") + "\n");

        assertThat(counts).isEqualTo(new TransformCounts(2, 0));
        assertThat(ndjson.toString(UTF_8)).isEqualTo("{\"app_id\":\"%s\"}\n{\"app_id\":\"y\"}\n".formatted(text));
    }

    @ParameterizedTest
    @CsvSource({"200", "65533", "65534", "65535", "65536", "65537", "131072", "1500000"})
    void aLineMayBeExactlyAsLongAsTheLimit(int limit) throws IOException {
        EventTransformer limited =
                EventTransformer.builder().maxLineBytes(limit).build();
        String longest = Line.of("app_id", "x".repeat(limit - 130)).toString();
        String tooLong = longest.replaceFirst("x", "xx");

        for (String end : List.of("\n", "\r\n", "\r", "")) {
            ndjson.reset();
            badRows.clear();
            transform(limited, longest + "\n" + tooLong + "\r\n" + longest + "\r\n" + tooLong + "\n" + longest + end);
            assertThat(ndjson.toString(UTF_8).lines()).hasSize(3);
            assertThat(badRows).extracting(BadRow::line).containsExactly(2L, 4L);

            ndjson.reset();
            badRows.clear();
            transform(limited, tooLong + end);
            assertThat(ndjson.size()).isZero();
            assertThat(badRows)
                    .extracting(row -> row.errors().get(0).message())
                    .containsExactly("the line has %d bytes, the limit is %d".formatted(limit + 1, limit));
        }
    }

    @Test
    void aLineOfHundredMegabytesIsSkippedAndCountedInABufferOfTheLimit() throws IOException {
        EventTransformer limited =
                EventTransformer.builder().maxLineBytes(100_000).build();
        LineReader reader = new LineReader(eventsAroundALineOf(100_000_000), 100_000);

        TransformCounts counts = limited.transform(eventsAroundALineOf(100_000_000), ndjson, badRows::add);
        int lines = 0;
        while (reader.next()) {
            lines++;
            assertThat(reader.buffer.length).isLessThanOrEqualTo(131_072);
        }

        assertThat(lines).isEqualTo(3);
        assertThat(counts).isEqualTo(new TransformCounts(2, 1));
        assertThat(badRows).singleElement().satisfies(row -> {
            assertThat(row.line()).isEqualTo(2);
            assertThat(row.columns()).isEqualTo(10_000_001);
            assertThat(row.errors()).singleElement().satisfies(error -> {
                assertThat(error.code()).isEqualTo(BadRow.Code.LINE_TOO_LONG);
                assertThat(error.message()).isEqualTo("the line has 100000000 bytes, the limit is 100000");
                assertThat(error.value()).startsWith("0123456\t89").hasSize(64);
            });
        });
    }

    private static InputStream eventsAroundALineOf(long length) {
        String event = Line.of("app_id", "e").toString();
        return new SequenceInputStream(Collections.enumeration(List.of(
                new ByteArrayInputStream((event + "\n").getBytes(UTF_8)),
                new Repeated("0123456\t89", length),
                new ByteArrayInputStream(("\n" + event).getBytes(UTF_8)))));
    }

    @Test
    void buffersGrownForOneLineAreNotKept() throws IOException {
        String huge = Line.of("app_id", "x".repeat(4_000_000)) + "\n";
        String small = (Line.of("app_id", "x") + "\n").repeat(10_000);
        LineReader reader = new LineReader(new ByteArrayInputStream((huge + small).getBytes(UTF_8)), 1 << 24);
        int largest = 0;
        while (reader.next()) {
            largest = Math.max(largest, reader.buffer.length);
        }
        assertThat(largest).isGreaterThan(4_000_000);
        assertThat(reader.buffer.length).isLessThan(1 << 20);

        Output out = new Output(100);
        out.append(new byte[4_000_000]);
        out.clear();
        assertThat(out.bytes).hasSize(100);
    }

    @Test
    void streamsAreFlushedAndLeftOpen() throws IOException {
        List<String> calls = new ArrayList<>();
        InputStream in =
                new FilterInputStream(new ByteArrayInputStream(Line.empty().bytes())) {
                    @Override
                    public void close() {
                        calls.add("close in");
                    }
                };
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("want whole buffers");
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                calls.add("write " + new String(bytes, from, length, UTF_8));
            }

            @Override
            public void flush() {
                calls.add("flush");
            }

            @Override
            public void close() {
                calls.add("close out");
            }
        };

        TRANSFORMER.transform(in, out, badRows::add);

        assertThat(calls).containsExactly("write {}\n", "flush");
    }

    @Test
    void manyEventsAreWrittenInLargePieces() throws IOException {
        List<Integer> writes = new ArrayList<>();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("want whole buffers");
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                writes.add(length);
                ndjson.write(bytes, from, length);
            }
        };
        String lines = (Line.of("app_id", "x".repeat(1000)) + "\n").repeat(500);

        TRANSFORMER.transform(new ByteArrayInputStream(lines.getBytes(UTF_8)), out, badRows::add);

        assertThat(writes).hasSizeLessThan(10);
        assertThat(ndjson.toString(UTF_8))
                .isEqualTo("{\"app_id\":\"%s\"}\n".formatted("x".repeat(1000)).repeat(500));
    }

    @Test
    void exceptionsOfTheStreamsAndTheSinkPassUnchanged() {
        IOException failure = new IOException("disk");
        InputStream brokenIn = new InputStream() {
            @Override
            public int read() throws IOException {
                throw failure;
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                throw failure;
            }
        };
        OutputStream brokenOut = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw failure;
            }
        };
        BadRowSink brokenSink = row -> {
            throw failure;
        };
        InputStream event = new ByteArrayInputStream(Line.empty().bytes());
        InputStream bad = new ByteArrayInputStream("bad".getBytes(UTF_8));

        assertThatThrownBy(() -> TRANSFORMER.transform(brokenIn, ndjson, badRows::add))
                .isSameAs(failure);
        assertThatThrownBy(() -> TRANSFORMER.transform(event, brokenOut, badRows::add))
                .isSameAs(failure);
        assertThatThrownBy(() -> TRANSFORMER.transform(bad, ndjson, brokenSink)).isSameAs(failure);
    }

    @Test
    void anInterruptedThreadStopsAndStaysInterrupted() {
        InputStream endless = new InputStream() {
            private int buffers;

            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int from, int length) {
                if (++buffers == 3) {
                    Thread.currentThread().interrupt();
                }
                assertThat(buffers).isLessThanOrEqualTo(3);
                bytes[from] = '\n';
                return 1;
            }
        };

        assertThatThrownBy(() -> TRANSFORMER.transform(endless, ndjson, badRows::add))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessage("interrupted before line 4 was read");
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(badRows).hasSize(3);
    }

    @Test
    void aStreamThatReadsNothingNowAndThenIsReadByteByByte() throws IOException {
        InputStream lazy = new ByteArrayInputStream(
                (Line.of("app_id", "e") + "\n").repeat(2).getBytes(UTF_8)) {
            @Override
            public synchronized int read(byte[] bytes, int from, int length) {
                return 0;
            }
        };

        assertThat(TRANSFORMER.transform(lazy, ndjson, badRows::add)).isEqualTo(new TransformCounts(2, 0));
    }

    @Test
    void theSinkMayTransformLinesItself() throws IOException {
        String good = Line.of("app_id", "inner").toString();
        List<String> inner = new ArrayList<>();

        TRANSFORMER.transform(
                new ByteArrayInputStream((Line.of("app_id", "e") + "\nbad\n" + Line.of("app_id", "f")).getBytes(UTF_8)),
                ndjson,
                row -> inner.add(TRANSFORMER.transform(good).toString()));

        assertThat(inner).containsExactly("{\"app_id\":\"inner\"}");
        assertThat(ndjson.toString(UTF_8)).isEqualTo("{\"app_id\":\"e\"}\n{\"app_id\":\"f\"}\n");
    }

    @Test
    void countsOfSeveralFilesAdd() {
        assertThat(new TransformCounts(1, 2).plus(new TransformCounts(10, 20))).isEqualTo(new TransformCounts(11, 22));
        assertThatThrownBy(() -> new TransformCounts(-1, 0))
                .hasMessage("events is -1 and badRows is 0, want neither below 0");
    }

    private TransformCounts transform(EventTransformer transformer, String tsv) throws IOException {
        return transformer.transform(new ByteArrayInputStream(tsv.getBytes(UTF_8)), ndjson, badRows::add);
    }

    /** What became of each line, in order. */
    private String outcomes(TransformCounts counts) {
        assertThat(ndjson.toString(UTF_8)).isEqualTo("{\"app_id\":\"e\"}\n".repeat((int) counts.events()));
        assertThat(counts.badRows()).isEqualTo(badRows.size());
        String[] lines = new String[(int) (counts.events() + counts.badRows())];
        Arrays.fill(lines, "e");
        badRows.forEach(row -> lines[(int) row.line() - 1] = Integer.toString(row.columns()));
        return String.join(" ", lines);
    }

    /** A stream that gives so many bytes at a time. */
    private static final class Chunks extends FilterInputStream {
        private final int size;

        Chunks(byte[] bytes, int size) {
            super(new ByteArrayInputStream(bytes));
            this.size = size;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return super.read(bytes, from, Math.min(length, size));
        }
    }

    /** So many bytes of a repeated pattern, of which nothing is held. */
    private static final class Repeated extends InputStream {
        private final byte[] pattern;
        private final long length;
        private long at;

        Repeated(String pattern, long length) {
            this.pattern = pattern.getBytes(UTF_8);
            this.length = length;
        }

        @Override
        public int read() {
            return at == length ? -1 : pattern[(int) (at++ % pattern.length)];
        }

        @Override
        public int read(byte[] bytes, int from, int count) {
            int given = (int) Math.min(count, length - at);
            for (int i = 0; i < given; i++) {
                bytes[from + i] = (byte) read();
            }
            return given == 0 ? -1 : given;
        }
    }
}
