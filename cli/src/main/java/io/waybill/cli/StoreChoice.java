package io.waybill.cli;

import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.StoreLocation;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which store and job a command works on. */
final class StoreChoice {

    // relative, as the working folder's name may hold what means something in a URL
    private static final String DEFAULT = "jdbc:h2:file:./.waybill/manifest";

    private static final Path DEFAULT_FILE = Path.of(".waybill", "manifest.mv.db");

    private static final Pattern JOB = Pattern.compile("[^?]*\\?(?:.*&)?job=([^&]*)(?:&.*)?");
    private static final Pattern H2_JOB = Pattern.compile("[^?]*\\?(?:[^;]*&)?job=([^&;]*)(?:[&;].*)?");

    @Option(
            names = "--store",
            paramLabel = "LOCATION",
            defaultValue = "${env:" + RunManifestStores.STORE_VARIABLE + "}",
            description = "Where the manifest is, such as jdbc:h2:/data/runs. Default: $"
                    + RunManifestStores.STORE_VARIABLE + ", else an H2 file below the working folder,"
                    + " .waybill/manifest, which makes itself when the first record is written.")
    private @Nullable String location;

    @Option(
            names = "--job",
            paramLabel = "NAME",
            defaultValue = "${env:WAYBILL_JOB}",
            description =
                    "The job whose records are used. Default: $WAYBILL_JOB, else '" + StoreLocation.DEFAULT_JOB + "'.")
    private @Nullable String job;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec command;

    /** The store; the default one is made if it is not there, which is said; a named one must have been made by {@code init}. */
    RunManifestStore open() {
        boolean isNew = isMissing();
        RunManifestStore store = openAsItIs();
        if (isNamed()) {
            return store;
        }
        boolean made = false;
        try {
            store.create();
            made = true;
        } finally {
            if (!made) {
                store.close();
            }
        }
        if (isNew) { // in a wrong folder every run would be processed again, with nothing to be seen
            command.commandLine()
                    .getErr()
                    .println("a new manifest, without a run: "
                            + DEFAULT_FILE.toAbsolutePath().getParent());
        }
        return store;
    }

    /**
     * The store, to be looked into.
     *
     * @throws StoreMissingException if none is named and the default one is not there, which is not made
     */
    RunManifestStore openThere() {
        if (isMissing()) {
            throw new StoreMissingException(
                    whereNoneIs()
                            + ": go to the folder where the runs were processed, or name their store with --store; for a new one");
        }
        return openAsItIs();
    }

    /** The store, to be looked into; an empty one, which is said, if none is named and the default one is not there. */
    RunManifestStore openOrEmpty(PrintWriter err) {
        if (!isMissing()) {
            return openAsItIs();
        }
        err.println(whereNoneIs() + ": no run was processed by it");
        RunManifestStore empty = RunManifestStores.open("memory:");
        empty.create();
        return empty;
    }

    /** Whether none is named and the default one was not made yet. */
    boolean isMissing() {
        return !isNamed() && Files.notExists(DEFAULT_FILE);
    }

    private static String whereNoneIs() {
        return "no store is named, and there is none in "
                + DEFAULT_FILE.toAbsolutePath().getParent();
    }

    /** The store, whether it is there or not. */
    RunManifestStore openAsItIs() {
        requireOneJob();
        requireShared(location());
        return RunManifestStores.open(
                location(),
                namedJob().map(name -> Map.of(StoreLocation.JOB, name)).orElse(Map.of()));
    }

    /** What is typed as an option wins; what the environment or the file says must not quietly win over a location. */
    private void requireOneJob() {
        Optional<String> located = jobIn(location());
        boolean isTyped = command.commandLine().getParseResult().hasMatchedOption("--job");
        if (!isTyped && located.isPresent() && namedJob().isPresent() && !located.equals(namedJob())) {
            throw new IllegalArgumentException(
                    "two jobs are named, '%s' by the store's location and '%s' by $WAYBILL_JOB or %s: say which with --job"
                            .formatted(located.get(), namedJob().get(), ConfigFile.NAME));
        }
    }

    /** Refuses a store that would be gone when the command ends. */
    static void requireShared(String location) {
        if (location.startsWith("memory:")) {
            throw new IllegalArgumentException(
                    "'%s' lives in one process only, so nothing that a command records there is seen by the next; want for"
                                    .formatted(location)
                            + " example jdbc:h2:/data/runs, or none for the manifest of the working folder");
        }
    }

    private String location() {
        return isNamed() ? String.valueOf(location) : DEFAULT;
    }

    /** The job whose records are used. */
    String job() {
        return namedJob().or(() -> jobIn(location())).orElse(StoreLocation.DEFAULT_JOB);
    }

    private Optional<String> namedJob() {
        return Optional.ofNullable(job).filter(name -> !name.isBlank());
    }

    /** The job that a location names itself. */
    static Optional<String> jobIn(String location) {
        boolean h2 = location.startsWith("jdbc:h2:"); // whose own settings follow a semicolon
        Matcher option = (h2 ? H2_JOB : JOB).matcher(location);
        return option.matches()
                ? Optional.of(StoreLocation.parse(":?job=" + option.group(1), Map.of(), Set.of())
                        .job())
                : Optional.empty();
    }

    /** Whether the user has said which store is meant. */
    boolean isNamed() {
        return location != null && !location.isBlank();
    }
}
