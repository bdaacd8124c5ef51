package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunLayout;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which archive a command works on, and when a run in it is ready. */
final class ArchiveChoice {

    @Parameters(paramLabel = "ARCHIVE", description = "The folder that holds the runs.")
    private String location = "";

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            defaultValue = "run=uuuu-MM-dd-HH-mm-ss",
            description = "Which folders are runs: ${DEFAULT-VALUE} (default), date=/hour=, uuuu/MM/dd/HH, or regular"
                    + " expressions with named groups year, month, day, hour.")
    private String layout = "";

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

    RunArchive open(Consumer<String> onForeign) throws IOException {
        RunArchive.Builder archive =
                RunArchive.at(location).layout(RunLayout.of(layout)).onForeign(onForeign);
        if (quietPeriod != null) {
            archive.quietPeriod(quietPeriod);
        }
        if (readyMarker != null) {
            archive.readyMarker(readyMarker);
        }
        return archive.open();
    }
}
