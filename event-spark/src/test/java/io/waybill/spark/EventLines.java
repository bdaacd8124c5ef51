package io.waybill.spark;

import io.waybill.event.Field;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Lines of events and files of them. */
final class EventLines {

    private EventLines() {}

    /** A line whose columns are empty but for these, given as names and texts in turn. */
    static String line(String... namesAndTexts) {
        String[] columns = new String[Field.all().size()];
        Arrays.fill(columns, "");
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            columns[Field.of(namesAndTexts[i]).index()] = namesAndTexts[i + 1];
        }
        return String.join("\t", columns);
    }

    /** Writes lines into a file of a run, gzip if its name ends so. */
    static Path write(Path archive, String run, String name, String... lines) throws IOException {
        Path file = archive.resolve(run).resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        return Files.write(file, name.endsWith(".gz") ? gzip(text) : text);
    }

    static byte[] gzip(byte[] data) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(data);
        }
        return zipped.toByteArray();
    }
}
