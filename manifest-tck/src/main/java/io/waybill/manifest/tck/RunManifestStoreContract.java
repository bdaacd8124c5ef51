package io.waybill.manifest.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.InvalidRunIdException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.spi.RunManifestStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every backend promises: the rules S1 to S10 of {@link RunManifestStore}, each tested by its number, and, inherited,
 * the guarantees of the manifest over it.
 */
public abstract class RunManifestStoreContract extends RecoveryContract {

    // ids that a store may confuse, sort otherwise, cut off or take for something of its own
    private static final List<RunId> ODD_RUNS = Stream.of(
                    "a",
                    "A",
                    "b",
                    "B",
                    "z",
                    "a ",
                    " a",
                    "a  ",
                    "a b",
                    "a\u00A0b",
                    "a/",
                    "a//",
                    "./a",
                    "../a",
                    "a#b",
                    "a|b",
                    "a%b",
                    "a%20b",
                    "a+b",
                    "a_b",
                    "a*b",
                    "a?b",
                    "a\\b",
                    "a\\\\b",
                    "a'b",
                    "a''b",
                    "a\"b",
                    "a`b",
                    "a$1{b}",
                    "a:b;c,d",
                    "'; DROP TABLE waybill_run; --",
                    "null",
                    "0",
                    "00",
                    "1e3",
                    "-",
                    "_",
                    "run=1",
                    "run=1/",
                    "run=1-x/",
                    "run=10/",
                    "run=9/",
                    "é",
                    "e\u0301",
                    "á",
                    "a\u0301",
                    "ß",
                    "ss",
                    "i",
                    "I",
                    "İ",
                    "ı",
                    "ﬁ",
                    "fi",
                    "a\u200Db",
                    "a\uFEFFb",
                    "\uFEFFa",
                    "\u0627\u0644",
                    "\uD7FF", // before the surrogates: the order of UTF-16 is not that of UTF-8 from here on
                    "\uE000",
                    "\uFF5E",
                    "\uFFFD",
                    "\uFFFF",
                    "\uD800\uDC00",
                    "🚚",
                    "🚚a",
                    "👩\u200D🔧",
                    "\uDBFF\uDFFF",
                    "x".repeat(RunId.MAX_BYTES),
                    "x".repeat(RunId.MAX_BYTES - 1) + "y",
                    "x".repeat(RunId.MAX_BYTES - 1),
                    "é".repeat(RunId.MAX_BYTES / 2),
                    "🚚".repeat(RunId.MAX_BYTES / 4))
            .map(RunId::new)
            .toList();

    /** For backends to extend. */
    protected RunManifestStoreContract() {}

    private static RunRecord first(RunId run) {
        return claimed(run, 1, "token");
    }

    private static RunRecord claimed(RunId run, long version, String token) {
        Instant at = Instant.parse("2017-04-11T10:00:00.123Z");
        return new RunRecord(
                run, version, RunState.PROCESSING, "worker", token, at, Duration.ofMinutes(1), 2, null, Map.of());
    }

    @Test
    void s1BeforeItIsCreatedEveryOperationSaysThatTheStoreIsMissing() {
        RunManifestStore store = reopen();
        List<Callable<?>> operations = List.of(
                () -> store.find(RUN),
                () -> store.findAll(List.of(RUN)),
                () -> store.compareAndPut(first(RUN)),
                () -> store.list(RunRange.all()).toList());
        for (Callable<?> operation : operations) {
            assertThatThrownBy(operation::call)
                    .isInstanceOf(StoreMissingException.class)
                    .hasMessageContaining(store.toString())
                    .hasMessageContaining("create");
        }
    }

    @Test
    void s1BeforeItIsCreatedTheManifestAnswersNothingEither() {
        RunManifest manifest = manifest(reopen(), "a");
        List<Callable<?>> operations = List.of(
                () -> manifest.contains(RUN),
                () -> manifest.add(RUN),
                () -> manifest.claim(RUN, LEASE),
                () -> manifest.skip(RUN, "why"),
                () -> manifest.retry(RUN),
                () -> manifest.forget(RUN),
                () -> manifest.find(RUN),
                () -> manifest.pending(Stream.of(RUN)).toList(),
                () -> manifest.records(Stream.of(RUN)).toList(),
                () -> manifest.records(RunRange.all()).toList());
        for (Callable<?> operation : operations) {
            assertThatThrownBy(operation::call).isInstanceOf(StoreMissingException.class);
        }
    }

    @Test
    void s1CreatingAgainChangesNothing() {
        RunManifestStore store = created();
        store.compareAndPut(first(RUN));

        store.create();
        reopen().create();

        assertThat(store.find(RUN)).contains(first(RUN));
    }

    @Test
    void s1ManyCreateAtOnceAndAllFindItUsable() {
        for (int round = 0; round < 3; round++) {
            newSpace();
            List<Boolean> written = Race.of(8, i -> {
                RunManifestStore store = reopen();
                store.create();
                return store.compareAndPut(first(new RunId("run-" + i)));
            });
            assertThat(written).hasSize(8).containsOnly(true);
        }
    }

    @Test
    void s1ManyThreadsMayCreateThroughOneStore() {
        RunManifestStore store = reopen();
        List<Boolean> written = Race.of(8, i -> {
            store.create();
            return store.compareAndPut(first(new RunId("run-" + i)));
        });
        assertThat(written).containsOnly(true);
    }

    @Test
    void s2ARunWithoutARecordIsAbsent() {
        assertThat(created().find(RUN)).isEmpty();
    }

    @Test
    void s2ARecordIsReadBackAsItWasWritten() {
        RunManifestStore store = created();
        List<RunRecord> versions = List.of(
                first(RUN),
                new RunRecord(
                        RUN,
                        2,
                        RunState.FAILED,
                        "w \"quoted\" \\ 'and' ünïcode 🚚",
                        "t2",
                        Instant.ofEpochMilli(-1),
                        Duration.ZERO,
                        3,
                        Instant.parse("2050-01-01T00:00:00.001Z"),
                        Map.of(
                                "reason",
                                "line one\nline \"two\"\t\\ \u0001 🚚 \u007f\u2028",
                                "empty",
                                "",
                                "Zz",
                                "z",
                                "aa",
                                "a")),
                ended(3, Instant.EPOCH, bigDetails()),
                ended(4, Instant.parse("1969-07-20T20:17:40.001Z"), Map.of("", "🚚".repeat(1024))),
                ended(5, Instant.parse("9999-12-31T23:59:59.999Z"), Map.of("k", "\u0001".repeat(4095))),
                ended(6, Instant.parse("2017-03-26T01:30:00Z"), Map.of("\u0000", "\u0000")), // no such time in Paris
                new RunRecord(
                        RUN,
                        7,
                        RunState.PROCESSING,
                        "🚚".repeat(128),
                        "x".repeat(64),
                        Instant.EPOCH,
                        Duration.ofDays(365),
                        Integer.MAX_VALUE,
                        null,
                        Map.of()));
        for (RunRecord version : versions) {
            assertThat(store.compareAndPut(version)).isTrue();
            assertThat(store.find(RUN)).contains(version);
            assertThat(store.findAll(List.of(RUN))).containsExactly(Map.entry(RUN, version));
            assertThat(store.list(RunRange.all())).containsExactly(version);
        }
    }

    private static RunRecord ended(long version, Instant at, Map<String, String> details) {
        return new RunRecord(RUN, version, RunState.PROCESSED, "w", "t" + version, at, Duration.ZERO, 0, null, details);
    }

    private static Map<String, String> bigDetails() {
        Map<String, String> details = new TreeMap<>();
        for (int i = 0; i < 8; i++) {
            details.put("k" + i, "\"".repeat(510));
        }
        return details;
    }

    @Test
    void s3AWriteIsSeenAtOnceByEveryoneElse() {
        RunManifestStore one = created();
        RunManifestStore other = reopen();
        for (int version = 1; version <= 20; version++) {
            RunRecord next = claimed(RUN, version, "t" + version);
            assertThat((version % 2 == 0 ? one : other).compareAndPut(next)).isTrue();
            assertThat((version % 2 == 0 ? other : one).find(RUN)).contains(next);
        }
    }

    @Test
    void s3TheRecordsOfOneJobAreInvisibleToAnother() {
        RunManifestStore mine = created();
        RunManifestStore other = reopen("another job");
        other.create();

        assertThat(mine.compareAndPut(first(RUN))).isTrue();

        assertThat(other.find(RUN)).isEmpty();
        assertThat(other.list(RunRange.all())).isEmpty();
        assertThat(other.compareAndPut(claimed(RUN, 1, "other"))).isTrue();
        assertThat(mine.find(RUN)).contains(first(RUN));
    }

    @Test
    void s4FindAllReturnsARecordForEachRunThatHasOneWhateverTheirNumber() {
        RunManifestStore store = created();
        List<RunId> runs = IntStream.range(0, 2500)
                .mapToObj(i -> new RunId("run=%05d/".formatted(i)))
                .toList();
        List<RunId> known = runs.stream().filter(run -> run.hashCode() % 5 == 0).toList();
        known.forEach(run -> store.compareAndPut(first(run)));
        store.compareAndPut(first(new RunId("not asked for")));

        Map<RunId, RunRecord> found = store.findAll(runs);

        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(known);
        assertThat(found).allSatisfy((run, record) -> assertThat(record).isEqualTo(first(run)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 1001, 3000})
    void s4FindAllTakesAnyNumberOfRunsAndDuplicates(int number) {
        RunManifestStore store = created();
        List<RunId> runs =
                IntStream.range(0, number).mapToObj(i -> new RunId("run-" + i)).toList();
        runs.stream().limit(3).forEach(run -> store.compareAndPut(first(run)));
        List<RunId> twice = new ArrayList<>(runs);
        twice.addAll(runs);

        assertThat(store.findAll(twice).keySet())
                .containsExactlyInAnyOrderElementsOf(runs.subList(0, Math.min(3, number)));
        assertThat(store.findAll(Collections.nCopies(number, RUN))).isEmpty();
    }

    @Test
    void s5AVersionIsWrittenOverTheOneBeforeIt() {
        RunManifestStore store = created();
        assertThat(store.compareAndPut(claimed(RUN, 1, "a"))).isTrue();
        assertThat(store.compareAndPut(claimed(RUN, 2, "b"))).isTrue();
        assertThat(store.find(RUN)).contains(claimed(RUN, 2, "b"));
    }

    @Test
    void s6AnyOtherVersionChangesNothing() {
        RunManifestStore store = created();
        assertThat(store.compareAndPut(claimed(RUN, 2, "too early"))).isFalse();
        assertThat(store.find(RUN)).isEmpty();

        store.compareAndPut(claimed(RUN, 1, "a"));
        store.compareAndPut(claimed(RUN, 2, "b"));
        for (long version : new long[] {1, 2, 4, Long.MAX_VALUE}) {
            assertThat(store.compareAndPut(claimed(RUN, version, "x"))).isFalse();
            assertThat(store.find(RUN)).contains(claimed(RUN, 2, "b"));
        }
    }

    @Test
    void s6TheSameRecordAgainIsAnotherVersionToo() {
        RunManifestStore store = created();
        assertThat(store.compareAndPut(first(RUN))).isTrue();
        assertThat(store.compareAndPut(first(RUN))).isFalse();
        assertThat(store.find(RUN)).contains(first(RUN));
    }

    @Test
    void s7OfManyWritersOfOneVersionExactlyOneSucceeds() {
        created();
        for (int version = 1; version <= 10; version++) {
            long next = version;
            List<Boolean> won = Race.of(6, i -> reopen().compareAndPut(claimed(RUN, next, "writer " + i)));
            assertThat(won).containsOnlyOnce(true);
            assertThat(reopen().find(RUN)).contains(claimed(RUN, next, "writer " + won.indexOf(true)));
        }
    }

    @Test
    void s8RecordsAreListedInTheOrderOfTheirUtf8Bytes() {
        RunManifestStore store = created();
        List<RunId> runs = ODD_RUNS;
        runs.forEach(run -> store.compareAndPut(first(run)));

        List<String> sorted = new TreeSet<>(runs).stream().map(RunId::key).toList();
        assertThat(keys(store, RunRange.all())).isEqualTo(sorted);
        for (String from : List.of("", "A", "a\\", "é", "\uE000", "🚚")) {
            for (String to : List.of("a", "a_", "a\u0301", "\uFFFF", "\uDBFF\uDFFF")) {
                RunRange range = new RunRange(from, to);
                assertThat(keys(store, range))
                        .as(range.toString())
                        .isEqualTo(sorted.stream()
                                .filter(key -> range.contains(new RunId(key)))
                                .toList());
            }
        }
    }

    @Test
    void s8ARangeHoldsItsLowerBoundAndNotItsUpper() {
        RunManifestStore store = created();
        Stream.of("a", "b", "b/1", "b/🚚", "b0", "c").forEach(key -> store.compareAndPut(first(new RunId(key))));

        assertThat(keys(store, new RunRange("b", "c"))).containsExactly("b", "b/1", "b/🚚", "b0");
        assertThat(keys(store, new RunRange("b", null))).containsExactly("b", "b/1", "b/🚚", "b0", "c");
        assertThat(keys(store, new RunRange("", "b"))).containsExactly("a");
        assertThat(keys(store, RunRange.startingWith("b/"))).containsExactly("b/1", "b/🚚");
        assertThat(keys(store, new RunRange("x", null))).isEmpty();
        assertThat(keys(store, new RunRange("c", "a"))).isEmpty();
    }

    private static List<String> keys(RunManifestStore store, RunRange range) {
        try (Stream<RunRecord> records = store.list(range)) {
            return records.map(record -> record.id().key()).toList();
        }
    }

    @Test
    void s8AListLongerThanAPageIsWholeWhateverIsWrittenMeanwhile() {
        RunManifestStore store = created();
        List<String> keys =
                IntStream.range(0, 1100).mapToObj("run=%05d/"::formatted).toList();
        keys.forEach(key -> store.compareAndPut(first(new RunId(key))));

        assertThat(keys(store, RunRange.all())).isEqualTo(keys);
        try (Stream<RunRecord> records = store.list(RunRange.all())) {
            assertThat(records.limit(keys.size() / 2)).hasSize(keys.size() / 2);
        }

        List<String> read = new ArrayList<>();
        try (Stream<RunRecord> records = store.list(RunRange.all())) {
            records.forEach(record -> {
                if (read.size() == 1) { // behind the reader, before it, and at the end
                    Stream.of("a", "run=00001/x", "run=01099/x", "z")
                            .forEach(key -> store.compareAndPut(first(new RunId(key))));
                    store.compareAndPut(claimed(new RunId("run=00000/"), 2, "again"));
                    store.compareAndPut(claimed(new RunId("run=01099/"), 2, "again"));
                }
                read.add(record.id().key());
            });
        }
        assertThat(read).isSorted().doesNotHaveDuplicates().containsAll(keys);
    }

    @Test
    void s9TheClockGoesForwardAndTellsThePresent() {
        RunManifestStore store = created();
        List<Instant> times = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            times.add(store.now());
        }
        assertThat(times).isSorted();
        assertThat(Duration.between(times.get(0), Instant.now()).abs()).isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void s10ClosingTwiceIsHarmlessAndLeavesTheRecords() {
        RunManifestStore store = created();
        store.compareAndPut(first(RUN));
        RunManifestStore other = reopen();

        store.close();
        assertThatCode(store::close).doesNotThrowAnyException();

        assertThat(other.find(RUN)).contains(first(RUN));
    }

    @Test
    void runIdsOfEveryKindAreKeptApart() {
        RunManifestStore store = created();
        List<RunId> runs = ODD_RUNS;
        for (RunId run : runs) {
            assertThat(store.compareAndPut(first(run))).as(run.key()).isTrue();
        }
        for (RunId run : runs) {
            assertThat(store.find(run)).as(run.key()).contains(first(run));
        }
        assertThat(store.findAll(runs))
                .hasSize(runs.size())
                .allSatisfy((run, record) -> assertThat(record).isEqualTo(first(run)));
    }

    @Test
    void aRunIdOf1025BytesIsRefusedBeforeAnyStoreIsAsked() {
        for (String key : List.of("x".repeat(1025), "é".repeat(512) + "x", "🚚".repeat(256) + "x")) {
            assertThatThrownBy(() -> new RunId(key))
                    .isInstanceOf(InvalidRunIdException.class)
                    .hasMessageContaining("at most 1024 bytes in UTF-8, this one takes 1025");
        }
    }
}
