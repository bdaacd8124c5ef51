package io.waybill.spark;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunInspection;
import io.waybill.archive.RunInspection.Status;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One look at what is at a location, an archive or the folder of one run, on the driver. For one thread. */
final class Listing implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Listing.class);

    /** How many runs are looked into at a time. */
    private static final int PARALLELISM = 8;

    private final String location;
    private final Optional<RunId> single;
    private final RunArchive archive;
    private final String idPrefix;
    private long runs;
    private long foreign;
    private @Nullable String firstForeign;

    private Listing(String location, ReadOptions options, Configuration configuration) throws IOException {
        HadoopFolder there = HadoopFolder.existing(location, configuration);
        this.location = there.location();
        this.single = there.asRun(options.layout());
        HadoopFolder folder = single.isPresent() ? there.up(options.layout().depth()) : there;
        this.idPrefix = folder.idPrefix();
        this.archive = options.ready(RunArchive.in(folder))
                .layout(options.layout())
                .onForeign(this::leftOut)
                .open();
    }

    /** What is at a location. */
    static Listing at(String location, ReadOptions options, Configuration configuration) throws IOException {
        return new Listing(location, options, configuration);
    }

    /** The input files of all ready runs at a location. What is left out is logged as a warning. */
    static List<InputFile> files(String location, ReadOptions options, Configuration configuration) {
        List<InputFile> files = new ArrayList<>();
        try (Listing listing = at(location, options, configuration);
                Stream<RunInspection> ready = listing.ready(listing.runs(), Level.WARN)) {
            ready.forEach(found -> files.addAll(listing.files(found)));
            listing.refuseNone();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list %s: %s".formatted(location, e.getMessage()), e);
        }
        return files;
    }

    /** The archive, which for a single run is the one that it lies in. */
    RunArchive archive() {
        return archive;
    }

    /** The runs; the caller closes the stream. What is no run is logged as a warning. */
    Stream<RunId> runs() {
        return single.map(Stream::of)
                .orElseGet(() -> archive.runs(RunRange.startingWith(idPrefix)))
                .peek(run -> runs++);
    }

    private void leftOut(String what) {
        log.warn("left out of {}: {}", location, what);
        if (foreign++ == 0) {
            firstForeign = what;
        }
    }

    /**
     * Refuses, after all runs were read, a folder in which there is something and nothing of it is a run.
     *
     * @throws IllegalArgumentException if it is so
     */
    void refuseNone() {
        if (runs == 0 && foreign > 0) {
            throw new IllegalArgumentException(
                    ("there is no run in %s by the layout %s, but '%s'%s: is the option %s right, and is it the archive, not a"
                                    + " folder above or below it?")
                            .formatted(
                                    location,
                                    archive.layout(),
                                    firstForeign,
                                    foreign == 1 ? "" : " and %d more".formatted(foreign - 1),
                                    ReadOptions.LAYOUT));
        }
    }

    /**
     * Looks into runs, and has those that can be read. One that is left out is logged: one that is not ready at a level that
     * the caller knows, as it may or may not come back for it, others as a warning.
     *
     * @return what was found in them; the caller closes the stream, which closes {@code some}, and throws {@link
     *     UncheckedIOException} if the files of a run cannot be listed
     */
    Stream<RunInspection> ready(Stream<RunId> some, Level notReady) {
        return archive.inspect(some, PARALLELISM).filter(found -> isReady(found, notReady));
    }

    private boolean isReady(RunInspection found, Level notReady) {
        if (found.status() == Status.UNREADABLE) {
            throw new UncheckedIOException(new IOException(
                    "run %s in %s cannot be read: %s".formatted(found.run(), archive.location(), found.reason())));
        }
        boolean ready = found.status() == Status.READY;
        if (!ready) {
            log.atLevel(found.status() == Status.NOT_READY ? notReady : Level.WARN)
                    .log(
                            "left out of {}: run {} is {}: {}",
                            archive.location(),
                            found.run(),
                            found.status(),
                            found.reason());
        }
        return ready;
    }

    /** The input files that were found in a run. */
    List<InputFile> files(RunInspection found) {
        return found.files().stream().map(file -> InputFile.of(archive, file)).toList();
    }

    @Override
    public void close() {
        archive.close();
    }
}
