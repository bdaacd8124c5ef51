package io.waybill.cli;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the records out. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Prints the whole records, a JSON object on each line: a backup that 'import' reads.")
final class ExportCommand implements Callable<Integer> {

    @Option(names = "--prefix", paramLabel = "TEXT", defaultValue = "", description = "Only runs whose name begins so.")
    private String prefix = "";

    @Mixin
    private TimeRange range = new TimeRange();

    @Mixin
    private StoreChoice storeChoice = new StoreChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec spec;

    private ExportCommand() {}

    /** None where the records go to the same terminal, or to a command that may tell its own. */
    private Progress progress() {
        PrintWriter err = spec.commandLine().getErr();
        boolean disturbs = Boolean.getBoolean("waybill.terminal") && !Boolean.getBoolean("waybill.to.file");
        return disturbs ? Progress.start(err, Progress.Style.SILENT, "records") : Progress.start(err, "records");
    }

    @Override
    public Integer call() throws IOException {
        Predicate<RunId> inRange = range.filter();
        PrintWriter out = spec.commandLine().getOut();
        long count = 0;
        try (Progress progress = progress();
                RunManifestStore store = storeChoice.openThere();
                Stream<RunRecord> records = RunManifest.over(store).records(RunRange.startingWith(prefix))) {
            for (Iterator<RunRecord> each = records.iterator(); each.hasNext(); ) {
                RunRecord record = each.next();
                if (inRange.test(record.id())) {
                    RecordJson.write(record, out);
                    out.print('\n');
                    count++;
                    progress.add(1);
                    if (out.checkError()) { // nobody reads it any more
                        throw new IOException("the output could not be written");
                    }
                }
            }
        }
        spec.commandLine().getErr().println(range.whyNone(Count.of(count, "record")));
        return ExitCode.DONE;
    }
}
