package io.waybill.cli;

import io.waybill.manifest.RunId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A stream of runs that is read some way ahead, so that it is known how many there are. No more than these are held. */
final class ReadAhead implements Iterator<RunId> {

    private static final int MOST = 10_000;

    private final Iterator<RunId> source;
    private final Progress progress;
    private final Deque<RunId> read = new ArrayDeque<>();
    private boolean ended;
    private @Nullable RuntimeException failure;

    private ReadAhead(Iterator<RunId> source, Progress progress) {
        this.source = source;
        this.progress = progress;
    }

    /** The same runs; the progress expects them. A failure of the source is met after the runs that were read before it. */
    static Stream<RunId> of(Stream<RunId> runs, Progress progress) {
        Iterator<RunId> ahead = new ReadAhead(runs.iterator(), progress);
        int traits = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(ahead, traits), false)
                .onClose(runs::close);
    }

    @Override
    public boolean hasNext() {
        while (!ended && read.size() < MOST) {
            readOne();
        }
        if (read.isEmpty() && failure != null) {
            throw failure;
        }
        return !read.isEmpty();
    }

    private void readOne() {
        try {
            if (source.hasNext()) {
                read.add(source.next());
                progress.expect();
            } else {
                ended = true;
                progress.expectNoMore();
            }
        } catch (RuntimeException e) { // the runs before it are still worked on
            ended = true;
            failure = e;
        }
    }

    @Override
    public RunId next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return read.remove();
    }
}
