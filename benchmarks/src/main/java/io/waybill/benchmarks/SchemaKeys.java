package io.waybill.benchmarks;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The key part of each schema, worked out once. */
final class SchemaKeys {

    private static final Pattern URI =
            Pattern.compile("iglu:([A-Za-z0-9_.-]+)/([A-Za-z0-9_-]+)/[A-Za-z0-9_-]+/([1-9][0-9]*)-[0-9]+-[0-9]+");
    private static final Pattern WORD_START = Pattern.compile("(?<=[^A-Z_])(?=[A-Z])");

    private final Map<String, String> keys = new HashMap<>();

    /** The vendor, name and model of an Iglu URI as they stand in a key. */
    String key(String uri) {
        return keys.computeIfAbsent(uri, SchemaKeys::derive);
    }

    /** The same in the way of the Analytics SDKs, which work it out for each entity, with expressions compiled each time. */
    static String plain(String uri) {
        String[] parts = uri.substring("iglu:".length()).split("/", -1);
        String vendor = parts[0].replaceAll("[.-]", "_");
        String name = parts[1].replaceAll("-", "_").replaceAll("([^A-Z_])([A-Z])", "$1_$2");
        return (vendor + "_" + name).toLowerCase(Locale.ROOT) + "_" + parts[3].split("-", -1)[0];
    }

    private static String derive(String uri) {
        Matcher parts = URI.matcher(uri);
        if (!parts.matches()) {
            throw new IllegalArgumentException("schema is '%s', want iglu:vendor/name/format/1-0-0".formatted(uri));
        }
        String vendor = parts.group(1).replace('.', '_').replace('-', '_');
        String name = WORD_START.matcher(parts.group(2).replace('-', '_')).replaceAll("_");
        return (vendor + "_" + name).toLowerCase(Locale.ROOT) + "_" + parts.group(3);
    }
}
