package io.waybill.archive;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket, and what the keys of an archive in it begin with.
 *
 * @param prefix empty, or ending in a slash
 */
record S3Location(String bucket, String prefix) {

    private static final Pattern S3 = Pattern.compile("(?i)s3[an]?:.*", Pattern.DOTALL);
    private static final Pattern PARTS =
            Pattern.compile("(?i:s3[an]?)://(?<bucket>[A-Za-z0-9._-]+)(?:/(?<prefix>.*))?", Pattern.DOTALL);

    /** Whether a text means S3, if not always rightly. */
    static boolean isMeantBy(String location) {
        return S3.matcher(location).matches();
    }

    static S3Location parse(String location) {
        Matcher parts = PARTS.matcher(location);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no place in S3, want one such as s3://bucket/enriched/archive/".formatted(location));
        }
        String prefix = parts.group("prefix") == null ? "" : parts.group("prefix");
        return new S3Location(parts.group("bucket"), prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
    }

    /** Where an object is. */
    String of(String key) {
        return "s3://%s/%s".formatted(bucket, key);
    }

    @Override
    public String toString() {
        return of(prefix);
    }
}
