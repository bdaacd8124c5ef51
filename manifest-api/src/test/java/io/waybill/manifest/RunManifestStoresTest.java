package io.waybill.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.RunManifestStoreProvider;
import io.waybill.manifest.spi.StoreLocation;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunManifestStoresTest {

    private static final String SERVICE = "META-INF/services/" + RunManifestStoreProvider.class.getName();

    @TempDir
    private Path folder;

    private final List<URLClassLoader> loaders = new ArrayList<>();

    @AfterEach
    void closeLoaders() throws IOException {
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
    }

    // the scheme decides

    @Test
    void theSchemeDecides() throws IOException {
        ClassLoader both = jars(of(Plain.class), of(NeedsAddress.class));
        assertThat(open("plain:", both)).hasToString("Plain plain: {}");
        assertThat(open("remote:table?region=x", both)).hasToString("NeedsAddress remote:table?region=x {}");
    }

    @Test
    void theOptionsForTheBackendReachItAndTheLocationDoesNot() throws IOException {
        Map<String, String> options = Map.of("waybill.store", "remote:table", "job", "sessions");
        assertThat(open(options, Map.of(), Map.of(), jars(of(NeedsAddress.class))))
                .hasToString("NeedsAddress remote:table {job=sessions}");
    }

    @Test
    void anUnknownSchemeListsWhatWasFoundAndWhereItLooked() throws IOException {
        ClassLoader found = jars(of(Plain.class), of(NeedsAddress.class));
        ClassLoader empty = jars();
        assertThatThrownBy(() -> open("s3:bucket", found, empty))
                .isInstanceOf(NoSuchStoreException.class)
                .hasMessage(
                        "no backend on the class path serves 's3:' (want for example jdbc:postgresql:…, jdbc:h2:…, dynamodb:… or"
                                + " memory:, or is another's backend missing? in a fat jar, is its META-INF/services file merged with the others?); found plain: (%s), remote: (%s); looked through %s, %s"
                                        .formatted(Plain.class.getName(), NeedsAddress.class.getName(), found, empty));
    }

    @Test
    void theSchemeOfABackendOfOursNamesTheModuleItIsIn() {
        Map.of("memory:", "inmemory", "jdbc:h2:runs", "jdbc", "dynamodb:runs", "dynamodb")
                .forEach((location, module) -> assertThatThrownBy(() -> open(location))
                        .isInstanceOf(NoSuchStoreException.class)
                        .hasMessage(
                                "no backend on the class path serves '%s:' (is io.waybill:manifest-%s there? in a fat jar, is its"
                                        + " META-INF/services file merged with the others?); found no backend; looked through ",
                                location.replaceFirst(":.*", ""), module));
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres://user:secret@db/etl", "mem:"})
    void aSchemeOfNobodysNamesNoModuleButTheLocationsThereAre(String location) {
        assertThatThrownBy(() -> open(location))
                .isInstanceOf(NoSuchStoreException.class)
                .hasMessageContaining("want for example jdbc:postgresql:…, jdbc:h2:…, dynamodb:… or memory:")
                .hasMessageNotContainingAny("io.waybill:", "secret");
    }

    @Test
    void aLocationWithoutASchemeIsNone() throws IOException {
        ClassLoader loader = jars(of(Plain.class));
        for (String location : List.of("", "runs", ":runs")) {
            assertThatThrownBy(() -> open(location, loader))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "'%s' is no store location, want scheme:address such as memory: or jdbc:h2:./runs",
                            location);
        }
    }

    // option, system property, environment, the only backend: each beats the next

    @Test
    void theOptionBeatsTheSystemPropertyWhichBeatsTheEnvironmentWhichBeatsTheOnlyBackend() throws IOException {
        ClassLoader loader = jars(of(Plain.class));
        Map<String, String> option = Map.of("waybill.store", "plain:option");
        Map<String, String> property = Map.of("waybill.store", "plain:property");
        Map<String, String> variable = Map.of("WAYBILL_STORE", "plain:variable");

        assertThat(open(option, property, variable, loader)).hasToString("Plain plain:option {}");
        assertThat(open(option, Map.of(), variable, loader)).hasToString("Plain plain:option {}");
        assertThat(open(Map.of(), property, variable, loader)).hasToString("Plain plain:property {}");
        assertThat(open(Map.of(), Map.of(), variable, loader)).hasToString("Plain plain:variable {}");
        assertThat(open(Map.of(), Map.of(), Map.of(), loader)).hasToString("Plain plain:default {}");
    }

    @Test
    void theNamesOfThePropertyAndTheVariableAreNotMixedUp() throws IOException {
        Map<String, String> crossed = Map.of("WAYBILL_STORE", "plain:crossed");
        Map<String, String> wrong = Map.of("waybill.store", "plain:crossed");
        assertThat(open(Map.of(), crossed, wrong, jars(of(Plain.class)))).hasToString("Plain plain:default {}");
    }

    @Test
    void theOnlyBackendIsTakenWithItsOptionsIfItNeedsNoConfiguration() throws IOException {
        assertThat(open(Map.of("job", "sessions"), Map.of(), Map.of(), jars(of(Plain.class))))
                .hasToString("Plain plain:default {job=sessions}");
    }

    @Test
    void theOnlyBackendIsNotTakenIfItNeedsConfiguration() throws IOException {
        ClassLoader loader = jars(of(NeedsAddress.class));
        assertNothingIsConfigured("found remote: (%s)".formatted(NeedsAddress.class.getName()), loader);
    }

    @Test
    void ofSeveralBackendsNoneIsTaken() throws IOException {
        assertNothingIsConfigured(
                "found plain: (%s), remote: (%s)".formatted(Plain.class.getName(), NeedsAddress.class.getName()),
                jars(of(Plain.class), of(NeedsAddress.class)));
        assertNothingIsConfigured(
                "found plain: (%s), plain: (%s)".formatted(Plain.class.getName(), OtherPlain.class.getName()),
                jars(of(Plain.class), of(OtherPlain.class)));
    }

    @Test
    void withoutABackendNothingIsTaken() throws IOException {
        assertNothingIsConfigured("found no backend", jars());
    }

    private static void assertNothingIsConfigured(String found, ClassLoader loader) {
        assertThatThrownBy(() -> open(Map.of(), Map.of(), Map.of(), loader))
                .isInstanceOf(NoSuchStoreException.class)
                .hasMessage(
                        "no store is configured: set the system property waybill.store or the environment variable"
                                + " WAYBILL_STORE; %s; looked through %s",
                        found, loader);
    }

    // where backends are looked for

    @Test
    void whatTheFirstClassLoaderFindsComesFirstAndTheSecondAddsToIt() throws IOException {
        ClassLoader first = jars(of(NeedsAddress.class));
        ClassLoader second = jars(of(Plain.class));
        assertThat(open("plain:", first, second)).hasToString("Plain plain: {}");
        assertThatThrownBy(() -> open("s3:", first, second))
                .hasMessageContaining(
                        "found remote: (%s), plain: (%s)", NeedsAddress.class.getName(), Plain.class.getName());
    }

    @Test
    void aBackendThatSeveralClassLoadersFindIsOne() throws IOException {
        ClassLoader parent = jars(of(Plain.class));
        ClassLoader child = child(parent);
        assertThat(open(Map.of(), Map.of(), Map.of(), child, parent)).hasToString("Plain plain:default {}");
        assertThatThrownBy(() -> open("s3:", child, parent))
                .hasMessageContaining("found plain: (%s); looked", Plain.class.getName());
    }

    // broken providers

    static Stream<Arguments> brokenServicesAndWhatIsSaidOfThem() {
        return Stream.of(
                Arguments.of("no.such.Provider", "Provider no.such.Provider not found"),
                Arguments.of(of(RunId.class), of(RunId.class) + " not a subtype"),
                Arguments.of("this is no class name", "Illegal configuration-file syntax"),
                Arguments.of(of(Throwing.class), "(java.lang.IllegalStateException: constructor)"),
                Arguments.of(of(BadlyInitialised.class), of(BadlyInitialised.class) + " could not be instantiated"),
                Arguments.of(of(Private.class), of(Private.class) + " Unable to get public no-arg constructor"),
                Arguments.of(of(WithoutScheme.class), "could not load java.lang.IllegalStateException: scheme"));
    }

    @ParameterizedTest
    @MethodSource("brokenServicesAndWhatIsSaidOfThem")
    void aBrokenProviderIsReportedAndHidesNoOther(String broken, String report) throws IOException {
        ClassLoader loader = jars(broken, of(Plain.class));

        assertThat(open("plain:", loader)).hasToString("Plain plain: {}");
        assertThat(open(Map.of(), Map.of(), Map.of(), loader)).hasToString("Plain plain:default {}");
        assertThatThrownBy(() -> open("s3:", loader))
                .isInstanceOf(NoSuchStoreException.class)
                .hasMessageContaining("found plain: (%s); looked", Plain.class.getName())
                .hasMessageContaining("; could not load ")
                .hasMessageContaining(report);
        assertThatThrownBy(() -> open(Map.of(), Map.of(), Map.of(), jars(broken)))
                .isInstanceOf(NoSuchStoreException.class)
                .hasMessageStartingWith("no store is configured: set")
                .hasMessageContaining("found no backend; looked")
                .hasMessageContaining("; could not load ");
    }

    @Test
    void aProviderWhoseOwnDependencyIsMissingIsReportedAndHidesNoOther() throws IOException {
        ClassLoader loader = new ClassLoader(jars(of(NeedsAddress.class), of(Plain.class))) {
            @Override
            public Class<?> loadClass(String name) throws ClassNotFoundException {
                if (name.equals(NeedsAddress.class.getName())) {
                    throw new NoClassDefFoundError("software/amazon/awssdk/Client");
                }
                return super.loadClass(name);
            }
        };
        assertThat(open("plain:", loader)).hasToString("Plain plain: {}");
        assertThatThrownBy(() -> open("remote:runs", loader))
                .isInstanceOf(NoSuchStoreException.class)
                .hasMessageContaining("serves 'remote:'")
                .hasMessageContaining("could not load java.lang.NoClassDefFoundError: software/amazon/awssdk/Client");
    }

    @Test
    void aClassLoaderThatAlwaysFailsIsReportedOnceAndHidesNoOther() throws IOException {
        ClassLoader failing = new ClassLoader(null) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                throw new IOException("the network is down");
            }
        };
        ClassLoader good = jars(of(Plain.class));
        assertThat(open("plain:", failing, good)).hasToString("Plain plain: {}");
        assertThatThrownBy(() -> open("s3:", failing, good))
                .hasMessageContaining("found plain: (%s)", Plain.class.getName())
                .extracting(e -> String.valueOf(e.getMessage()).split("the network is down", -1).length - 1)
                .isEqualTo(1);
    }

    @Test
    void aBrokenProviderThatSeveralClassLoadersFindIsReportedOnce() throws IOException {
        ClassLoader parent = jars("no.such.Provider");
        assertThatThrownBy(() -> open("plain:", child(parent), parent))
                .extracting(e -> String.valueOf(e.getMessage()).split("no\\.such\\.Provider", -1).length - 1)
                .isEqualTo(1);
    }

    // two backends of one scheme

    @Test
    void twoBackendsOfOneSchemeAreAnErrorThatNamesBoth() throws IOException {
        ClassLoader loader = jars(of(Plain.class), of(OtherPlain.class));
        assertThatThrownBy(() -> open("plain:", loader))
                .isInstanceOf(NoSuchStoreException.class)
                .hasMessage(
                        "several backends serve 'plain:', leave one of them on the class path:"
                                + " plain: (%s), plain: (%s)",
                        Plain.class.getName(), OtherPlain.class.getName());
    }

    @Test
    void twoBackendsOfOneSchemeDoNotKeepAnotherSchemeFromBeingServed() throws IOException {
        ClassLoader loader = jars(of(Plain.class), of(OtherPlain.class), of(NeedsAddress.class));
        assertThat(open("remote:runs", loader)).hasToString("NeedsAddress remote:runs {}");
        assertThatThrownBy(() -> open("s3:", loader))
                .hasMessageContaining(Plain.class.getName())
                .hasMessageContaining(OtherPlain.class.getName())
                .hasMessageContaining(NeedsAddress.class.getName());
    }

    // what the backend refuses

    @Test
    void whatTheBackendDoesNotUnderstandIsPassedOn() throws IOException {
        ClassLoader loader = jars(of(Strict.class));
        assertThatThrownBy(() -> open(Map.of("jobb", "x"), Map.of(), Map.of(), loader))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("store location strict:: unknown option 'jobb', did you mean 'job'? (valid: job)");
    }

    // through the public methods

    @Test
    void theContextClassLoaderIsAskedAndThenOurOwn() throws Exception {
        ClassLoader context = jars(of(Plain.class));
        within(context, () -> {
            assertThat(RunManifestStores.open()).hasToString("Plain plain:default {}");
            assertThat(RunManifestStores.open("plain:x")).hasToString("Plain plain:x {}");
            assertThat(RunManifestStores.open("plain:x", Map.of("job", "j"))).hasToString("Plain plain:x {job=j}");
            assertThat(RunManifestStores.open(Map.of("waybill.store", "plain:y", "job", "j")))
                    .hasToString("Plain plain:y {job=j}");
            assertThatThrownBy(() -> RunManifestStores.open("s3:"))
                    .hasMessageEndingWith("looked through %s, %s", context, RunManifestStores.class.getClassLoader());
            return true;
        });
    }

    @Test
    void aThreadWithoutAContextClassLoaderAsksOurOwn() throws Exception {
        within(null, () -> {
            assertThatThrownBy(() -> RunManifestStores.open("s3:"))
                    .isInstanceOf(NoSuchStoreException.class)
                    .hasMessageEndingWith("looked through %s", RunManifestStores.class.getClassLoader());
            return true;
        });
    }

    @Test
    void theSystemPropertyNamesTheStore() throws Exception {
        String before = System.getProperty("waybill.store");
        System.setProperty("waybill.store", "remote:from-property");
        try {
            within(jars(of(Plain.class), of(NeedsAddress.class)), () -> {
                assertThat(RunManifestStores.open()).hasToString("NeedsAddress remote:from-property {}");
                assertThat(RunManifestStores.open("plain:")).hasToString("Plain plain: {}");
                assertThat(RunManifestStores.open(Map.of("waybill.store", "plain:")))
                        .hasToString("Plain plain: {}");
                return true;
            });
        } finally {
            if (before == null) {
                System.clearProperty("waybill.store");
            } else {
                System.setProperty("waybill.store", before);
            }
        }
    }

    private static void within(@Nullable ClassLoader context, Callable<Boolean> work) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(context);
        try {
            assertThat(work.call()).isTrue();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    // class paths and backends

    /** A class loader over a folder for each service, as a class path has a jar for each backend. */
    private URLClassLoader jars(String... services) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String service : services) {
            Path jar = Files.createTempDirectory(folder, "jar");
            Path file = jar.resolve(SERVICE);
            Files.createDirectories(jar.resolve("META-INF/services"));
            Files.writeString(file, service + "\n");
            urls.add(jar.toUri().toURL());
        }
        return loader(urls, RunManifestStoresTest.class.getClassLoader());
    }

    private URLClassLoader child(ClassLoader parent) {
        return loader(List.of(), parent);
    }

    private URLClassLoader loader(List<URL> urls, ClassLoader parent) {
        URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), parent);
        loaders.add(loader);
        return loader;
    }

    private static String of(Class<?> provider) {
        return provider.getName();
    }

    private static RunManifestStore open(String location, ClassLoader... loaders) {
        return open(Map.of("waybill.store", location), Map.of(), Map.of(), loaders);
    }

    private static RunManifestStore open(
            Map<String, String> options,
            Map<String, String> properties,
            Map<String, String> environment,
            ClassLoader... loaders) {
        return RunManifestStores.open(options, properties::get, environment::get, List.of(loaders));
    }

    /** Remembers what it was opened with, and holds nothing. */
    private record Opened(String provider, String location, Map<String, String> options) implements RunManifestStore {

        @Override
        public void create() {}

        @Override
        public Optional<RunRecord> find(RunId run) {
            return Optional.empty();
        }

        @Override
        public Map<RunId, RunRecord> findAll(Collection<RunId> runs) {
            return Map.of();
        }

        @Override
        public boolean compareAndPut(RunRecord next) {
            return false;
        }

        @Override
        public Stream<RunRecord> list(RunRange range) {
            return Stream.of();
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return provider + " " + location + " " + options;
        }
    }

    /** Needs no configuration. */
    public static class Plain implements RunManifestStoreProvider {
        @Override
        public String scheme() {
            return "plain";
        }

        @Override
        public Optional<String> defaultLocation() {
            return Optional.of("plain:default");
        }

        @Override
        public RunManifestStore open(String location, Map<String, String> options) {
            return new Opened(getClass().getSimpleName(), location, options);
        }
    }

    /** Another one of the same scheme. */
    public static final class OtherPlain extends Plain {}

    /** Needs to be told where. */
    public static final class NeedsAddress extends Plain {
        @Override
        public String scheme() {
            return "remote";
        }

        @Override
        public Optional<String> defaultLocation() {
            return Optional.empty();
        }
    }

    /** Checks its options. */
    public static final class Strict extends Plain {
        @Override
        public String scheme() {
            return "strict";
        }

        @Override
        public Optional<String> defaultLocation() {
            return Optional.of("strict:");
        }

        @Override
        public RunManifestStore open(String location, Map<String, String> options) {
            StoreLocation.parse(location, options, Set.of());
            return super.open(location, options);
        }
    }

    /** Cannot be made. */
    public static final class Throwing extends Plain {
        public Throwing() {
            throw new IllegalStateException("constructor");
        }
    }

    /** Cannot be initialised. */
    public static final class BadlyInitialised extends Plain {
        private static final String NAME = fail();

        private static String fail() {
            throw new IllegalStateException("badly initialised");
        }

        @Override
        public String scheme() {
            return NAME;
        }
    }

    /** Cannot say what it serves. */
    public static final class WithoutScheme extends Plain {
        @Override
        public String scheme() {
            throw new IllegalStateException("scheme");
        }
    }

    /** Has no constructor that others could call. */
    public static final class Private extends Plain {
        private Private() {}
    }
}
