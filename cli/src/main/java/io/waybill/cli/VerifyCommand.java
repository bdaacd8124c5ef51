package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Compares what was processed with what is there. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Compares the records of processed runs with the archive and the output: which runs have got other"
                        + " files since (DRIFTED), are gone (VANISHED), have lost their output (OUTPUT MISSING), and which output"
                        + " no record speaks of (ORPHANED). Ends with 4 if there is any, or if no record could be verified though there are some."
                        + " Changes nothing.")
final class VerifyCommand extends StoreCommand {

    @Mixin
    private ArchiveChoice archiveChoice = new ArchiveChoice();

    @Mixin
    private TimeRange range = new TimeRange();

    private VerifyCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (RunArchive archive = archiveChoice.open(what -> {});
                RunManifestStore store = readStore();
                Stream<RunRecord> records = RunManifest.over(store).records(RunRange.all());
                Progress progress = Progress.start(err(), "runs");
                Verification verification =
                        new Verification(archive, range.filter(archive.layout()::startedAt), progress)) {
            verification.verify(records.iterator());
            progress.close();
            Table table = new Table("run", "finding", "note");
            verification
                    .findings()
                    .forEach(f -> table.add(f.run(), f.kind().name().replace('_', ' '), f.note()));
            Optional<String> nothing = verification.whyNothing();
            format().print(table, nothing.isPresent() ? "" : range.whyNone("all is as it was"));
            err().println(verification.summary());
            nothing.ifPresent(why -> err().println("waybill: " + why));
            return table.isEmpty() && nothing.isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS;
        }
    }
}
