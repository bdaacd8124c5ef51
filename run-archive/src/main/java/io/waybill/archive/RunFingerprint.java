package io.waybill.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.waybill.manifest.RunId;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the input files of a run were at one moment, in little space: kept with a run's record, it tells later whether
 * files came, went or changed.
 *
 * @param files how many there were
 * @param bytes the sum of their sizes as stored
 * @param newest when the newest of them was modified; the epoch if there were none
 * @param digest 32 hexadecimal digits over the name, size and etag of each file, or its time where there is no etag
 */
public record RunFingerprint(int files, long bytes, Instant newest, String digest) {

    private static final int DIGITS = 32;

    /** What has become of a run since a fingerprint was taken. */
    public enum Change {
        /** It has the same files. */
        UNCHANGED,
        /** Files came, went or changed. */
        DRIFTED,
        /** It has no input files any more. */
        VANISHED
    }

    /**
     * The fingerprint of some files.
     *
     * @param files the input files of one run, in any order
     * @return their fingerprint
     */
    public static RunFingerprint of(List<RunFile> files) {
        long bytes = files.stream().mapToLong(RunFile::size).sum();
        Instant newest = files.stream()
                .map(RunFile::modified)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        return new RunFingerprint(files.size(), bytes, newest, digestOf(files));
    }

    /**
     * The fingerprint that {@link #toDetails} wrote.
     *
     * @param details a record's details
     * @return the fingerprint; empty if there is none among them, or none that can be read
     */
    public static Optional<RunFingerprint> fromDetails(Map<String, String> details) {
        try {
            return Optional.of(new RunFingerprint(
                    Integer.parseInt(details.getOrDefault("files", "")),
                    Long.parseLong(details.getOrDefault("bytes", "")),
                    Instant.parse(details.getOrDefault("newest", "")),
                    Optional.ofNullable(details.get("digest")).orElseThrow(NumberFormatException::new)));
        } catch (NumberFormatException | DateTimeParseException e) {
            return Optional.empty(); // a record of another making is an answer
        }
    }

    /**
     * The details to commit a run with.
     *
     * @return the entries {@code files}, {@code bytes}, {@code newest} and {@code digest}
     */
    public Map<String, String> toDetails() {
        return Map.of(
                "files", Integer.toString(files),
                "bytes", Long.toString(bytes),
                "newest", newest.toString(),
                "digest", digest);
    }

    /**
     * Looks into a run again. Restoring objects or moving them between storage classes by lifecycle rules changes nothing;
     * copying files may.
     *
     * @param archive where the run was
     * @param run the run whose fingerprint this is
     * @return what has become of it
     * @throws IOException if the run's files cannot be listed
     */
    public Change since(RunArchive archive, RunId run) throws IOException {
        List<RunFile> now;
        try {
            now = archive.inspect(run).files();
        } catch (NoSuchFileException e) {
            return Change.VANISHED;
        }
        if (now.isEmpty() && files > 0) {
            return Change.VANISHED;
        }
        return digestOf(now).equals(digest) ? Change.UNCHANGED : Change.DRIFTED;
    }

    private static String digestOf(List<RunFile> files) {
        List<RunFile> inOrder = files.stream()
                .sorted(Comparator.comparing(RunFile::name, Names.BYTE_ORDER))
                .toList();
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            try (DataOutputStream out =
                    new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), sha))) {
                for (RunFile file : inOrder) {
                    write(out, file.name());
                    out.writeLong(file.size());
                    write(out, file.etag().isEmpty() ? file.modified().toString() : file.etag());
                }
            }
            return HexFormat.of().formatHex(sha.digest()).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException("nothing was written to", e);
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length); // so that no two lists of texts are one sequence of bytes
        out.write(bytes);
    }
}
