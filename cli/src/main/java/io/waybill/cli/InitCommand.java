package io.waybill.cli;

import io.waybill.manifest.spi.RunManifestStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes the store. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Makes the manifest's table if it is missing, and verifies it. Harmless when repeated.")
final class InitCommand implements Callable<Integer> {

    @Mixin
    private StoreChoice choice = new StoreChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec spec;

    private InitCommand() {}

    @Override
    public Integer call() {
        try (RunManifestStore store = choice.open()) {
            store.create();
            spec.commandLine().getErr().println("ready: " + store);
        }
        return ExitCode.DONE;
    }
}
