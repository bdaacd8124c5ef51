package io.waybill.cli;

import io.waybill.manifest.RunId;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the store. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Makes the manifest's table if it is missing, and verifies it. Harmless when repeated.")
final class InitCommand implements Callable<Integer> {

    @Option(names = "--dry-run", description = "Only say whether it would be made.")
    private boolean dryRun;

    @Mixin
    private StoreChoice choice = new StoreChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec spec;

    private InitCommand() {}

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try (RunManifestStore store = choice.openAsItIs()) {
            if (dryRun) {
                err.println((isThere(store) ? "is there already: " : "would be made: ") + store);
            } else {
                store.create();
                err.println("ready: " + store);
            }
        }
        return ExitCode.DONE;
    }

    /** Whether a store was made. */
    static boolean isThere(RunManifestStore store) {
        try {
            store.find(new RunId("waybill init"));
            return true;
        } catch (StoreMissingException e) {
            return false;
        }
    }
}
