package io.waybill.archive;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What all archives have in common, over the storage in which they differ. */
final class StoredArchive implements RunArchive {

    private final Storage storage;
    private final RunLayout layout;
    private final Readiness readiness;
    private final Consumer<String> onForeign;

    StoredArchive(Storage storage, RunLayout layout, Readiness readiness, Consumer<String> onForeign) {
        this.storage = storage;
        this.layout = layout;
        this.readiness = readiness;
        this.onForeign = onForeign;
    }

    @Override
    public Stream<RunId> runs(RunRange range) {
        return stream(new RunListing(storage, layout, range, onForeign));
    }

    @Override
    public RunInspection inspect(RunId run) throws IOException {
        storage.location(run, ""); // refuses what is none of this archive's
        RunContents contents = new RunContents(run, readiness);
        storage.look(run, contents);
        return contents.inspection();
    }

    @Override
    public InputStream open(RunFile file, LongConsumer progress) throws IOException {
        String name = storage.location(file.run(), file.name());
        return StoredFile.decompressed(storage.open(file), name, progress);
    }

    @Override
    public RunLayout layout() {
        return layout;
    }

    @Override
    public String location() {
        return storage.location();
    }

    @Override
    public String location(RunId run) {
        return storage.location(run, "");
    }

    @Override
    public String path(RunId run) {
        storage.location(run, "");
        return run.key().substring(storage.root().length());
    }

    @Override
    public Optional<Path> folder() {
        return storage.folder();
    }

    @Override
    public void close() {
        storage.close();
    }

    @Override
    public String toString() {
        return "archive " + location();
    }

    private static Stream<RunId> stream(RunListing runs) {
        int traits = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(runs, traits), false);
    }
}
