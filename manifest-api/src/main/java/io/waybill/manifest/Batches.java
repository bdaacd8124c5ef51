package io.waybill.manifest;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A stream that maps another in batches, lazily: no more than one batch is held. */
final class Batches<A, B> implements Iterator<B> {

    private static final int SIZE = 1000;

    private final Iterator<A> source;
    private final Function<List<A>, List<B>> mapping;
    private Iterator<B> batch = List.<B>of().iterator();

    private Batches(Iterator<A> source, Function<List<A>, List<B>> mapping) {
        this.source = source;
        this.mapping = mapping;
    }

    static <A, B> Stream<B> of(Stream<A> source, Function<List<A>, List<B>> mapping) {
        Iterator<B> batches = new Batches<>(source.iterator(), mapping);
        int traits = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(batches, traits), false)
                .onClose(source::close);
    }

    @Override
    public boolean hasNext() {
        while (!batch.hasNext() && source.hasNext()) {
            List<A> next = new ArrayList<>();
            while (next.size() < SIZE && source.hasNext()) {
                next.add(source.next());
            }
            batch = mapping.apply(next).iterator();
        }
        return batch.hasNext();
    }

    @Override
    public B next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return batch.next();
    }
}
