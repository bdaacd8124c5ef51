package io.waybill.manifest.jdbc;

import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.RunManifestStoreProvider;
import io.waybill.manifest.spi.StoreLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Opens {@code jdbc:} locations: the URL of a database on PostgreSQL or H2, whose driver is on the class path.
 *
 * <p>Options, in the URL behind a question mark or beside it: {@code job}, {@code table}; beside it only: {@code user} and
 * {@code password}, which for PostgreSQL may also stand before the host, as in {@code //user:password@host/database}. Whatever else the URL holds is the driver's. A pool of one's own goes with
 * {@link JdbcRunManifestStore#builder}.
 */
public final class JdbcRunManifestStoreProvider implements RunManifestStoreProvider {

    private static final Set<String> OPTIONS = Set.of("table", "user", "password");
    private static final Set<String> OURS = Set.of(StoreLocation.JOB, "table");
    private static final Pattern QUERY = Pattern.compile("(?<url>[^?]*)\\?(?<query>.*)(?<rest>)");
    private static final Pattern LOGIN = Pattern.compile("(?<scheme>jdbc:postgresql://)(?<login>[^/?]*)@(?<rest>.*)");
    private static final Pattern H2_QUERY = Pattern.compile("(?<url>[^?]*)\\?(?<query>[^;]*)(?<rest>.*)");

    /** For {@link java.util.ServiceLoader}. */
    public JdbcRunManifestStoreProvider() {}

    @Override
    public String scheme() {
        return "jdbc";
    }

    @Override
    public RunManifestStore open(String location, Map<String, String> options) {
        Map<String, String> settings = new LinkedHashMap<>();
        String url = withoutLogin(withoutOurs(location, settings), settings);
        StoreLocation.requireKnown(options.keySet(), OPTIONS, withoutSecrets(url));
        settings.putAll(options);

        Properties login = new Properties();
        for (String name : List.of("user", "password")) {
            if (settings.containsKey(name)) {
                login.setProperty(name, settings.get(name));
            }
        }
        Connections connections = H2FileConnections.of(url, login).orElseGet(() -> new UrlConnections(url, login));
        return JdbcRunManifestStore.builder(connections, withoutSecrets(url))
                .job(settings.getOrDefault(StoreLocation.JOB, StoreLocation.DEFAULT_JOB))
                .table(settings.getOrDefault("table", JdbcRunManifestStore.DEFAULT_TABLE))
                .build();
    }

    /**
     * The URL for the driver: our own options are taken out of its query and put into the settings. H2 has no query and
     * would take it for a part of the file's name, so nothing else may stand in it.
     */
    private static String withoutOurs(String location, Map<String, String> settings) {
        boolean h2 = location.startsWith("jdbc:h2:");
        Matcher parts = (h2 ? H2_QUERY : QUERY).matcher(location);
        if (!parts.matches()) {
            return location;
        }
        List<String> drivers = new ArrayList<>();
        for (String option : parts.group("query").split("&", -1)) {
            String name = option.substring(0, Math.max(0, option.indexOf('=')));
            if (h2 || OURS.contains(name)) {
                String shown = withoutSecrets(location) + "?" + option;
                settings.putAll(StoreLocation.parse(shown, Map.of(), OURS).options());
            } else {
                requireNoSlip(name, withoutSecrets(location));
                drivers.add(option);
            }
        }
        return parts.group("url") + (drivers.isEmpty() ? "" : "?" + String.join("&", drivers)) + parts.group("rest");
    }

    /** The driver's options may have any name; it takes no notice of those that it does not know, so slips of ours are told here. */
    private static void requireNoSlip(String name, String where) {
        for (String option : OURS) {
            if (isSlip(name.toLowerCase(Locale.ROOT), option)) {
                throw new IllegalArgumentException(
                        "store location %s: option '%s', did you mean '%s'?".formatted(where, name, option));
            }
        }
    }

    /** Whether two names have the same letters, or one of them has a letter more. */
    private static boolean isSlip(String name, String option) {
        if (name.length() == option.length()) {
            return Arrays.equals(
                    name.chars().sorted().toArray(), option.chars().sorted().toArray());
        }
        String longer = name.length() > option.length() ? name : option;
        String shorter = name.length() > option.length() ? option : name;
        return IntStream.range(0, longer.length())
                .anyMatch(i -> (longer.substring(0, i) + longer.substring(i + 1)).equals(shorter));
    }

    /**
     * The URL for PostgreSQL's driver, which would take {@code user:password@} for a part of the host's name and show it: they
     * are taken out and put into the settings, percent-decoded.
     */
    private static String withoutLogin(String url, Map<String, String> settings) {
        Matcher parts = LOGIN.matcher(url);
        if (!parts.matches()) {
            return url;
        }
        String host = parts.group("scheme") + parts.group("rest");
        String login = parts.group("login").replace("&", "%26");
        String options = "user=" + login.replaceFirst(":", "&password=");
        settings.putAll(StoreLocation.parse(withoutSecrets(host) + "?" + options, Map.of(), OPTIONS)
                .options());
        return host;
    }

    /** The URL as it may be shown: up to the first parameter, and without a user's name and password before the host. */
    static String withoutSecrets(String url) {
        // first the password, which may hold any of the characters that end the other parts
        return url.replaceFirst("//(?:[^/]*|[^?;]*)@", "//").replaceFirst("[?;].*", "");
    }
}
