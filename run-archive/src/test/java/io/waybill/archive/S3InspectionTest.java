package io.waybill.archive;

import static io.waybill.archive.RunInspection.Status.ARCHIVED;
import static io.waybill.archive.RunInspection.Status.EMPTY;
import static io.waybill.archive.RunInspection.Status.NOT_READY;
import static io.waybill.archive.RunInspection.Status.READY;
import static io.waybill.archive.RunInspection.Status.UNREADABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** Looking into runs of an archive in S3. */
@Timeout(60)
class S3InspectionTest {

    private static final String RUN = "archive/run=2017-04-11-10-00-00/";
    private static final String RESTORED = "ongoing-request=\"false\", expiry-date=\"Fri, 01 Jan 2037 00:00:00 GMT\"";
    private static final String UNDER_WAY = "ongoing-request=\"true\"";

    private final StubS3 s3 = TestClients.stub();
    private final S3Client client = TestClients.of(s3.endpoint());

    @AfterEach
    void stop() {
        client.close();
        s3.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000})
    void aRunTellsItsInputFilesWithSizeTimeAndEtagFromPagesOfEverySize(int pageSize) throws Exception {
        s3.pageSize(pageSize);
        s3.put(RUN, new byte[0]).put(RUN + "sub/", new byte[0]).put(RUN + "_SUCCESS", new byte[0]);
        s3.put(RUN + "part 1+%é.gz", new byte[5]).put(RUN + "sub/part-0", new byte[3]);
        RunInspection look = inspect();
        assertThat(look.status()).isEqualTo(READY);
        assertThat(look.reason()).isEqualTo("2 input files, left out by name: '_SUCCESS'");
        assertThat(look.files()).extracting(RunFile::name).containsExactly("part 1+%é.gz", "sub/part-0");
        assertThat(look.bytes()).isEqualTo(8);
        assertThat(look.files()).allSatisfy(file -> {
            assertThat(file.modified()).isEqualTo(StubS3.WRITTEN);
            assertThat(file.etag()).startsWith("\"").hasSizeGreaterThan(10);
        });
    }

    @Test
    void aRunOfFolderMarkersAloneIsEmpty() throws Exception {
        s3.put(RUN, new byte[0]).put(RUN + "sub/", new byte[0]).put(RUN + "sub_$folder$", new byte[0]);
        assertThat(inspect().status()).isEqualTo(EMPTY);
    }

    @Test
    void aRunWithoutAnObjectIsNotThereAnyMore() {
        assertThatThrownBy(this::inspect)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage("s3://bucket/%s: the folder of run %s is not there (any more)", RUN, RUN);
    }

    @ParameterizedTest
    @CsvSource({"part-0,GLACIER", "part-1,DEEP_ARCHIVE", "part-2,GLACIER"})
    void oneArchivedObjectAnywhereKeepsTheRun(String cold, String storageClass) throws Exception {
        for (String name : List.of("part-0", "part-1", "part-2")) {
            s3.put(RUN + name, new byte[1], name.equals(cold) ? storageClass : "STANDARD", null);
        }
        RunInspection look = inspect();
        assertThat(look.status()).isEqualTo(ARCHIVED);
        assertThat(look.reason()).isEqualTo("'%s' is archived and not restored", cold);
        assertThat(s3.count("GET ")).isZero();
    }

    @Test
    void aRunWhollyInColdStorageIsAskedForOneObjectMore() throws Exception {
        for (int i = 0; i < 20; i++) {
            s3.put(RUN + "part-" + i, new byte[1], "GLACIER", null);
        }
        assertThat(inspect().status()).isEqualTo(ARCHIVED);
        assertThat(s3.requests()).hasSize(2);
    }

    @Test
    void restoredObjectsAreReadyWhetherTheListingSaysSoOrTheObject() throws Exception {
        s3.put(RUN + "part-0", new byte[1], "GLACIER", RESTORED)
                .put(RUN + "part-1", new byte[1], "DEEP_ARCHIVE", RESTORED);
        s3.put(RUN + "part-2", new byte[1], "GLACIER_IR", null);
        assertThat(inspect().status()).isEqualTo(READY);
        assertThat(s3.requests()).hasSize(1);
        s3.listsNoRestoring();
        s3.forgetRequests();
        assertThat(inspect().status()).isEqualTo(READY);
        assertThat(s3.count("HEAD ")).isEqualTo(2);
        s3.put(RUN + "part-1", new byte[1], "GLACIER", UNDER_WAY);
        assertThat(inspect().status()).isEqualTo(ARCHIVED);
    }

    @Test
    void anObjectOnItsWayBackIsArchived() throws Exception {
        s3.put(RUN + "part-0", new byte[1], "GLACIER", UNDER_WAY);
        assertThat(inspect().reason()).isEqualTo("'part-0' is archived and being restored");
    }

    @Test
    void theReadinessRulesHoldForObjects() throws Exception {
        s3.put(RUN + "part-0", new byte[1]);
        assertThat(inspect(archive -> archive.readyMarker("_SUCCESS")).reason())
                .isEqualTo("the ready marker '_SUCCESS' is not there");
        assertThat(inspect(archive -> archive.quietPeriod(Duration.ofMinutes(15))
                                .clock(() -> StubS3.WRITTEN.plusSeconds(899)))
                        .status())
                .isEqualTo(NOT_READY);
        assertThat(inspect(archive -> archive.quietPeriod(Duration.ofMinutes(15))
                                .clock(() -> StubS3.WRITTEN.plusSeconds(900)))
                        .status())
                .isEqualTo(READY);
    }

    @Test
    void aRunMayHaveToWaitForALaterOne() throws Exception {
        s3.put(RUN + "part-0", new byte[1]).put("archive/run=2017-04-11-10-00-00-replay/part-0", new byte[1]);
        assertThat(inspect(RunArchive.Builder::readyWhenFollowed).reason()).isEqualTo("no later run is there");
        s3.put("archive/run=2017-04-11-11-00-00/part-0", new byte[1]);
        assertThat(inspect(RunArchive.Builder::readyWhenFollowed).status()).isEqualTo(READY);
        s3.forgetRequests();
        try (RunArchive archive = open(RunArchive.Builder::readyWhenFollowed);
                Stream<RunId> runs = archive.runs(RunRange.all())) {
            List<RunId> all = runs.toList();
            assertThat(archive.inspect(all.get(0)).status()).isEqualTo(READY);
            assertThat(s3.requests()).as("that a later run is there was listed").hasSize(2);
            assertThat(archive.inspect(all.get(2)).status()).isEqualTo(NOT_READY);
        }
    }

    @Test
    void runsAreLookedIntoInTheirOrderAndOneThatCannotBeDoesNotKeepTheOthers() throws Exception {
        List<RunId> runs = Stream.iterate(10, hour -> hour + 1)
                .limit(14)
                .map(hour -> new RunId("archive/run=2017-04-11-%d-00-00/".formatted(hour)))
                .toList();
        runs.forEach(run -> s3.put(run + "part-0", new byte[1]));
        s3.fail("LIST prefix=" + runs.get(3), 1, 403, "AccessDenied");
        s3.delete(runs.get(5) + "part-0");
        try (RunArchive archive = open(builder -> builder);
                Stream<RunInspection> looks = archive.inspect(runs.stream(), 4)) {
            assertThat(looks)
                    .hasSize(14)
                    .allSatisfy(look -> assertThat(look.status())
                            .isEqualTo(List.of(3, 5).contains(runs.indexOf(look.run())) ? UNREADABLE : READY))
                    .extracting(RunInspection::run)
                    .isEqualTo(runs);
        }
        s3.fail("LIST", 1, 403, "AccessDenied");
        assertThatThrownBy(this::inspect).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void aFingerprintTellsDriftedAndVanishedFromUnchanged() throws Exception {
        s3.put(RUN + "part-0", new byte[] {1}).put(RUN + "part-1", new byte[] {2});
        try (RunArchive archive = open(builder -> builder)) {
            RunId run = new RunId(RUN);
            RunFingerprint taken = RunFingerprint.of(archive.inspect(run).files());
            RunFingerprint kept = RunFingerprint.fromDetails(taken.toDetails()).orElseThrow();
            assertThat(kept).isEqualTo(taken);
            assertThat(kept.files()).isEqualTo(2);
            assertThat(kept.since(archive, run)).isEqualTo(RunFingerprint.Change.UNCHANGED);
            s3.put(RUN + "_SUCCESS", new byte[0]);
            s3.put(RUN + "part-0", new byte[] {1}, "GLACIER", null);
            assertThat(kept.since(archive, run)).isEqualTo(RunFingerprint.Change.UNCHANGED);
            s3.put(RUN + "part-0", new byte[] {3}); // of the same size at the same time
            assertThat(kept.since(archive, run)).isEqualTo(RunFingerprint.Change.DRIFTED);
            s3.put(RUN + "part-0", new byte[] {1});
            s3.put(RUN + "part-2", new byte[] {1});
            assertThat(kept.since(archive, run)).isEqualTo(RunFingerprint.Change.DRIFTED);
            List.of("part-0", "part-1", "part-2").forEach(name -> s3.delete(RUN + name));
            assertThat(kept.since(archive, run)).isEqualTo(RunFingerprint.Change.VANISHED);
            s3.delete(RUN + "_SUCCESS");
            assertThat(kept.since(archive, run)).isEqualTo(RunFingerprint.Change.VANISHED);
        }
    }

    private RunInspection inspect() throws IOException {
        return inspect(builder -> builder);
    }

    private RunInspection inspect(UnaryOperator<RunArchive.Builder> rules) throws IOException {
        try (RunArchive archive = open(rules)) {
            return archive.inspect(new RunId(RUN));
        }
    }

    private RunArchive open(UnaryOperator<RunArchive.Builder> rules) throws IOException {
        return rules.apply(RunArchive.at("s3://bucket/archive").client(client)).open();
    }
}
