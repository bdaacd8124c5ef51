package io.waybill.cli;

import io.waybill.manifest.RunManifestStores;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options from a file in the working folder: {@code store = …} for every command, {@code transform.lease = 5m} for one. What is
 * typed wins, then what the environment says.
 */
final class ConfigFile implements IDefaultValueProvider {

    static final String NAME = "waybill.properties";

    /** The options that the environment has a say in. */
    private static final Map<String, String> VARIABLES =
            Map.of("store", RunManifestStores.STORE_VARIABLE, "job", "WAYBILL_JOB", "target", "WAYBILL_TARGET");

    private final Properties properties = new Properties();

    private ConfigFile() {}

    /** Reads the file, if there is one, for a command with all its options. */
    static ConfigFile read(Path file, CommandLine command) throws IOException {
        ConfigFile config = new ConfigFile();
        try (Reader reader = Files.newBufferedReader(file)) {
            config.properties.load(reader);
        } catch (NoSuchFileException e) {
            return config;
        }
        Set<String> known = new TreeSet<>();
        command.getSubcommands()
                .forEach((name, sub) -> sub.getCommandSpec().options().forEach(option -> {
                    known.add(key(option));
                    known.add(name + "." + key(option));
                }));
        for (String key : config.properties.stringPropertyNames()) {
            if (!known.contains(key)) { // a slip of the pen must not be a setting that is not heard
                throw new IllegalArgumentException(
                        "%s: '%s' is no option of a command, want for example store or transform.lease"
                                .formatted(file, key));
            }
        }
        return config;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || isInEnvironment(option)) {
            return null;
        }
        CommandSpec command = option.command();
        String forOne = command == null ? null : properties.getProperty(command.name() + "." + key(option));
        return forOne != null ? forOne : properties.getProperty(key(option));
    }

    private static boolean isInEnvironment(OptionSpec option) {
        String variable = VARIABLES.get(key(option));
        return variable != null && System.getenv(variable) != null;
    }

    private static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }
}
