package io.waybill.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** Listing the runs of an archive in S3. */
@Timeout(60)
class S3ListingTest {

    private static final String ROOT = "enriched/archive/";
    private static final Instant FIRST = Instant.parse("2025-01-01T00:00:00Z");
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'run='uuuu-MM-dd-HH-mm-ss'/'").withZone(ZoneOffset.UTC);

    private final List<String> foreign = new ArrayList<>();
    private StubS3 s3 = TestClients.stub();
    private S3Client client = TestClients.of(s3.endpoint());

    @BeforeEach
    void forget() {
        s3.forgetRequests();
    }

    @AfterEach
    void stop() {
        client.close();
        s3.close();
    }

    @Test
    void tenThousandRunsAreTenRequestsAndTheInspectionOfThoseThatArePending() throws Exception {
        List<RunId> runs = hourlyRuns(10_000);
        try (RunArchive archive = archive(ROOT)) {
            try (Stream<RunId> listed = archive.runs(RunRange.all());
                    Stream<RunInspection> looks =
                            archive.inspect(listed.filter(run -> run.compareTo(runs.get(9_976)) >= 0), 8)) {
                assertThat(looks)
                        .hasSize(24)
                        .allSatisfy(look -> assertThat(look.status()).isEqualTo(RunInspection.Status.READY));
            }
            assertThat(s3.count("LIST prefix=%s delimiter=/".formatted(ROOT))).isEqualTo(10);
            assertThat(s3.count("LIST prefix=%srun=".formatted(ROOT))).isEqualTo(24);
            assertThat(s3.requests()).hasSize(34);

            s3.forgetRequests();
            Instant end = FIRST.plus(Duration.ofHours(10_000));
            try (Stream<RunId> tail = archive.runs(end.minus(Duration.ofDays(2)), end)) {
                assertThat(tail).isEqualTo(runs.subList(9_952, 10_000));
            }
            assertThat(s3.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10, 1000})
    void pagesOfEverySizeGiveTheSameRunsInByteOrder(int pageSize) throws Exception {
        List<String> inOrder = List.of(
                "run=2016-12-31-23-59-59/",
                "run=2017-04-11-10-00-00- /",
                "run=2017-04-11-10-00-00-A b/",
                "run=2017-04-11-10-00-00-a%2F+c/",
                "run=2017-04-11-10-00-00-a/",
                "run=2017-04-11-10-00-00-&<\"'>/",
                "run=2017-04-11-10-00-00-é/",
                "run=2017-04-11-10-00-00-\uffee/",
                "run=2017-04-11-10-00-00-😀/",
                "run=2017-04-11-10-00-00/",
                "run=2017-04-11-10-00-01/");
        inOrder = inOrder.stream().sorted(Names.BYTE_ORDER).toList();
        s3.put(ROOT, new byte[0]).put("enriched/other/run=2017-04-11-10-00-00/x", new byte[1]);
        for (String run : inOrder) {
            s3.put(ROOT + run + "part-0", new byte[1]).put(ROOT + run + "sub/part-1", new byte[1]);
            s3.put(ROOT + run.replaceFirst("/$", "_\\$folder\\$"), new byte[0]);
        }
        s3.pageSize(pageSize);
        try (RunArchive archive = archive(ROOT)) {
            assertThat(ids(archive, RunRange.all()))
                    .isEqualTo(inOrder.stream().map(run -> ROOT + run).toList());
        }
        assertThat(foreign).isEmpty();
    }

    @Test
    void whatIsNoRunIsToldWithTheReason() throws Exception {
        for (String key : List.of(
                "run=2012-13-11-01-11-33/part-0",
                "run=2017-04-11-10-00-00/part-0",
                "run=2017-04-11-11-00-00_$folder$",
                ".hidden/x",
                "/x",
                "notes.txt",
                "tmp/run=2017-04-11-11-00-00/x",
                "line\nend/x")) {
            s3.put(ROOT + key, new byte[1]);
        }
        try (RunArchive archive = archive(ROOT)) {
            assertThat(ids(archive, RunRange.all())).containsExactly(ROOT + "run=2017-04-11-10-00-00/");
        }
        assertThat(foreign)
                .satisfiesExactly(
                        what -> assertThat(what).startsWith("/: does not match the layout"),
                        what -> assertThat(what).startsWith("line\\u000aend: a run id cannot hold U+000A"),
                        what -> assertThat(what).isEqualTo("notes.txt: not a folder"),
                        what -> assertThat(what).startsWith("run=2012-13-11-01-11-33/: names no real time: "),
                        what -> assertThat(what).isEqualTo("run=2017-04-11-11-00-00_$folder$: not a folder"),
                        what -> assertThat(what).startsWith("tmp/: does not match the layout"));
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bucket,''",
        "s3://bucket/,''",
        "s3a://bucket/a,a/",
        "S3N://bucket/a/b/,a/b/",
        "s3://bucket/ü +%2F/,ü +%2F/"
    })
    void anArchiveMayLieAnywhereInABucketAlsoAtItsRoot(String location, String root) throws Exception {
        s3.put(root + "run=2017-04-11-10-00-00/part-0", new byte[1]);
        RunId run = new RunId(root + "run=2017-04-11-10-00-00/");
        try (RunArchive archive = RunArchive.at(location).client(client).open()) {
            assertThat(ids(archive, RunRange.all())).containsExactly(run.key());
            assertThat(archive.inspect(run).files()).hasSize(1);
            assertThat(archive.location()).isEqualTo("s3://bucket/" + root);
            assertThat(archive.location(run)).isEqualTo("s3://bucket/" + run);
            assertThat(archive.path(run)).isEqualTo("run=2017-04-11-10-00-00/");
            assertThat(archive.folder()).isEmpty();
            assertThat(archive.layout().startedAt(run)).contains(Instant.parse("2017-04-11T10:00:00Z"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run=uuuu-MM-dd-HH-mm-ss", "date=/hour=", "uuuu/MM/dd/HH"})
    void aRangeListsExactlyTheRunsInIt(String layout) throws Exception {
        List<String> all = new ArrayList<>();
        for (int day = 10; day < 13; day++) {
            for (int hour = 8; hour < 11; hour++) {
                all.add(ROOT
                        + switch (layout) {
                            case "date=/hour=" -> "date=2017-04-%d/hour=%02d/".formatted(day, hour);
                            case "uuuu/MM/dd/HH" -> "2017/04/%d/%02d/".formatted(day, hour);
                            default -> "run=2017-04-%d-%02d-00-00/".formatted(day, hour);
                        });
            }
        }
        all.forEach(run -> s3.put(run + "part-0", new byte[1]));
        List<String> bounds =
                new ArrayList<>(List.of("", "enriched/", "f", "\uffff", ROOT + "\uffff", ROOT + "\ud83d\ude00"));
        for (String id : List.of(all.get(0), all.get(4), all.get(8))) { // cuts of ids
            for (int end = ROOT.length(); end <= id.length(); end++) {
                bounds.add(id.substring(0, end));
                bounds.add(id.substring(0, end) + "\n");
            }
            bounds.add(id + "x");
        }
        try (RunArchive archive = archive(ROOT, layout)) {
            for (String bound : bounds) {
                for (RunRange range :
                        List.of(new RunRange(bound, null), new RunRange("", bound), new RunRange(bound, all.get(5)))) {
                    List<String> within = all.stream()
                            .filter(id -> range.contains(new RunId(id)))
                            .toList();
                    assertThat(ids(archive, range)).as("%s", range).isEqualTo(within);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run=uuuu-MM-dd-HH-mm-ss",
                "date=/hour=",
                "uuuu/MM/dd/HH",
                "x(?<year>.{4})(?<month>..)(?<day>..)-(?<hour>..)"
            })
    void aSpanOfTimeListsTheRunsThatStartedInIt(String layout) throws Exception {
        Instant first = Instant.parse("2016-12-31T20:00:00Z");
        for (int hour = 0; hour < 8; hour++) {
            Instant start = first.plus(Duration.ofHours(hour));
            String pattern = switch (layout) {
                case "date=/hour=" -> "'date='uuuu-MM-dd'/hour='HH";
                case "uuuu/MM/dd/HH" -> "uuuu/MM/dd/HH";
                case "run=uuuu-MM-dd-HH-mm-ss" -> "'run='uuuu-MM-dd-HH-mm-ss";
                default -> "'x'uuuuMMdd-HH";
            };
            s3.put(
                    ROOT
                            + DateTimeFormatter.ofPattern(pattern)
                                    .withZone(ZoneOffset.UTC)
                                    .format(start) + "/a",
                    new byte[1]);
        }
        try (RunArchive archive = archive(ROOT, layout)) {
            for (int half = -1; half < 18; half++) {
                for (int length = 0; length < 5; length++) {
                    Instant since = first.plus(Duration.ofMinutes(30L * half));
                    Instant until = since.plus(Duration.ofMinutes(30L * length));
                    List<Instant> starts = Stream.iterate(first, hour -> hour.plusSeconds(3600))
                            .limit(8)
                            .filter(start -> !start.isBefore(since) && start.isBefore(until))
                            .toList();
                    try (Stream<RunId> runs = archive.runs(since, until)) {
                        assertThat(runs.map(
                                        run -> archive.layout().startedAt(run).orElseThrow()))
                                .as("%s to %s", since, until)
                                .isEqualTo(starts);
                    }
                }
            }
            try (Stream<RunId> runs = archive.runs(Instant.MIN, Instant.MAX)) {
                assertThat(runs).hasSize(8);
            }
        }
    }

    @Test
    void aPageIsAskedForOnlyWhenItsTurnComesAndNoneBehindTheRange() throws Exception {
        List<RunId> runs = hourlyRuns(50);
        s3.pageSize(10);
        try (RunArchive archive = archive(ROOT)) {
            try (Stream<RunId> stream = archive.runs(RunRange.all())) {
                Iterator<RunId> each = stream.iterator();
                for (int i = 0; i < 10; i++) {
                    each.next();
                }
                assertThat(s3.requests()).hasSize(1);
                assertThat(each.next()).isEqualTo(runs.get(10));
                assertThat(s3.requests()).hasSize(2);
            }
            s3.forgetRequests();
            assertThat(ids(archive, new RunRange("", runs.get(15).key()))).hasSize(15);
            assertThat(s3.requests()).hasSize(2);
            s3.forgetRequests();
            assertThat(ids(archive, new RunRange("f", null))).isEmpty();
            assertThat(s3.requests()).isEmpty();
        }
    }

    @Test
    void anArchiveWithNothingBelowItSaysSo() throws Exception {
        try (RunArchive archive = archive(ROOT)) {
            assertThat(ids(archive, RunRange.all())).isEmpty();
            assertThat(foreign).containsExactly("s3://bucket/enriched/archive/: there is nothing below it");
            s3.put(ROOT, new byte[0]);
            foreign.clear();
            assertThat(ids(archive, RunRange.all())).isEmpty();
            assertThat(foreign).isEmpty();
        }
    }

    @Test
    void throttlingIsWaitedOut() throws Exception {
        List<RunId> runs = hourlyRuns(30);
        s3.pageSize(10);
        s3.fail("LIST", 2, 503, "SlowDown");
        try (RunArchive archive = archive(ROOT)) {
            assertThat(ids(archive, RunRange.all())).hasSize(runs.size());
        }
        assertThat(s3.requests()).hasSize(5);
    }

    @Test
    void throttlingWithoutEndFailsTheListingAndKeepsFailingIt() throws Exception {
        hourlyRuns(30);
        s3.pageSize(10);
        try (RunArchive archive = archive(ROOT);
                Stream<RunId> runs = archive.runs(RunRange.all())) {
            Iterator<RunId> each = runs.iterator();
            each.next();
            s3.fail("LIST", 99, 503, "SlowDown");
            for (int i = 0; i < 9; i++) {
                each.next();
            }
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(each::hasNext)
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining("cannot list the runs in s3://bucket/enriched/archive/")
                        .hasMessageContaining(
                                "S3 did not do it, asked 3 times: status 503, SlowDown: told by the stub");
            }
        }
    }

    @Test
    void refusalsSayWhatWouldHaveBeenRight() throws Exception {
        hourlyRuns(1);
        s3.fail("LIST", 1, 403, "AccessDenied");
        assertThatThrownBy(() -> ids(archive(ROOT), RunRange.all()))
                .hasCauseInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("access was refused: status 403, AccessDenied");
        s3.fail("LIST", 1, 301, "PermanentRedirect", "eu-central-1");
        assertThatThrownBy(() -> ids(archive(ROOT), RunRange.all()))
                .hasMessageContaining("the bucket is in the region eu-central-1: set AWS_REGION to it");
        s3.fail("LIST", 1, 400, "AuthorizationHeaderMalformed", "eu-west-3");
        assertThatThrownBy(() -> ids(archive(ROOT), RunRange.all()))
                .hasMessageContaining("the bucket is in the region eu-west-3: set AWS_REGION to it");
        try (RunArchive elsewhere = RunArchive.at("s3://other/").client(client).open()) {
            assertThatThrownBy(() -> ids(elsewhere, RunRange.all()))
                    .hasCauseInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("there is no such bucket");
        }
    }

    @Test
    void theCallersClientStaysOpenAndOurOwnIsMadeWhenItIsNeeded() throws Exception {
        hourlyRuns(1);
        archive(ROOT).close();
        assertThat(client.listObjectsV2(request -> request.bucket("bucket"))
                        .sdkHttpResponse()
                        .isSuccessful())
                .isTrue();
        RunArchive own = RunArchive.at("s3://bucket/" + ROOT)
                .region("eu-west-1")
                .endpoint(s3.endpoint())
                .open(); // no credentials are asked for yet
        own.close();
        assertThatThrownBy(() -> ids(own, RunRange.all())).hasMessage("the archive is closed");
        assertThatThrownBy(() -> RunArchive.at("s3://bucket/")
                        .client(client)
                        .region("eu-west-1")
                        .open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a client has its region and endpoint, none can be given beside it");
        assertThatThrownBy(() -> RunArchive.at("/data").client(client).open())
                .hasMessage("'/data' is a local folder: it has no client, region or endpoint");
    }

    private List<RunId> hourlyRuns(int count) {
        List<RunId> runs = new ArrayList<>();
        for (int hour = 0; hour < count; hour++) {
            runs.add(new RunId(ROOT + NAME.format(FIRST.plus(Duration.ofHours(hour)))));
        }
        List<RunId> shuffled = new ArrayList<>(runs);
        Collections.shuffle(shuffled, new Random(7));
        shuffled.forEach(run -> s3.put(run + "part-0", new byte[1]));
        return runs;
    }

    private RunArchive archive(String root) throws IOException {
        return archive(root, "run=uuuu-MM-dd-HH-mm-ss");
    }

    private RunArchive archive(String root, String layout) throws IOException {
        return RunArchive.at("s3://bucket/" + root)
                .client(client)
                .layout(RunLayout.of(layout))
                .onForeign(foreign::add)
                .open();
    }

    private static List<String> ids(RunArchive archive, RunRange range) {
        try (Stream<RunId> runs = archive.runs(range)) {
            return runs.map(RunId::key).toList();
        }
    }
}
