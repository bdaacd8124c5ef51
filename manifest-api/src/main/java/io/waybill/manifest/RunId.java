package io.waybill.manifest;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key of a run as an archive lists it, such as {@code enriched/archive/run=2017-04-11-10-00-00/}.
 *
 * <p>Any text that is not blank, holds no control character and no lone surrogate, and takes at most
 * {@value #MAX_BYTES} bytes in UTF-8; the constructor throws {@link InvalidRunIdException} for any other. The order is that of the UTF-8 bytes, the same in every backend.
 *
 * @param key the text, verbatim
 */
public record RunId(String key) implements Comparable<RunId> {

    /** The most bytes a key may take in UTF-8: the longest key that S3 allows. */
    public static final int MAX_BYTES = 1024;

    private static final Pattern STARTED_AT =
            Pattern.compile("(?s)(?:.*/)?run=(\\d{4})-(\\d{2})-(\\d{2})-(\\d{2})-(\\d{2})-(\\d{2})(?:-[^/]+)?/?");

    @SuppressWarnings("doclint:missing") // the components are documented above
    public RunId {
        if (key.isBlank()) {
            throw new InvalidRunIdException("a run id cannot be blank");
        }
        key.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || isSurrogate(c)) {
                throw new InvalidRunIdException("a run id cannot hold U+%04X: '%s'".formatted(c, Texts.clip(key, 100)));
            }
        });
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new InvalidRunIdException("a run id takes at most %d bytes in UTF-8, this one takes %d: '%s'"
                    .formatted(MAX_BYTES, bytes, Texts.clip(key, 100)));
        }
    }

    /**
     * The time that a name such as {@code run=2017-04-11-10-00-00/} or {@code run=2017-04-11-10-00-00-replay/} tells,
     * read as UTC; empty where the last part of the key has no such name or names no real time.
     *
     * @return when the run started, by its name
     */
    public Optional<Instant> startedAt() {
        Matcher name = STARTED_AT.matcher(key);
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            LocalDateTime time = LocalDateTime.of(
                    Integer.parseInt(name.group(1)),
                    Integer.parseInt(name.group(2)),
                    Integer.parseInt(name.group(3)),
                    Integer.parseInt(name.group(4)),
                    Integer.parseInt(name.group(5)),
                    Integer.parseInt(name.group(6)));
            return Optional.of(time.toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty(); // 2017-02-30 is a name, not a time
        }
    }

    /** Compares by the bytes of the keys in UTF-8. */
    @Override
    public int compareTo(RunId other) {
        return Texts.compareUtf8(key, other.key);
    }

    /** The key. */
    @Override
    public String toString() {
        return key;
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
