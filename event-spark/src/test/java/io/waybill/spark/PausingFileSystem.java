package io.waybill.spark;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files under {@code pausing:}, of which the first that is opened is not there until its pause has ended. */
public final class PausingFileSystem extends RawLocalFileSystem {

    /** The time from the first opening of a file on. */
    record Pause(CompletableFuture<Void> begun, CompletableFuture<Void> ended) {}

    private static final AtomicReference<Optional<Pause>> NEXT = new AtomicReference<>(Optional.empty());

    /** Makes a file system; called by Hadoop. */
    public PausingFileSystem() {}

    /** Has the next opening of a file, in whatever thread, be a pause. */
    static Pause pauseNext(Configuration configuration) {
        configuration.set("fs.pausing.impl", PausingFileSystem.class.getName());
        Pause pause = new Pause(new CompletableFuture<>(), new CompletableFuture<>());
        NEXT.set(Optional.of(pause));
        return pause;
    }

    @Override
    public URI getUri() {
        return URI.create("pausing:///");
    }

    @Override
    public FSDataInputStream open(Path file, int bufferSize) throws IOException {
        NEXT.getAndSet(Optional.empty()).ifPresent(pause -> {
            pause.begun().complete(null);
            pause.ended().join();
        });
        return super.open(file, bufferSize);
    }
}
