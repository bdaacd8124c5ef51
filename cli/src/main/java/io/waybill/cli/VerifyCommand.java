package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Compares what was processed with what is there. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Compares the records of processed runs with the archive and the output: which runs have got other"
                        + " files since (DRIFTED), are gone (VANISHED), have lost their output (OUTPUT MISSING), and which output"
                        + " no record speaks of (ORPHANED). Ends with 4 if there is any. Changes nothing.")
final class VerifyCommand implements Callable<Integer> {

    @Mixin
    private ArchiveChoice archiveChoice = new ArchiveChoice();

    @Mixin
    private StoreChoice storeChoice = new StoreChoice();

    @Mixin
    private FormatChoice format = new FormatChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec spec;

    private VerifyCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try (RunArchive archive = archiveChoice.open(what -> {});
                RunManifestStore store = storeChoice.open();
                Stream<RunRecord> records = RunManifest.over(store).records(RunRange.all());
                Verification verification = new Verification(archive, archiveChoice.filter(archive))) {
            verification.verify(records.iterator());
            Table table = new Table("run", "finding", "note");
            verification
                    .findings()
                    .forEach(f -> table.add(f.run(), f.kind().name().replace('_', ' '), f.note()));
            format.print(table, "all is as it was");
            err.println(verification.summary());
            return verification.findings().isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS;
        }
    }
}
