package io.waybill.manifest.spi;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A location taken apart: {@code scheme:address?option=value&option=value}, with the options given beside it.
 *
 * @param address what stands between the scheme and the question mark
 * @param options the options of the location, percent-decoded, overridden by those given beside it
 */
public record StoreLocation(String address, Map<String, String> options) {

    /** The option, common to all backends, that names the job whose records a store holds. */
    public static final String JOB = "job";

    /** The job of a store for which none is named. */
    public static final String DEFAULT_JOB = "default";

    @SuppressWarnings("doclint:missing") // the components are documented above
    public StoreLocation {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /**
     * Takes a location apart.
     *
     * @param location the whole location
     * @param beside the options given beside it, which win
     * @param known every option that the backend understands, beside {@link #JOB}
     * @return its parts
     * @throws IllegalArgumentException if an option is unknown; names the nearest valid one
     */
    public static StoreLocation parse(String location, Map<String, String> beside, Set<String> known) {
        int query = location.indexOf('?');
        String path = query < 0 ? location : location.substring(0, query);
        Map<String, String> options = new LinkedHashMap<>();
        if (query >= 0) {
            for (String option : location.substring(query + 1).split("&", -1)) {
                int equals = option.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException(
                            "store location %s: '%s' is no option, want name=value".formatted(path, option));
                }
                String name = option.substring(0, equals);
                options.put(name, decoded(option.substring(equals + 1), name, path));
            }
        }
        options.putAll(beside);
        requireKnown(options.keySet(), known, path);
        return new StoreLocation(path.substring(path.indexOf(':') + 1), options);
    }

    /**
     * Checks the names of options.
     *
     * @param names the names that were given
     * @param known every name that the backend understands, beside {@link #JOB}
     * @param where the location without its options and without secrets, for the message
     * @throws IllegalArgumentException if a name is unknown; names the nearest valid one
     */
    public static void requireKnown(Set<String> names, Set<String> known, String where) {
        TreeSet<String> valid = new TreeSet<>(known);
        valid.add(JOB);
        for (String name : names) {
            if (!valid.contains(name)) {
                String nearest = Collections.min(valid, Comparator.comparingInt(other -> distance(name, other)));
                throw new IllegalArgumentException(
                        "store location %s: unknown option '%s', did you mean '%s'? (valid: %s)"
                                .formatted(where, name, nearest, String.join(", ", valid)));
            }
        }
    }

    /**
     * The job whose records the store holds.
     *
     * @return the option {@link #JOB}, or {@value #DEFAULT_JOB}
     */
    public String job() {
        return options.getOrDefault(JOB, DEFAULT_JOB);
    }

    private static String decoded(String value, String name, String where) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // neither shown nor kept as the cause: it quotes the value, which may be a secret
            throw new IllegalArgumentException(
                    "store location %s: option '%s' holds a broken percent escape, want %%25 for a percent sign"
                            .formatted(where, name));
        }
    }

    /** Levenshtein's distance of two short texts. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
