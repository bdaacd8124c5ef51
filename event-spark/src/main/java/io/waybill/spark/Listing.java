package io.waybill.spark;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunInspection;
import io.waybill.archive.RunInspection.Status;
import io.waybill.archive.RunLayout;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Finds the files to read, on the driver. */
final class Listing {

    private static final Logger log = LoggerFactory.getLogger(Listing.class);

    /** How many runs are looked into at a time. */
    static final int PARALLELISM = 8;

    private Listing() {}

    /**
     * The input files of all ready runs at a location, which is an archive or the folder of one run. What is left out is
     * logged as a warning.
     */
    static List<InputFile> files(String location, RunLayout layout, Configuration configuration) {
        try {
            Path path = new Path(location);
            RunId single = new RunId(path.getName().isEmpty() ? "/" : path.getName() + "/");
            boolean isRun = layout.startedAt(single).isPresent() && path.getParent() != null;
            HadoopFolder folder = HadoopFolder.at(isRun ? path.getParent().toString() : location, configuration);
            try (RunArchive archive = open(folder, layout);
                    Stream<RunId> runs = isRun
                            ? Stream.of(new RunId(folder.idPrefix() + single))
                            : archive.runs(RunRange.startingWith(folder.idPrefix()))) {
                return files(archive, runs);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list %s: %s".formatted(location, e.getMessage()), e);
        }
    }

    /** The archive in a folder; what is no run in it is logged as a warning. */
    static RunArchive open(HadoopFolder folder, RunLayout layout) throws IOException {
        return RunArchive.in(folder)
                .layout(layout)
                .onForeign(what -> log.warn("left out of {}: {}", folder.location(), what))
                .open();
    }

    /**
     * Whether a run can be read. One that is left out is logged: one that is not ready at a level that the caller knows, as it
     * may or may not come back for it, others as a warning.
     *
     * @throws UncheckedIOException if its files cannot be listed
     */
    static boolean isReady(RunInspection found, RunArchive archive, Level notReady) {
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

    private static List<InputFile> files(RunArchive archive, Stream<RunId> runs) {
        List<InputFile> files = new ArrayList<>();
        try (Stream<RunInspection> inspections = archive.inspect(runs, PARALLELISM)) {
            inspections.forEach(found -> {
                if (isReady(found, archive, Level.WARN)) {
                    found.files().forEach(file -> files.add(InputFile.of(archive, file)));
                }
            });
        }
        return files;
    }
}
