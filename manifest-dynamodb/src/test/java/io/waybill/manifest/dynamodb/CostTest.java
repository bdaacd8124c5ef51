package io.waybill.manifest.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * How many requests everything takes, as the SDK sends them, and what the service charges for them, as it says itself. The
 * table of {@code docs/cost.md} is made by {@code benchmarks/run cost}, which runs this with {@code -Dcost.runs}.
 */
class CostTest {

    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("'enriched/archive/run='uuuu-MM-dd-HH-mm-ss'/'");
    private static final LocalDateTime FIRST = LocalDateTime.of(2012, 1, 1, 0, 0);
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final int NEW = 24;

    /** On demand, in US dollars for a million units. */
    private static final double READS = 0.125;

    private final Requests requests = new Requests();
    private final DynamoDbClient client = LocalDynamoDb.builder()
            .overrideConfiguration(o -> o.addExecutionInterceptor(requests))
            .build();

    @AfterEach
    void close() {
        client.close();
    }

    private static List<RunId> listing(int runs) {
        return IntStream.range(0, runs)
                .mapToObj(i -> new RunId(FIRST.plusHours(i).format(ID)))
                .toList();
    }

    /** A record as a commit leaves it. */
    private static RunRecord processed(RunId run) {
        return new RunRecord(
                run,
                2,
                RunState.PROCESSED,
                "etl@ip-10-0-12-34#4242",
                UUID.nameUUIDFromBytes(run.key().getBytes(UTF_8)).toString().replace("-", ""),
                Instant.parse("2026-04-11T10:00:00.123Z"),
                Duration.ZERO,
                0,
                null,
                Map.of("rows", "420000"));
    }

    private static Map<String, AttributeValue> item(Layout layout, RunId run) {
        AttributeValue id = AttributeValue.fromS(run.key());
        return RunItem.of(
                processed(run),
                layout == Layout.NATIVE
                        ? Map.of("Job", AttributeValue.fromS("default"), "RunId", id)
                        : Map.of("RunId", id));
    }

    /** A store whose requests are counted, in whose table so many runs are processed. */
    private DynamoDbRunManifestStore filled(Layout layout, int known) {
        DynamoDbRunManifestStore store = TestTables.created(client, layout);
        String table = table(store);
        List<WriteRequest> puts = listing(known).stream()
                .map(run -> WriteRequest.builder()
                        .putRequest(p -> p.item(item(layout, run)))
                        .build())
                .toList();
        for (int from = 0; from < known; from += 25) {
            List<WriteRequest> some = puts.subList(from, Math.min(known, from + 25));
            LocalDynamoDb.client().batchWriteItem(r -> r.requestItems(Map.of(table, some)));
        }
        store.now();
        forget();
        return store;
    }

    private static String table(DynamoDbRunManifestStore store) {
        return store.toString().split(" ", -1)[2];
    }

    private void forget() {
        requests.operations();
        requests.units();
    }

    // pending

    @Test
    void tenThousandListedRunsAreTenQueriesOnTheNativeLayout() {
        int listed = 10_000;
        RunManifest manifest = RunManifest.over(filled(Layout.NATIVE, listed - NEW));

        assertThat(manifest.pending(listing(listed).stream()))
                .containsExactlyElementsOf(listing(listed).subList(listed - NEW, listed));

        List<String> sent = requests.operations();
        assertThat(sent).hasSizeLessThanOrEqualTo(listed / 1_000).containsOnly("Query");
        // a unit for each 4 KB of the items between the first run of a batch and its last
        int bytes = bytes(item(Layout.NATIVE, listing(1).get(0)));
        assertThat(bytes).isBetween(150, 200);
        assertThat(requests.units()).isLessThanOrEqualTo(10 * Math.ceil(1_000 * bytes / 4096.0));
    }

    /** The size by DynamoDB's rules: names and texts in UTF-8, a byte for two digits and one more, three for a map. */
    private static int bytes(Map<String, AttributeValue> item) {
        return item.entrySet().stream()
                .mapToInt(e -> e.getKey().getBytes(UTF_8).length + bytes(e.getValue()))
                .sum();
    }

    private static int bytes(AttributeValue value) {
        return switch (value.type()) {
            case S -> value.s().getBytes(UTF_8).length;
            case N -> (value.n().length() + 1) / 2 + 1;
            case M -> 3 + value.m().size() + bytes(value.m());
            default -> throw new IllegalArgumentException(value.toString());
        };
    }

    @Test
    void aHundredListedRunsAreOneRequestOnTheSeedLayoutAndFiftyThatAreNotDoneOneMore() {
        int listed = 2_000;
        RunManifest manifest = RunManifest.over(filled(Layout.SEED, listed - NEW));

        assertThat(manifest.pending(listing(listed).stream())).hasSize(NEW);

        assertThat(requests.operations())
                .hasSizeLessThanOrEqualTo(listed / 100 + 1)
                .containsOnly("BatchGetItem", "TransactGetItems");
        // a unit for each item, or where one was looked for; two for each of the two keys in a transaction
        assertThat(requests.units()).isLessThanOrEqualTo(listed + NEW * 2 * 2);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsKnownBesidesTheListingCostsNothing(Layout layout) {
        int known = 3_000;
        RunManifest manifest = RunManifest.over(filled(layout, known));
        List<RunId> tail = listing(known + NEW).subList(known - 76, known + NEW);
        assertThat(manifest.pending(tail.stream())).hasSize(NEW);
        assertThat(requests.operations()).hasSizeLessThanOrEqualTo(layout == Layout.NATIVE ? 1 : 2);
        assertThat(requests.units()).isLessThanOrEqualTo(layout == Layout.NATIVE ? 100 : 100 + NEW * 4);
    }

    // one run

    @ParameterizedTest
    @CsvSource({"NATIVE, GetItem, PutItem, 1", "SEED, TransactGetItems, TransactWriteItems, 4"})
    void theWayOfAPendingRunIsAWriteForEachStep(Layout layout, String read, String write, double units) {
        RunManifest manifest = RunManifest.over(filled(layout, 0));
        RunId run = listing(1).get(0);
        assertThat(manifest.pending(Stream.of(run))).containsExactly(run);
        requests.operations();
        requests.units();
        Claim claim = granted(manifest.claim(run, LEASE));
        expect(units, write);
        manifest.renew(claim);
        expect(units, write);
        manifest.commit(claim, Map.of("rows", "420000"));
        expect(units, write);
        assertThat(manifest.contains(run)).isTrue();
        expect(units, read);
        assertThat(manifest.claim(run, LEASE)).isInstanceOf(ClaimResult.Settled.class);
        expect(units, read);
        granted(manifest.claim(listing(3).get(2), LEASE)); // which was not seen before
        expect(2 * units, read, write);
        assertThat(manifest.add(listing(2).get(1))).isTrue();
        expect(2 * units, read, write);
    }

    private void expect(double mostUnits, String... operations) {
        assertThat(requests.operations()).containsExactly(operations);
        assertThat(requests.units()).as("units of %s", List.of(operations)).isLessThanOrEqualTo(mostUnits);
    }

    private static Claim granted(ClaimResult result) {
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).claim();
    }

    // the table

    @Test
    void theTableOfCosts() throws IOException {
        List<String> rows = new ArrayList<>();
        rows.add("| known | listed | way | requests | read units | dollars for 1,000 passes |");
        rows.add("|---|---|---|---|---|---|");
        for (String runs : System.getProperty("cost.runs", "1000").split(",", -1)) {
            int known = Integer.parseInt(runs);
            List<RunId> all = listing(known + NEW);
            List<RunId> tail = all.subList(Math.max(0, known + NEW - 1_000), known + NEW);
            DynamoDbRunManifestStore nativeStore = filled(Layout.NATIVE, known);
            DynamoDbRunManifestStore seed = filled(Layout.SEED, known);
            for (List<RunId> listing : known + NEW > tail.size() ? List.of(tail, all) : List.of(tail)) {
                Row mine = pending(known, "native", nativeStore, listing);
                Row old = oneByOne(known, seed, listing);
                Row shared = pending(known, "seed", seed, listing);
                assertThat(mine.requests()).isLessThanOrEqualTo(listing.size() / 1_000 + 1);
                assertThat(mine.units()).isLessThanOrEqualTo(listing.size() * 200 / 4096.0 + mine.requests());
                assertThat(shared.requests()).isLessThanOrEqualTo(listing.size() / 100 + 3);
                assertThat(shared.units()).isLessThanOrEqualTo(listing.size() + NEW * 4);
                assertThat(old.requests()).isEqualTo(listing.size());
                rows.addAll(List.of(mine.toString(), shared.toString(), old.toString()));
            }
        }
        String table = rows.stream().collect(Collectors.joining("\n", "", "\n"));
        Files.writeString(Path.of("target", "cost.md"), table);
    }

    private Row pending(int known, String way, DynamoDbRunManifestStore store, List<RunId> listing) {
        assertThat(RunManifest.over(store).pending(listing.stream())).hasSize(NEW);
        return new Row(known, listing.size(), way, requests.operations().size(), requests.units());
    }

    /** What the older SDKs do: any item counts, and a read need not be consistent. */
    private Row oneByOne(int known, DynamoDbRunManifestStore seed, List<RunId> listing) {
        long found = listing.stream()
                .filter(run -> client.getItem(
                                r -> r.tableName(table(seed)).key(Map.of("RunId", AttributeValue.fromS(run.key()))))
                        .hasItem())
                .count();
        assertThat(listing.size() - found).isEqualTo(NEW);
        return new Row(
                known,
                listing.size(),
                "one `GetItem` per run",
                requests.operations().size(),
                requests.units());
    }

    private record Row(int known, int listed, String way, int requests, double units) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "| %,d | %,d | %s | %,d | %,.0f | %.3f |",
                    known,
                    listed,
                    way,
                    requests,
                    units,
                    units * 1_000 * READS / 1e6);
        }
    }
}
