package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Call;
import io.waybill.cli.Workbench.Result;
import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.dynamodb.LocalDynamoDb;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** {@code copy}, {@code export} and {@code import}: the same records in another store. */
@Timeout(300)
class CopyTest {

    private static final int RUNS = 60;

    @TempDir
    private Path folder;

    private Workbench bench;

    /** What the SDK's own chain finds in this JVM. */
    @BeforeAll
    static void setCredentials() {
        System.setProperty("aws.accessKeyId", "anyone");
        System.setProperty("aws.secretAccessKey", "no-secret");
    }

    @BeforeEach
    void init() throws IOException {
        bench = new Workbench(folder);
    }

    @Test
    void fromASeedTableToNativeToPostgresToH2AndBackTheRecordsAreEqual() {
        String table = PostgresServer.newName();
        String seed = dynamoDb(table, "seed");
        init(seed);
        fill(seed);
        markAsOlderSdksDo(table, "old/run=2017-01-01-00-00-00/");
        Map<String, RunRecord> original = records(seed);
        assertThat(original).hasSize(RUNS + 1);

        String from = seed;
        for (String to : List.of(
                dynamoDb(PostgresServer.newName(), "native"),
                PostgresServer.url("postgres") + "&table=" + PostgresServer.newName(),
                "jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(PostgresServer.newName()),
                dynamoDb(PostgresServer.newName(), "seed"))) {
            init(to);
            Result copied = copy(from, to);
            assertThat(copied.code()).as(copied.err()).isZero();
            assertThat(copied.err()).contains("61 records, 61 of them verified to be equal");
            if (from.equals(seed)) { // the one that has no version that could be counted up to
                assertThat(copied.err()).contains("1 of them were marked by an older SDK");
            } else {
                assertThat(copied.err()).doesNotContain("older SDK");
            }
            assertThat(content(to)).isEqualTo(content(seed));
            from = to;
        }
        Map<String, RunRecord> back = records(from);
        original.forEach((run, record) -> {
            if (!run.startsWith("old/")) { // a bare item has no version that could be kept
                assertThat(back).containsEntry(run, record);
            }
        });
        Result again = copy(seed, from);
        assertThat(again.code()).isZero();
        assertThat(counts(again)).isEqualTo(Map.of("THERE_ALREADY", RUNS + 1L));
    }

    @Test
    void exportIsReadByImportAndTheRecordsAreEqual() throws Exception {
        init(bench.store);
        fill(bench.store);
        Path file = folder.resolve("backup.ndjson");
        Result exported = bench.waybill("export");
        assertThat(exported.code()).isZero();
        assertThat(Workbench.lines(Files.writeString(file, exported.out()))).hasSize(RUNS);

        String target = PostgresServer.url("postgres") + "&table=" + PostgresServer.newName();
        init(target);
        Result imported = Workbench.call("import", file.toString(), "--store", target, "--output=json");
        assertThat(imported.code()).as(imported.err()).isZero();
        assertThat(records(target)).isEqualTo(records(bench.store));
        assertThat(Workbench.call("export", "--store", target).out()).isEqualTo(exported.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "{\"run\":\"a\",",
                "{\"run\":\"a\",\"run\":\"b\"}",
                "{}",
                "[1]",
                "{\"run\":\"a\",\"version\":1,\"state\":\"DONE\",\"owner\":\"\",\"token\":\"\",\"at\":\"2026-01-01T00:00:00Z\",\"lease_ms\":0,\"failures\":0,\"details\":{}}",
                "{\"run\":\"a\",\"version\":1,\"state\":\"NEW\",\"owner\":\"\",\"token\":\"\",\"at\":\"now\",\"lease_ms\":0,\"failures\":0,\"details\":{}}",
                "{\"run\":\"a\",\"version\":1,\"state\":\"NEW\",\"owner\":\"\",\"token\":\"\",\"at\":\"2026-01-01T00:00:00Z\",\"lease_ms\":0,\"failures\":0,\"details\":{},\"colour\":1}"
            })
    void aLineThatIsNoRecordIsNamedAndNothingIsGuessed(String line) throws IOException {
        init(bench.store);
        Path file = Files.writeString(folder.resolve("file"), line + "\n");
        Result result = bench.waybill("import", file.toString());
        assertThat(result.code()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err())
                .startsWith("waybill: line 1 of " + file + " is no record: ")
                .doesNotContain("Source", "REDACTED", "StreamRead");
        assertThat(records(bench.store)).isEmpty();
    }

    @Test
    void aRecordOfTheTargetThatIsNotKnownToBeAnEarlierOneIsLeftUnlessItIsSaidToBe() {
        String source = newMemory();
        String target = newMemory();
        with(source, manifest -> {
            manifest.add(new RunId("behind"));
            manifest.add(new RunId("same"));
            manifest.add(new RunId("ahead"));
            manifest.forget(new RunId("ahead"));
            manifest.add(new RunId("new"));
        });
        with(target, manifest -> {
            manifest.add(new RunId("behind"));
            manifest.forget(new RunId("behind"));
            manifest.skip(new RunId("same"), "no");
            manifest.add(new RunId("ahead"));
        });
        Map<String, RunRecord> before = records(target);
        Result dry = copy(source, target, "--dry-run");
        assertThat(dry.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(counts(dry)).isEqualTo(Map.of("WOULD WRITE", 1L, "NEWER_IN_TARGET", 1L, "CONFLICT", 2L));
        assertThat(records(target)).isEqualTo(before);

        Result result = copy(source, target);
        assertThat(result.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(counts(result)).isEqualTo(Map.of("WRITTEN", 1L, "NEWER_IN_TARGET", 1L, "CONFLICT", 2L));
        assertThat(result.err())
                .contains("same: version 1 (SKIPPED by gr\u00f6\u00dfer\uD83D\uDE80)")
                .contains("ahead: version 1 (PROCESSED by ")
                .contains("say --overwrite");
        Map<String, RunRecord> after = new TreeMap<>(before);
        after.put("new", records(source).get("new"));
        assertThat(records(target)).isEqualTo(after);

        Result told = copy(source, target, "--overwrite");
        assertThat(told.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(counts(told))
                .isEqualTo(Map.of("WRITTEN", 1L, "THERE_ALREADY", 1L, "NEWER_IN_TARGET", 1L, "CONFLICT", 1L));
        after.put("ahead", records(source).get("ahead"));
        assertThat(records(target)).isEqualTo(after);
    }

    @Test
    void aSecondCopyTakesWhatIsNewAndWhatBecameOfTheSameClaims() {
        String source = newMemory();
        String target = newMemory();
        RunId committed = new RunId("committed");
        RunId failed = new RunId("failed");
        RunId again = new RunId("again");
        with(source, manifest -> {
            Claim one = claim(manifest, committed);
            Claim other = claim(manifest, failed);
            manifest.fail(claim(manifest, again), new IOException("no"), Duration.ZERO);
            assertThat(copy(source, target).code()).isZero();
            manifest.renew(one);
            manifest.commit(one, Map.of("rows", "1"));
            manifest.fail(other, new IOException("no"), Duration.ZERO);
            manifest.add(new RunId("new"));
        });
        Result second = copy(source, target);
        assertThat(second.code()).as(second.err()).isZero();
        assertThat(counts(second)).isEqualTo(Map.of("WRITTEN", 3L, "THERE_ALREADY", 1L));
        assertThat(records(target)).isEqualTo(records(source));

        with(source, manifest -> manifest.commit(claim(manifest, again), Map.of()));
        Result third = copy(source, target); // another claim than the target knows
        assertThat(third.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(counts(third)).isEqualTo(Map.of("CONFLICT", 1L, "THERE_ALREADY", 3L));
        assertThat(copy(source, target, "--overwrite").code()).isZero();
        assertThat(records(target)).isEqualTo(records(source));
    }

    /** A table with nothing but a run that an older SDK has marked. */
    private static String markedByAnOlderSdk(RunId run) {
        String table = PostgresServer.newName();
        String source = dynamoDb(table, "seed");
        init(source);
        markAsOlderSdksDo(table, run.key());
        return source;
    }

    @Test
    void whatAnOlderSdkHasMarkedReplacesNoRecordOfAnothersUnlessItIsSaid() {
        RunId run = new RunId("old/run=2017-01-01-00-00-00/");
        String source = markedByAnOlderSdk(run);
        String target = newMemory();
        with(target, manifest -> manifest.fail(claim(manifest, run), new IOException("no"), Duration.ZERO));
        Map<String, RunRecord> before = records(target);
        Result left = copy(source, target);
        assertThat(left.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(records(target)).isEqualTo(before);
        assertThat(copy(source, target, "--overwrite").code()).isZero();
        assertThat(records(target))
                .hasEntrySatisfying(
                        run.key(), record -> assertThat(record.state()).isEqualTo(RunState.PROCESSED));
    }

    @Test
    void whatBecameOfARunThatAnOlderSdkHadMarkedIsCopiedToo() {
        RunId run = new RunId("old/run=2017-01-01-00-00-00/");
        String source = markedByAnOlderSdk(run);
        String target = newMemory();
        assertThat(copy(source, target).code()).isZero();

        with(source, manifest -> manifest.forget(run)); // of another making than what the target has
        assertThat(counts(copy(source, target))).isEqualTo(Map.of("CONFLICT", 1L));
        assertThat(copy(source, target, "--overwrite").code()).isZero();
        assertThat(records(target).values()).extracting(RunRecord::state).containsExactly(RunState.NEW);

        Claim[] claim = new Claim[1];
        with(source, manifest -> claim[0] = claim(manifest, run));
        assertThat(copy(source, target, "--overwrite").code()).isZero();
        with(source, manifest -> manifest.fail(claim[0], new IOException("no"), Duration.ZERO)); // of the same
        assertThat(counts(copy(source, target))).isEqualTo(Map.of("WRITTEN", 1L));
        assertThat(records(target).values()).extracting(RunRecord::state).containsExactly(RunState.FAILED);
    }

    @Test
    void whatOverwritingCannotMendIsNotAdvised() {
        String source = newMemory();
        String target = newMemory();
        RunId run = new RunId("a");
        with(source, manifest -> manifest.add(run));
        with(target, manifest -> manifest.add(run)); // the same version, of another making
        Result result = copy(source, target, "--overwrite");
        assertThat(counts(result)).isEqualTo(Map.of("CONFLICT", 1L));
        assertThat(result.code()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
        assertThat(result.err()).doesNotContain("say --overwrite");
        with(source, manifest -> manifest.forget(run));
        assertThat(copy(source, target).err())
                .contains("1 of these records have a higher version")
                .contains("say --overwrite");
    }

    @ParameterizedTest
    @CsvSource({
        "?job=sessions, '', '', sessions", // as the source's location says
        "'', --job=sessions, '', sessions", // as the source's option says
        "?job=loads, --job=sessions, '', sessions", // which wins
        "?job=sess%69ons&table=waybill_run, '', '', sessions",
        "'', '', '', default",
        "?job=sessions, '', ?job=other, other", // as the target's location says
    })
    void theTargetsJobIsTheSourcesUnlessItIsNamed(String inSource, String option, String inTarget, String job) {
        String source = newMemory();
        String target = newMemory();
        String from = option.isEmpty() ? source + inSource : source + "?job=sessions";
        with(from, manifest -> manifest.add(new RunId("a")));
        with(target, manifest -> manifest.add(new RunId("b")));
        Map<String, RunRecord> others = records(target);
        Result result = Stream.of(option)
                .filter(word -> !word.isEmpty())
                .findFirst()
                .map(word -> copy(source + inSource, target + inTarget, word))
                .orElseGet(() -> copy(source + inSource, target + inTarget));
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(records(target + "?job=" + job)).containsAllEntriesOf(records(from));
        if (!job.equals("default")) {
            assertThat(records(target)).isEqualTo(others);
        }
        Result named = copy(source + inSource, target + inTarget, "--job=sessions", "--target-job=named");
        assertThat(named.code()).isZero();
        assertThat(records(target + "?job=named")).isEqualTo(records(source + "?job=sessions"));
    }

    @Test
    void aTargetThatWasNotInitialisedIsTheOneThatIsNamed() {
        String source = newMemory();
        Result result = copy(source, "jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(PostgresServer.newName()));
        assertThat(result.code()).isEqualTo(ExitCode.NOT_INITIALISED);
        assertThat(result.err()).contains("waybill init").contains("--target");
    }

    @Test
    void theFileOfImportMayBeLeftOut() {
        assertThat(Workbench.call("import", "--help").out()).contains("[FILE]");
    }

    @Test
    void aRangeOfRunsCanBeCopiedToAnotherJob() {
        String source = newMemory();
        String target = newMemory();
        with(source, manifest -> IntStream.range(0, 4).forEach(i -> manifest.add(new RunId(Workbench.run(i) + "/"))));
        Result result = copy(source, target, "--target-job=other", "--from=2026-03-01T02:00:00Z");
        assertThat(result.code()).isZero();
        assertThat(records(target)).isEmpty();
        assertThat(records(target + "?job=other")).containsOnlyKeys(Workbench.run(2) + "/", Workbench.run(3) + "/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy", "import"})
    void whatIsKilledInTheMiddleAndRunAgainLosesAndDoublesNothing(String command) throws Exception {
        String source = "jdbc:h2:file:" + folder.resolve("source");
        init(source);
        fill(source);
        Map<String, RunRecord> all = records(source);
        init(bench.store);
        List<String> words = command.equals("copy")
                ? List.of("copy", "--store=" + source, "--target=" + bench.store, "--threads=2", "--output=json")
                : List.of("import", backupOf(source), "--store=" + bench.store, "--threads=2", "--output=json");

        Call killed = bench.start(words.toArray(String[]::new));
        Map<String, RunRecord> part = Map.of();
        while (killed.process().isAlive() && part.size() < RUNS / 4) {
            LockSupport.parkNanos(1_000_000);
            part = records(bench.store);
        }
        killed.process().destroyForcibly();
        assertThat(killed.end().code()).isEqualTo(Workbench.KILLED);
        part = records(bench.store);
        assertThat(part.size()).isBetween(RUNS / 4, RUNS - 1);
        part.forEach((run, record) -> assertThat(all)
                .hasEntrySatisfying(run, whole -> assertThat(whole.state()).isEqualTo(record.state())));

        Result again = Workbench.call(words.toArray(String[]::new));
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).contains("60 records, 60 of them verified");
        assertThat(counts(again).get("THERE_ALREADY")).isBetween(1L, RUNS - 1L);
        assertThat(records(bench.store)).isEqualTo(all);
        assertThat(records(source)).isEqualTo(all);
    }

    private String backupOf(String store) throws IOException {
        return Files.writeString(
                        folder.resolve("backup"),
                        Workbench.call("export", "--store", store).out())
                .toString();
    }

    private static Result copy(String from, String to, String... options) {
        return Workbench.call(
                Stream.concat(Stream.of("copy", "--store", from, "--target", to, "--output=json"), Stream.of(options))
                        .toArray(String[]::new));
    }

    private static Map<String, Long> counts(Result result) {
        try {
            return result.rows().stream()
                    .collect(Collectors.toMap(
                            row -> row.get("result").asText(),
                            row -> row.get("records").asLong()));
        } catch (IOException e) {
            throw new AssertionError(result.out(), e);
        }
    }

    private static String dynamoDb(String table, String layout) {
        return "dynamodb:%s?region=eu-west-1&layout=%s&endpoint=%s".formatted(table, layout, LocalDynamoDb.endpoint());
    }

    private static void init(String store) {
        assertThat(Workbench.call("init", "--store", store).code()).isZero();
    }

    private static String newMemory() {
        String store = "jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(PostgresServer.newName());
        init(store);
        return store;
    }

    private interface Work {
        void on(RunManifest manifest);
    }

    private static void with(String store, Work work) {
        try (RunManifestStore opened = RunManifestStores.open(store)) {
            work.on(RunManifest.builder(opened).owner("größer\uD83D\uDE80").build());
        }
    }

    /** Runs in all states, some of several versions. */
    private static void fill(String store) {
        with(store, manifest -> {
            for (int i = 0; i < RUNS; i++) {
                RunId run = new RunId("enriched/%s/".formatted(Workbench.run(i)));
                switch (i % 6) {
                    case 0 -> manifest.add(run);
                    case 1 -> manifest.commit(claim(manifest, run), Map.of("rows", "1", "text", "tab\t\"\n\u00e9"));
                    case 2 -> manifest.fail(claim(manifest, run), new IOException("no"), Duration.ofHours(1));
                    case 3 -> manifest.skip(run, "a test");
                    case 4 -> manifest.renew(claim(manifest, run));
                    default -> manifest.release(claim(manifest, run));
                }
            }
        });
    }

    private static Claim claim(RunManifest manifest, RunId run) {
        return ((ClaimResult.Granted) manifest.claim(run, Duration.ofHours(1))).claim();
    }

    private static void markAsOlderSdksDo(String table, String run) {
        LocalDynamoDb.client().putItem(r -> r.tableName(table).item(Map.of("RunId", AttributeValue.fromS(run))));
    }

    private static Map<String, RunRecord> records(String location) {
        Map<String, RunRecord> records = new TreeMap<>();
        try (RunManifestStore store = RunManifestStores.open(location);
                Stream<RunRecord> all = store.list(RunRange.all())) {
            all.forEach(record -> records.put(record.id().key(), record));
        }
        return records;
    }

    /** All of the records but their versions. */
    private static Map<String, List<Object>> content(String location) {
        Map<String, List<Object>> content = new TreeMap<>();
        records(location)
                .forEach((run, r) -> content.put(
                        run,
                        List.of(
                                r.state(),
                                r.owner(),
                                r.token(),
                                r.at(),
                                r.lease(),
                                r.attempts(),
                                String.valueOf(r.retryAt()),
                                r.details())));
        return content;
    }
}
