package io.waybill.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;

/** The bytes of a file as stored, counted while they are read. */
final class StoredFile extends FilterInputStream {

    /** How files begin that are compressed in a way that is not read, by the formats' own pages; no text begins so. */
    private static final Map<String, String> OTHER_FORMATS = Map.of(
            "28b52ffd", "zstd",
            "425a68..314159265359", "bzip2",
            "fd377a585a00", "xz",
            "894c5a4f000d0a1a0a", "lzop",
            "04224d18", "LZ4",
            "504b0304", "ZIP");

    private static final int LONGEST_START = 10;

    private final String file;
    private final long size;
    private final LongConsumer progress;
    private long count;

    private StoredFile(InputStream in, String file, long size, LongConsumer progress) {
        super(in);
        this.file = file;
        this.size = size;
        this.progress = progress;
    }

    /** The content of a file of that size: inflated if the bytes are gzip. Closes the bytes with itself, or if it throws. */
    @SuppressWarnings("resource") // the result owns them
    static InputStream decompressed(InputStream bytes, String file, long size, LongConsumer progress)
            throws IOException {
        PushbackInputStream stored =
                new PushbackInputStream(new StoredFile(bytes, file, size, progress), LONGEST_START);
        try {
            byte[] start = stored.readNBytes(LONGEST_START);
            stored.unread(start);
            if (start.length >= 2
                    && (start[0] & 0xff) == GzipMembers.MAGIC_0
                    && (start[1] & 0xff) == GzipMembers.MAGIC_1) {
                return new GzipMembers(stored, file);
            }
            if (file.toLowerCase(Locale.ROOT).endsWith(".gz")) {
                String first = start.length == 0
                        ? "is empty"
                        : "starts with the bytes "
                                + HexFormat.ofDelimiter(" ").formatHex(start, 0, Math.min(2, start.length));
                throw new IOException("%s: named .gz, but not gzip: it %s, want 1f 8b".formatted(file, first));
            }
            String found = HexFormat.of().formatHex(start);
            for (Map.Entry<String, String> other : OTHER_FORMATS.entrySet()) {
                if (found.matches(other.getKey() + ".*")) {
                    throw new IOException(
                            "%s: it starts as %s does, want plain text or gzip".formatted(file, other.getValue()));
                }
            }
            return stored;
        } catch (IOException | RuntimeException e) {
            try (stored) {
                throw e;
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int read;
        try {
            read = in.read(to, offset, length);
        } catch (IOException e) {
            throw new IOException("%s: cannot be read at byte %d: %s".formatted(file, count, e.getMessage()), e);
        }
        if (read < 0 && count != size) {
            throw new IOException(
                    "%s: it ends after %d bytes and had %d when its run was looked into: it has changed meanwhile"
                            .formatted(file, count, size));
        }
        if (read > 0) {
            count += read;
            progress.accept(read);
        }
        return read;
    }

    /** Reads what it skips, so that it is counted. */
    @Override
    public long skip(long bytes) throws IOException {
        byte[] skipped = new byte[(int) Math.max(0, Math.min(bytes, GzipMembers.BUFFER))];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
