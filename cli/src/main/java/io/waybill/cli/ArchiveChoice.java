package io.waybill.cli;

import io.waybill.archive.RunArchive;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
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

    RunArchive open(Consumer<String> onForeign) throws IOException {
        RunArchive.Builder archive =
                RunArchive.at(location).layout(layoutChoice.layout()).onForeign(onForeign);
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
}
