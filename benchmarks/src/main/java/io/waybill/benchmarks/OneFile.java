package io.waybill.benchmarks;

import io.waybill.event.EventTransformer;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** What is done to one gzip file; as a program, in a fresh JVM that loads nothing else. */
final class OneFile {

    private static final int BUFFER = 1 << 16;

    private OneFile() {}

    /** Inflates the first file, and transforms it to the second if there is one. */
    public static void main(String[] args) throws IOException {
        Path gzip = Path.of(args[0]);
        if (args.length == 1) {
            inflate(gzip);
        } else {
            transform(gzip, Path.of(args[1]));
        }
    }

    private static InputStream open(Path gzip) throws IOException {
        return new GZIPInputStream(new FileInputStream(gzip.toFile()), BUFFER);
    }

    /** Reads it through. */
    static long inflate(Path gzip) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long length = 0;
        try (InputStream in = open(gzip)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                length += count;
            }
        }
        return length;
    }

    /** Reads it through, and writes that many bytes of no meaning. */
    static void inflateAndWrite(Path gzip, Path target, long length) throws IOException {
        inflate(gzip);
        byte[] chunk = new byte[BUFFER];
        try (OutputStream out = new FileOutputStream(target.toFile())) {
            for (long left = length; left > 0; left -= chunk.length) {
                out.write(chunk, 0, (int) Math.min(left, chunk.length));
            }
        }
    }

    /** Writes its events as NDJSON. */
    static void transform(Path gzip, Path target) throws IOException {
        try (InputStream in = open(gzip);
                OutputStream out = new FileOutputStream(target.toFile())) {
            EventTransformer.flattened().transform(in, out, row -> {
                throw new IllegalStateException("this line is an event: " + row);
            });
        }
    }
}
