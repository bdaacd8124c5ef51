package io.waybill.benchmarks;

import io.waybill.cli.EventGenerator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Gzip files of generated events in one folder.
 *
 * @param files in the order of their names
 * @param plainBytes the size of all of them when inflated
 * @param events the lines in all of them
 */
record GzipFiles(List<Path> files, long plainBytes, long events) {

    /** Writes so many files, each of at least so many bytes when inflated, no two alike. */
    static GzipFiles write(Path folder, int count, long plainBytesEach) throws IOException {
        Files.createDirectories(folder);
        List<Path> files = new ArrayList<>();
        long plain = 0;
        long events = 0;
        for (int i = 0; i < count; i++) {
            Path file = folder.resolve("part-%05d.gz".formatted(i));
            EventGenerator generator =
                    new EventGenerator(EventData.SEED + i, EventData.START.plus(Duration.ofHours(i)));
            try (OutputStream out =
                    new BufferedOutputStream(new GZIPOutputStream(Files.newOutputStream(file), 1 << 16), 1 << 16)) {
                for (long written = 0; written < plainBytesEach; events++) {
                    byte[] line = generator.next();
                    out.write(line);
                    out.write('\n');
                    written += line.length + 1;
                    plain += line.length + 1;
                }
            }
            files.add(file);
        }
        return new GzipFiles(List.copyOf(files), plain, events);
    }

    /** The size of the files as they are. */
    long storedBytes() throws IOException {
        long sum = 0;
        for (Path file : files) {
            sum += Files.size(file);
        }
        return sum;
    }
}
