package io.waybill.cli;

import io.waybill.manifest.RunRecord;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Reads records in. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description =
                "Reads what 'export' has written. May be interrupted and repeated: what the store has of a run is replaced by"
                        + " a later version of the same claim, and left where it is of another.")
final class ImportCommand extends StoreCommand {

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = "-",
            description = "The file to read; - for the standard input, which is the default.")
    private String file = "-";

    @Mixin
    private CopyChoice copyChoice = new CopyChoice();

    private ImportCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        copyChoice.requireSense();
        AtomicLong number = new AtomicLong();
        try (Progress progress = Progress.start(err(), "records");
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(open(progress), StandardCharsets.UTF_8.newDecoder()));
                Stream<String> lines = reader.lines();
                RunManifestStore target = copyChoice.isDry() ? askStore() : openStore()) {
            return copyChoice.copy(
                    lines.peek(line -> progress.read(line.getBytes(StandardCharsets.UTF_8).length + 1L))
                            .map(line -> read(line, number.incrementAndGet()))
                            .iterator(),
                    target,
                    format(),
                    progress);
        }
    }

    private InputStream open(Progress progress) throws IOException {
        if (file.equals("-")) {
            return System.in;
        }
        Path path = Path.of(file);
        if (Files.isRegularFile(path)) { // of others nobody knows how much will come
            progress.expectBytes(Files.size(path));
        }
        return Files.newInputStream(path);
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
