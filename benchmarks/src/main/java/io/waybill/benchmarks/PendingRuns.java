package io.waybill.benchmarks;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.inmemory.CachingRunManifestStore;
import io.waybill.manifest.spi.RunManifestStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how a long listing is compared with the manifest, on a PostgreSQL server of its own. */
@Command(
        name = "benchmarks/run pending",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Finds the few runs of a long listing that are not processed: with RunManifest.pending, with the same through a"
                    + " near-cache that has seen the listing before, and with one contains for each run. The server counts"
                    + " the statements (pg_stat_statements).",
            "Takes about two minutes."
        })
final class PendingRuns extends Measurement {

    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("'enriched/archive/run='uuuu-MM-dd-HH-mm-ss'/'");
    private static final LocalDateTime FIRST = LocalDateTime.of(2012, 1, 1, 0, 0);
    private static final String ROW = "%-22s %12s %10s %14s%n";
    private static final int LOOKS_AT_THE_HEAP = 10;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "100000",
            description = "How many are listed. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(
            names = "--pending",
            paramLabel = "N",
            defaultValue = "24",
            description = "How many of them are not processed, the last ones. Default: ${DEFAULT-VALUE}.")
    private int pending;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    PendingRuns(PrintStream out, PrintStream progress) {
        super(out, progress);
    }

    /** The command. */
    public static void main(String[] args) {
        main(new PendingRuns(System.out, System.err), args);
    }

    /** What one way of asking took. */
    private record Cost(long statements, double seconds) {}

    @Override
    public Integer call() throws IOException, SQLException {
        progress.println("starting PostgreSQL");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                        .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                        .start();
                Connection counter = DriverManager.getConnection(postgres.getJdbcUrl("postgres", "postgres"));
                RunManifestStore store = RunManifestStores.open(postgres.getJdbcUrl("postgres", "postgres"))) {
            RunManifest manifest = RunManifest.over(store);
            manifest.create();
            fill(counter);
            List<Cost> batched = new ArrayList<>();
            List<Cost> again = new ArrayList<>();
            List<Cost> oneByOne = new ArrayList<>();
            double heap = liveMegabytes();
            try (CachingRunManifestStore cache = new CachingRunManifestStore(store, Duration.ofHours(1), runs)) {
                RunManifest cached = RunManifest.over(cache);
                measure(counter, cached, m -> m.pending(listing()).count());
                heap = liveMegabytes() - heap;
                for (int round = 1; round <= rounds; round++) {
                    progress.printf("round %d of %d%n", round, rounds);
                    batched.add(
                            measure(counter, manifest, m -> m.pending(listing()).count()));
                    again.add(measure(counter, cached, m -> m.pending(listing()).count()));
                    oneByOne.add(measure(
                            counter,
                            manifest,
                            m -> listing().filter(run -> !m.contains(run)).count()));
                }
            }
            print(version(counter), batched, again, oneByOne);
            printHeap(manifest);
            out.printf(
                    Locale.ROOT, "live heap of the near-cache: %.0f bytes a record%n", heap * 1e6 / (runs - pending));
        }
        return 0;
    }

    private Stream<RunId> listing() {
        return IntStream.range(0, runs)
                .mapToObj(i -> new RunId(FIRST.plusHours(i).format(ID)));
    }

    /** Makes all but the last runs processed, as so many commits would have. */
    private void fill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO waybill_run"
                        + " SELECT 'default', run, 2, 'PROCESSED', 'etl@worker-1', md5(run), 1491904800000, 0, 0, NULL,"
                        + " '{\"rows\":\"42\"}' FROM unnest(?) AS run")) {
            Array processed = connection.createArrayOf(
                    "text", listing().limit(runs - pending).map(RunId::key).toArray());
            insert.setArray(1, processed);
            insert.execute();
            statement.execute("VACUUM ANALYZE waybill_run");
            statement.execute("CREATE EXTENSION pg_stat_statements");
        }
    }

    private Cost measure(Connection counter, RunManifest manifest, ToLongFunction<RunManifest> way)
            throws SQLException {
        long before = statements(counter);
        long start = System.nanoTime();
        long found = way.applyAsLong(manifest);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (found != pending) {
            throw new IllegalStateException("%d runs are pending, want %d".formatted(found, pending));
        }
        return new Cost(statements(counter) - before, seconds);
    }

    /** How many statements the server has run, but for those that ask for just that. */
    private static long statements(Connection counter) throws SQLException {
        try (Statement statement = counter.createStatement();
                ResultSet calls = statement.executeQuery(
                        "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat%'")) {
            calls.next();
            return calls.getLong(1);
        }
    }

    private static String version(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductVersion();
    }

    private void print(String version, List<Cost> batched, List<Cost> again, List<Cost> oneByOne) {
        out.printf(
                Locale.ROOT,
                "%n%,d listed runs, %,d of them processed; PostgreSQL %s; JDK %s; medians of %d rounds%n",
                runs,
                runs - pending,
                version,
                Runtime.version(),
                rounds);
        out.printf(ROW, "", "statements", "seconds", "runs/s");
        printRow("pending", batched);
        printRow("pending, near-cache", again);
        printRow("one contains per run", oneByOne);
        out.printf(
                Locale.ROOT,
                "one by one: %,.0f times the statements, %,.1f times the time%n",
                (double) oneByOne.get(0).statements() / batched.get(0).statements(),
                median(oneByOne) / median(batched));
    }

    private void printRow(String way, List<Cost> costs) {
        out.printf(
                ROW,
                way,
                String.format(Locale.ROOT, "%,d", costs.get(0).statements()),
                number(median(costs)),
                String.format(Locale.ROOT, "%,.0f", runs / median(costs)));
    }

    private static double median(List<Cost> costs) {
        return Standing.middle(costs.stream().mapToDouble(Cost::seconds)).orElseThrow();
    }

    /** What is live on the heap while the listing streams through, from its first tenth to its last. */
    private void printHeap(RunManifest manifest) {
        List<Double> megabytes = new ArrayList<>();
        int every = Math.max(1, runs / LOOKS_AT_THE_HEAP);
        long[] listed = {0};
        long found = manifest.pending(listing().peek(run -> {
                    if (++listed[0] % every == 0) {
                        megabytes.add(liveMegabytes());
                    }
                }))
                .count();
        out.printf(
                Locale.ROOT,
                "live heap while pending streams: %.1f MB in the first tenth of the listing, %.1f MB in the last (%d found)%n",
                megabytes.get(0),
                megabytes.get(megabytes.size() - 1),
                found);
    }

    @SuppressWarnings("SystemGc") // what is left after it is what is live
    private static double liveMegabytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
    }
}
