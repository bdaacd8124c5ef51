package io.waybill.cli;

import io.waybill.archive.RunArchive;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An archive that a command on the manifest's records looks at too. */
final class ArchiveBeside {

    @Option(
            names = "--archive",
            paramLabel = "ARCHIVE",
            description = "Take all runs of this archive, not only those that the manifest knows.")
    private @Nullable String location;

    @Mixin
    private LayoutChoice layoutChoice = new LayoutChoice();

    boolean isNamed() {
        return location != null;
    }

    /** The archive, if one is named; the caller closes it. */
    Optional<RunArchive> open() throws IOException {
        return location == null
                ? Optional.empty()
                : Optional.of(RunArchive.at(location)
                        .layout(layoutChoice.layout())
                        .onForeign(what -> {})
                        .open());
    }
}
