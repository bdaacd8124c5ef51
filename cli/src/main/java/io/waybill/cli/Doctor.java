package io.waybill.cli;

import io.waybill.manifest.ManifestException;
import io.waybill.manifest.NoSuchStoreException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreAccessDeniedException;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.StoreSchemaMismatchException;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.RunManifestStoreProvider;
import java.security.CodeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at what the tool needs, one thing after the other, and says what is wrong and what to do. Changes nothing. */
final class Doctor {

    /** One thing that was looked at. */
    record Finding(String check, boolean good, String found, String remedy) {}

    private static final Duration TOLERABLE = Duration.ofMinutes(1);
    private static final int MOST_BROKEN = 20; // a class loader that keeps failing must not keep us

    private final List<ClassLoader> loaders;
    private final InstantSource clock;
    private final List<Finding> findings = new ArrayList<>();

    Doctor(List<ClassLoader> loaders, InstantSource clock) {
        this.loaders = loaders;
        this.clock = clock;
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** Which backends are there, and from where. */
    void examineBackends() {
        Map<String, RunManifestStoreProvider> found = new LinkedHashMap<>();
        for (ClassLoader loader : loaders) {
            load(ServiceLoader.load(RunManifestStoreProvider.class, loader), found);
        }
        Map<String, List<RunManifestStoreProvider>> byScheme =
                found.values().stream().collect(Collectors.groupingBy(RunManifestStoreProvider::scheme));
        byScheme.forEach((scheme, providers) -> {
            String names = providers.stream().map(Doctor::origin).collect(Collectors.joining(", "));
            if (providers.size() == 1) {
                good("backend " + scheme + ":", names);
            } else {
                bad("backend " + scheme + ":", "several serve it: " + names, "leave one of them on the class path");
            }
        });
        if (found.isEmpty()) {
            bad(
                    "backends",
                    "there is none on the class path",
                    "add one of io.waybill:manifest-jdbc, manifest-dynamodb, manifest-inmemory; the command's own"
                            + " distribution has all in its lib folder");
        }
    }

    private void load(ServiceLoader<RunManifestStoreProvider> loader, Map<String, RunManifestStoreProvider> found) {
        Iterator<RunManifestStoreProvider> providers = loader.iterator();
        for (int failures = 0; failures < MOST_BROKEN; ) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                RunManifestStoreProvider provider = providers.next();
                found.putIfAbsent(provider.getClass().getName(), provider);
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
                Finding broken = new Finding(
                        "backend",
                        false,
                        "one cannot be loaded: " + e.getMessage() + cause(e),
                        "the others work; rebuild or remove the jar that names it in META-INF/services");
                if (!findings.contains(broken)) { // another loader finds it too
                    findings.add(broken);
                }
            }
        }
    }

    /** Whether the store can be worked with. */
    void examineStore(Supplier<RunManifestStore> open) {
        try (RunManifestStore store = open.get()) {
            good("store", store.toString());
            if (examine("table", () -> examineTable(store))) {
                examine("right to list", () -> list(store));
                examine("right to write", () -> write(store));
                examine("clock", () -> examineClock(store));
            }
        } catch (ManifestException | IllegalArgumentException e) {
            bad("store", Main.message(e), remedy(e));
        }
    }

    private boolean examine(String check, Runnable look) {
        int before = findings.size();
        try {
            look.run();
            if (findings.size() == before) {
                good(check, "as it should be");
            }
        } catch (ManifestException e) {
            bad(check, String.valueOf(e.getMessage()), remedy(e));
        }
        return findings.get(findings.size() - 1).good();
    }

    private static void examineTable(RunManifestStore store) {
        store.find(
                PROBE); // where there is no table, this fails; where there is one, creating it only verifies its shape
        store.create();
    }

    private static final RunId PROBE = new RunId("waybill doctor");

    private static void list(RunManifestStore store) {
        try (Stream<RunRecord> records = store.list(RunRange.startingWith(PROBE.key()))) {
            records.forEach(record -> {});
        }
    }

    /** Offers a record whose version cannot be next: who may not write is told so, and nothing is written. */
    private static void write(RunManifestStore store) {
        store.compareAndPut(new RunRecord(
                PROBE, 1L << 40, RunState.NEW, "waybill doctor", "", store.now(), Duration.ZERO, 0, null, Map.of()));
    }

    private void examineClock(RunManifestStore store) {
        Instant before = clock.instant();
        Instant there = store.now();
        Duration offset = there.isBefore(before)
                ? Duration.between(there, before)
                : positive(Duration.between(clock.instant(), there));
        String found = "this machine's clock is %s %s the store's"
                .formatted(Durations.show(offset), there.isBefore(before) ? "ahead of" : "behind");
        if (offset.compareTo(TOLERABLE) <= 0) {
            good("clock", found);
        } else {
            bad(
                    "clock",
                    found,
                    "set it, as by NTP: leases go by the store's clock and stay right, but --quiet-period and --last go by"
                            + " this machine's, and AWS refuses requests that are some minutes off");
        }
    }

    private static Duration positive(Duration span) {
        return span.isNegative() ? Duration.ZERO : span;
    }

    private static String remedy(RuntimeException e) {
        if (e instanceof StoreMissingException) {
            return "run 'waybill init' with the same --store and --job; it makes no database and no schema";
        }
        if (e instanceof StoreSchemaMismatchException) {
            return "name another table or file, or compare the table with the one in docs/jdbc.md or docs/dynamodb.md";
        }
        if (e instanceof StoreAccessDeniedException) {
            return "check the login, and grant the rights that docs/jdbc.md and docs/dynamodb.md list";
        }
        if (e instanceof NoSuchStoreException) {
            return "name a store of one of the backends above";
        }
        return e instanceof IllegalArgumentException
                ? "correct --store or $WAYBILL_STORE"
                : "check that the address is right, and that the server runs and can be reached from here";
    }

    private static String origin(RunManifestStoreProvider provider) {
        CodeSource source = provider.getClass().getProtectionDomain().getCodeSource();
        String name = provider.getClass().getName();
        return source == null ? name : name + " from " + source.getLocation().getPath();
    }

    private static String cause(Throwable e) {
        @Nullable Throwable cause = e.getCause();
        return cause == null ? "" : " (%s)".formatted(cause);
    }

    private void good(String check, String found) {
        findings.add(new Finding(check, true, found, ""));
    }

    private void bad(String check, String found, String remedy) {
        findings.add(new Finding(check, false, found, remedy));
    }
}
