package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunInspection;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists what a transform would look at. */
@Command(
        name = "pending",
        mixinStandardHelpOptions = true,
        description =
                "Lists the runs of an archive that a worker could claim now, oldest first, and whether each is ready.")
final class PendingCommand extends StoreCommand {

    @Mixin
    private ArchiveChoice archiveChoice = new ArchiveChoice();

    @Mixin
    private TimeRange range = new TimeRange();

    private PendingCommand() {}

    @Override
    public Integer call() throws IOException {
        Table table = new Table("run", "status", "files", "bytes", "note");
        try (RunArchive archive = archiveChoice.open(what -> err().println("no run: " + what));
                RunManifestStore store = askStore();
                Stream<RunId> pending = RunManifest.over(store).pending(archiveChoice.runs(archive, range));
                Stream<RunInspection> looks = archive.inspect(pending, Candidates.INSPECTIONS)) {
            looks.forEach(look -> {
                boolean seen = look.status() != RunInspection.Status.UNREADABLE;
                Integer files = seen ? look.files().size() : null;
                table.add(look.run().key(), look.status(), files, seen ? look.bytes() : null, look.reason());
            });
            format().print(table, "no run is pending");
            archiveChoice.explainNone(archive, range, err());
            return ExitCode.DONE;
        }
    }
}
