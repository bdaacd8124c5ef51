package io.waybill.spark;

import io.waybill.cli.EventGenerator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;

/** Runs of generated events in plain files, the same on every machine. */
final class GeneratedArchive {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final int SEED = 20_260_301;

    private GeneratedArchive() {}

    /** The files of an archive with so many runs, an hour apart, and so many files in each. */
    static List<Path> files(Path archive, int runs, int filesPerRun) {
        return IntStream.range(0, runs * filesPerRun)
                .mapToObj(i -> archive.resolve("run=%1$tY-%1$tm-%1$td-%1$tH-00-00/part-%2$d"
                        .formatted(
                                START.plusSeconds(3_600L * (i / filesPerRun)).atOffset(ZoneOffset.UTC),
                                i % filesPerRun)))
                .toList();
    }

    /** Writes those files that are not there, each with so many events and then these lines; tells the bytes of all. */
    static long write(List<Path> files, int eventsPerFile, String... more) {
        return IntStream.range(0, files.size())
                .parallel()
                .mapToLong(i -> write(files.get(i), SEED + i, eventsPerFile, more))
                .sum();
    }

    private static long write(Path file, int seed, int events, String... more) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.resolveSibling("."));
                Path unfinished = file.resolveSibling("." + file.getFileName());
                EventGenerator generator = new EventGenerator(seed, START);
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished))) {
                    for (int i = 0; i < events; i++) {
                        generator.writeLine(out);
                    }
                    for (String line : more) {
                        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                    }
                }
                Files.move(unfinished, file);
            }
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
