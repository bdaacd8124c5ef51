package io.waybill.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The files of cases beside the tests. */
final class Cases {

    private Cases() {}

    /** The lines of a file. */
    static List<String> lines(String file) {
        try (InputStream in = Objects.requireNonNull(Cases.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    /** The lines of a file that are neither blank nor comments. */
    static List<String> of(String file) {
        return lines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }
}
