package io.waybill.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Spliterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What becomes of the lines of a stream, read when asked for and never split. */
final class LineStream implements Spliterator<TransformResult> {

    private final LineReader reader;
    private final Output json = new Output(1 << 14);
    private final LineTransformer lines = new LineTransformer(json);
    private final Layout layout;

    LineStream(InputStream tsv, int maxLineBytes, Layout layout) {
        this.reader = new LineReader(tsv, maxLineBytes);
        this.layout = layout;
    }

    @Override
    public boolean tryAdvance(Consumer<? super TransformResult> action) {
        TransformResult result;
        try {
            if (!lines.next(reader, layout)) {
                return false;
            }
            result = lines.badRow != null ? lines.badRow : new TransformResult.Event(json.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("line %d could not be read".formatted(reader.number + 1), e);
        } finally {
            json.clear();
        }
        action.accept(result);
        return true;
    }

    @Override
    public @Nullable Spliterator<TransformResult> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
        return ORDERED | NONNULL;
    }
}
