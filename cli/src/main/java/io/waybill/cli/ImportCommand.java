package io.waybill.cli;

import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads records in. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description =
                "Reads what 'export' has written. For each run the higher version wins; may be interrupted and repeated.")
final class ImportCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE",
            defaultValue = "-",
            description = "The file to read; - for the standard input, which is the default.")
    private String file = "-";

    @Option(names = "--dry-run", description = "Only count what would be written.")
    private boolean dryRun;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many records are written at a time. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Mixin
    private StoreChoice storeChoice = new StoreChoice();

    @Mixin
    private FormatChoice format = new FormatChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec spec;

    private ImportCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        CopyCommand.requireThreads(threads);
        AtomicLong number = new AtomicLong();
        try (BufferedReader reader = file.equals("-")
                        ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                        : Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8);
                Stream<String> lines = reader.lines();
                RunManifestStore target = storeChoice.open()) {
            RecordCopy copy =
                    new RecordCopy(target, threads, dryRun, spec.commandLine().getErr());
            copy.copy(lines.map(line -> read(line, number.incrementAndGet())).iterator());
            return copy.finish(format);
        }
    }

    private RunRecord read(String line, long number) {
        try {
            return RecordJson.read(line);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException("line %,d of %s is no record: %s".formatted(number, file, e.getMessage()), e));
        }
    }
}
