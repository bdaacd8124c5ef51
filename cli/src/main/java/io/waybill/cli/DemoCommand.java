package io.waybill.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the demo archive. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Writes a small realistic archive to try everything on. Does nothing where it is there already.")
final class DemoCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The folder of the archive, new or empty.")
    private Path folder = Path.of("");

    @Option(names = "--dry-run", description = "Only say whether it would be written.")
    private boolean dryRun;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec spec;

    private DemoCommand() {}

    @Override
    public Integer call() throws IOException {
        if (dryRun) {
            boolean wouldBe = DemoArchive.isToBeWritten(folder);
            spec.commandLine()
                    .getErr()
                    .printf("%s: the demo archive %s%n", folder, wouldBe ? "would be written" : "is there already");
            return ExitCode.DONE;
        }
        DemoArchive.Summary summary = DemoArchive.write(folder);
        spec.commandLine()
                .getErr()
                .printf(
                        "%s: %s: %,d run folders, %,d files, %,d events, %,d bad rows, %,d bytes%n",
                        folder,
                        summary.created() ? "demo archive written" : "the demo archive is there already",
                        summary.runs(),
                        summary.files(),
                        summary.events(),
                        summary.badRows(),
                        summary.bytes());
        return ExitCode.DONE;
    }
}
