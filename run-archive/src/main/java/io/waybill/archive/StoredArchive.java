package io.waybill.archive;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all archives have in common, over the storage in which they differ. */
final class StoredArchive implements RunArchive {

    private static final Logger log = LoggerFactory.getLogger(RunArchive.class); // the name that users know
    private static final int INSPECTIONS = 8; // at a time, where nobody says how many

    private final Storage storage;
    private final RunLayout layout;
    private final Readiness readiness;
    private final Consumer<String> onForeign;
    private volatile Instant latest = Instant.MIN; // the start of a run that was listed

    StoredArchive(Storage storage, RunLayout layout, Readiness readiness, Consumer<String> onForeign) {
        this.storage = storage;
        this.layout = layout;
        this.readiness = readiness;
        this.onForeign = onForeign;
    }

    @Override
    public Stream<RunId> runs(RunRange range) {
        return list(range, onForeign);
    }

    @Override
    public Stream<RunId> runs(Instant since, Instant until) {
        return runs(layout.range(storage.root(), since, until)).filter(run -> {
            Instant started = startOf(run);
            return !started.isBefore(since) && started.isBefore(until);
        });
    }

    @Override
    public Stream<RunId> ready(Stream<RunId> runs) {
        return inspect(runs, INSPECTIONS).filter(this::isReady).map(RunInspection::run);
    }

    private boolean isReady(RunInspection found) {
        switch (found.status()) {
            case READY -> {
                return true;
            }
            case UNREADABLE ->
                throw new UncheckedIOException(new IOException(
                        "%s: the files of run %s cannot be listed: %s".formatted(this, found.run(), found.reason())));
            case NOT_READY -> log.info("{}: left for later: run {}: {}", this, found.run(), found.reason());
            case EMPTY, ARCHIVED ->
                log.warn("{}: left out: run {} is {}: {}", this, found.run(), found.status(), found.reason());
        }
        return false;
    }

    @Override
    public Stream<RunInspection> inspect(Stream<RunId> runs, int parallelism) {
        Inspections inspections = new Inspections(this, runs.iterator(), parallelism);
        int traits = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(inspections, traits), false)
                .onClose(inspections::close)
                .onClose(runs::close);
    }

    @Override
    public RunInspection inspect(RunId run) throws IOException {
        storage.location(run, ""); // refuses what is none of this archive's
        RunContents contents = new RunContents(run, readiness);
        storage.look(run, contents);
        if (readiness.followed() && !isFollowed(run)) {
            contents.last();
        }
        return contents.inspection();
    }

    private boolean isFollowed(RunId run) throws IOException {
        Instant start = startOf(run);
        if (latest.isAfter(start)) {
            return true; // seen by an earlier listing
        }
        try (Stream<RunId> later = list(new RunRange(run.key(), null), foreign -> {})) {
            return later.anyMatch(other -> startOf(other).isAfter(start));
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    private void listed(RunId run) {
        Instant start = startOf(run);
        if (start.isAfter(latest)) {
            latest = start; // of two listings at once either may win
        }
    }

    private Instant startOf(RunId run) {
        return layout.startedAt(run).orElse(Instant.MIN);
    }

    private Stream<RunId> list(RunRange range, Consumer<String> foreign) {
        RunListing runs = new RunListing(storage, layout, range, foreign);
        int traits = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(runs, traits), false)
                .peek(this::listed);
    }

    @Override
    public InputStream open(RunFile file, LongConsumer progress) throws IOException {
        String name = storage.location(file.run(), file.name());
        return StoredFile.decompressed(storage.open(file), name, file.size(), progress);
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
}
