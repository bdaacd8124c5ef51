package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which archive a command works on, and when a run in it is ready. */
final class ArchiveChoice {

    @Parameters(
            paramLabel = "ARCHIVE",
            description = "What holds the runs: a folder, or a place in S3 such as s3://bucket/prefix/.")
    private String location = "";

    @Mixin
    private LayoutChoice layoutChoice = new LayoutChoice();

    @Option(
            names = "--quiet-period",
            paramLabel = "TIME",
            description = "A run is ready when its newest file is as old as this. Default: none.")
    private @Nullable Duration quietPeriod;

    @Option(
            names = "--ready-marker",
            paramLabel = "NAME",
            description = "A run is ready when its folder holds this file, such as _SUCCESS. Default: none.")
    private @Nullable String readyMarker;

    @Option(names = "--ready-when-followed", description = "A run is ready when a later one is there.")
    private boolean followed;

    private final LongAdder listed = new LongAdder();
    private final LongAdder foreign = new LongAdder();
    private boolean lookedAgain;

    RunArchive open(Consumer<String> onForeign) throws IOException {
        RunArchive.Builder archive = RunArchive.at(location)
                .layout(layoutChoice.layout())
                .onForeign(what -> {
                    foreign.increment();
                    if (!lookedAgain) {
                        onForeign.accept(what);
                    }
                });
        if (quietPeriod != null) {
            archive.quietPeriod(quietPeriod);
        }
        if (readyMarker != null) {
            archive.readyMarker(readyMarker);
        }
        if (followed) {
            archive.readyWhenFollowed();
        }
        return archive.open();
    }

    /** The runs of the archive that lie in the range, counted as they are read. */
    Stream<RunId> runs(RunArchive archive, TimeBounds range) {
        return range.runs(archive).peek(run -> listed.increment());
    }

    /** Says why there was no run, after all were read, where that may not be what was meant. */
    void explainNone(RunArchive archive, TimeBounds range, PrintWriter err) {
        if (listed.sum() > 0) {
            return;
        }
        if (range.isGiven() && hasRuns(archive)) {
            err.println(TimeBounds.OTHERS_OUTSIDE);
        } else if (foreign.sum() > 0) {
            err.printf(
                    "waybill: there is no run in %s: is --layout right, and is it the archive, not a folder above or below"
                            + " it?%n",
                    archive.location());
        }
    }

    private boolean hasRuns(RunArchive archive) {
        lookedAgain = true;
        try (Stream<RunId> all = archive.runs(RunRange.all())) {
            return all.findAny().isPresent();
        } catch (
                UncheckedIOException
                        e) { // what there was to do is done: a look for the sake of a sentence fails nothing
            return false;
        }
    }
}
