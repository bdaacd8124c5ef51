package io.waybill.cli;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.spi.RunManifestStore;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An operator's word on runs that are named one by one. */
abstract class OperatorCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "RUN",
            arity = "1..*",
            description = "The runs as 'list' and 'pending' name them; those of a folder end with a slash.")
    private List<String> runs = List.of();

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Mixin
    private StoreChoice choice = new StoreChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec spec;

    /** Says the word; true if it changed the run. */
    abstract boolean decide(RunManifest manifest, RunId run);

    /** The run as it was named, or the folder of that name if only that has a record. */
    private RunId known(RunManifest manifest, RunId named) {
        if (named.key().endsWith("/") || manifest.find(named).isPresent()) {
            return named;
        }
        RunId folder = new RunId(named.key() + "/");
        if (manifest.find(folder).isPresent()) {
            return folder;
        }
        spec.commandLine()
                .getErr()
                .printf("%s: no run of this name is known; the runs of a folder end with a slash: %s%n", named, folder);
        return named;
    }

    /** What a run is when the word was said. */
    abstract String done();

    @Override
    public Integer call() {
        List<RunId> ids = runs.stream().map(RunId::new).toList(); // all are checked before the first is changed
        try (RunManifestStore store = choice.open()) {
            RunManifest manifest = RunManifest.over(store);
            for (RunId named : ids) {
                RunId run = known(manifest, named);
                String state = manifest.find(run).map(r -> r.state().name()).orElse("NEW");
                String outcome = dryRun
                        ? "is %s, would be made %s where that applies".formatted(state, done())
                        : decide(manifest, run) ? "%s -> %s".formatted(state, done()) : "stays %s".formatted(state);
                spec.commandLine().getErr().println(run + " " + outcome);
            }
        }
        return ExitCode.DONE;
    }
}
