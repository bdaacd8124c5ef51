package io.waybill.manifest;

import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.RunManifestStoreProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Opens a store by its location, with the backend on the class path that serves it.
 *
 * <p>The location's scheme decides: {@code dynamodb:…}, {@code jdbc:…}, {@code memory:}. Without a location: the option or
 * system property {@value #STORE_PROPERTY}, then the environment's {@value #STORE_VARIABLE}; then, if exactly one backend
 * is on the class path and it needs no configuration, that one; otherwise an error that says what was found and what to
 * set. Backends are looked for through the thread's context class loader, then through this class's own. One that cannot
 * be loaded hides no other.
 */
public final class RunManifestStores {

    /** The option and system property that holds the location. */
    public static final String STORE_PROPERTY = "waybill.store";

    /** The environment variable that holds the location. */
    public static final String STORE_VARIABLE = "WAYBILL_STORE";

    private static final Map<String, String> OURS =
            Map.of("memory", "manifest-inmemory", "jdbc", "manifest-jdbc", "dynamodb", "manifest-dynamodb");

    private static final String EXAMPLES = "jdbc:postgresql:…, jdbc:h2:…, dynamodb:… or memory:";

    // a class loader that keeps failing must not keep us
    private static final int MAX_BROKEN = 100;

    private final List<RunManifestStoreProvider> found = new ArrayList<>();
    private final Set<String> broken = new LinkedHashSet<>();
    private final List<String> searched = new ArrayList<>();

    private RunManifestStores(List<ClassLoader> loaders) {
        for (ClassLoader loader : loaders) {
            searched.add(loader.toString());
            load(ServiceLoader.load(RunManifestStoreProvider.class, loader));
        }
    }

    /**
     * Opens the store that the configuration names, or that needs none.
     *
     * @return the store, which the caller closes
     * @throws NoSuchStoreException if no backend serves it, or none or several could
     */
    public static RunManifestStore open() {
        return open(Map.of());
    }

    /**
     * Opens the store that the options or the configuration name, or that needs none.
     *
     * @param options {@value #STORE_PROPERTY} for the location, the others for the backend
     * @return the store, which the caller closes
     * @throws NoSuchStoreException if no backend serves it, or none or several could
     * @throws IllegalArgumentException if an option is unknown; names the nearest valid one
     */
    public static RunManifestStore open(Map<String, String> options) {
        return open(options, System::getProperty, System::getenv, loaders());
    }

    /**
     * Opens the store at a location.
     *
     * @param location for example {@code memory:} or {@code jdbc:postgresql://db/etl?job=sessions}
     * @return the store, which the caller closes
     * @throws NoSuchStoreException if no backend on the class path serves it
     * @throws IllegalArgumentException if the location or an option in it is not understood
     */
    public static RunManifestStore open(String location) {
        return open(location, Map.of());
    }

    /**
     * Opens the store at a location.
     *
     * @param location for example {@code memory:} or {@code jdbc:postgresql://db/etl}
     * @param options for the backend; they win over those in the location
     * @return the store, which the caller closes
     * @throws NoSuchStoreException if no backend on the class path serves it
     * @throws IllegalArgumentException if the location or an option is not understood; names the nearest valid option
     */
    public static RunManifestStore open(String location, Map<String, String> options) {
        return new RunManifestStores(loaders()).openAt(location, options);
    }

    static RunManifestStore open(
            Map<String, String> options,
            Function<String, @Nullable String> properties,
            Function<String, @Nullable String> environment,
            List<ClassLoader> loaders) {
        Map<String, String> others = new LinkedHashMap<>(options);
        String fromOption = others.remove(STORE_PROPERTY);
        RunManifestStores stores = new RunManifestStores(loaders);
        String location = Stream.of(
                        Optional.ofNullable(fromOption),
                        Optional.ofNullable(properties.apply(STORE_PROPERTY)),
                        Optional.ofNullable(environment.apply(STORE_VARIABLE)))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(stores::onlyLocation);
        return stores.openAt(location, others);
    }

    private RunManifestStore openAt(String location, Map<String, String> options) {
        int colon = location.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(
                    "'%s' is no store location, want scheme:address such as memory: or jdbc:h2:./runs"
                            .formatted(location));
        }
        String scheme = location.substring(0, colon);
        List<RunManifestStoreProvider> serving =
                found.stream().filter(p -> p.scheme().equals(scheme)).toList();
        if (serving.isEmpty()) {
            String artifact = OURS.get(scheme);
            throw new NoSuchStoreException(
                    "no backend on the class path serves '%s:' (%s in a fat jar, is its META-INF/services file merged with the others?); %s"
                            .formatted(
                                    scheme,
                                    artifact == null
                                            ? "want for example " + EXAMPLES + ", or is another's backend missing?"
                                            : "is io.waybill:" + artifact + " there?",
                                    whatWasFound()));
        }
        if (serving.size() > 1) {
            throw new NoSuchStoreException("several backends serve '%s:', leave one of them on the class path: %s"
                    .formatted(scheme, names(serving)));
        }
        return serving.get(0).open(location, options);
    }

    private String onlyLocation() {
        if (found.size() == 1) {
            Optional<String> location = found.get(0).defaultLocation();
            if (location.isPresent()) {
                return location.get();
            }
        }
        throw new NoSuchStoreException(
                "no store is configured: set the system property %s or the environment variable %s; %s"
                        .formatted(STORE_PROPERTY, STORE_VARIABLE, whatWasFound()));
    }

    private String whatWasFound() {
        return "found %s; looked through %s%s"
                .formatted(
                        found.isEmpty() ? "no backend" : names(found),
                        String.join(", ", searched),
                        broken.isEmpty() ? "" : "; could not load " + String.join(", ", broken));
    }

    private void load(ServiceLoader<RunManifestStoreProvider> loader) {
        Iterator<RunManifestStoreProvider> providers = loader.iterator();
        for (int failures = 0; failures < MAX_BROKEN; ) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                add(providers.next());
            } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                // whatever it is, the code is another's and must not hide the others
                failures++;
                broken.add(e.getCause() == null ? e.toString() : e + " (" + e.getCause() + ")");
            }
        }
    }

    /** Adds what was not found before: a class loader also finds what its parents do. */
    private void add(RunManifestStoreProvider provider) {
        String name = name(provider);
        if (found.stream().noneMatch(p -> name(p).equals(name))) {
            found.add(provider);
        }
    }

    private static String names(List<RunManifestStoreProvider> providers) {
        return providers.stream().map(RunManifestStores::name).collect(Collectors.joining(", "));
    }

    private static String name(RunManifestStoreProvider provider) {
        return "%s: (%s)".formatted(provider.scheme(), provider.getClass().getName());
    }

    private static List<ClassLoader> loaders() {
        return Stream.of(Thread.currentThread().getContextClassLoader(), RunManifestStores.class.getClassLoader())
                .flatMap(Stream::ofNullable)
                .distinct()
                .toList();
    }
}
