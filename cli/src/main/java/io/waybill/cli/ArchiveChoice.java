package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunLayout;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which archive a command works on, and when a run in it is ready. */
final class ArchiveChoice {

    @Parameters(paramLabel = "ARCHIVE", description = "What holds the runs: a folder, or s3://bucket/prefix/.")
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

    @Option(names = "--ready-when-followed", description = "A run is ready when a later one is there.")
    private boolean followed;

    @Option(
            names = "--since",
            paramLabel = "WHEN",
            description =
                    "Only runs that started then or later: 2026-03-01, 2026-03-01T10:00:00Z, or 2d for two days ago."
                            + " Default: all.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "WHEN", description = "Only runs that started earlier. Default: all.")
    private @Nullable String until;

    /** The runs that were asked for. */
    Stream<RunId> runs(RunArchive archive) {
        return since == null && until == null ? archive.runs(RunRange.all()) : archive.runs(from(), to());
    }

    /** Tells whether a run was asked for; without bounds all are. */
    Predicate<RunId> filter(RunArchive archive) {
        if (since == null && until == null) {
            return run -> true;
        }
        Instant from = from();
        Instant to = to();
        return run -> archive.layout()
                .startedAt(run)
                .filter(start -> !start.isBefore(from) && start.isBefore(to))
                .isPresent();
    }

    private Instant from() {
        return since == null ? Instant.MIN : TimeRange.parse("--since", since);
    }

    private Instant to() {
        return until == null ? Instant.MAX : TimeRange.parse("--until", until);
    }

    RunArchive open(Consumer<String> onForeign) throws IOException {
        RunArchive.Builder archive =
                RunArchive.at(location).layout(RunLayout.of(layout)).onForeign(onForeign);
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
