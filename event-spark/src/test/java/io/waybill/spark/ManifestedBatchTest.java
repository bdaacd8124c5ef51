package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor.Summary;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.inmemory.InMemoryRunManifestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ManifestedBatchTest {

    /** Ends when a task of {@link #waiting} waits; static, as tasks have no test. */
    private static volatile CompletableFuture<Void> taskWaits = new CompletableFuture<>();

    private final SparkSession spark = SparkTestSession.get();
    private final InMemoryRunManifestStore store = new InMemoryRunManifestStore();
    private final RunManifest manifest = RunManifest.over(store);
    private final RunManifest rival = RunManifest.builder(store).owner("rival").build();
    private final List<RunId> runs = new ArrayList<>();

    @TempDir
    private Path archive;

    @BeforeEach
    void writeRuns() throws IOException {
        taskWaits = new CompletableFuture<>();
        manifest.create();
        for (int i = 0; i < 4; i++) {
            RunId run = new RunId("run=2026-03-01-0%d-00-00/".formatted(i));
            runs.add(run);
            EventLines.write(archive, run.key(), "part-0", EventLines.line("app_id", "app " + i));
        }
    }

    private ManifestedBatch.Builder job() {
        return ManifestedBatch.builder(spark, manifest, archive.toString());
    }

    private static List<RunId> runsOf(List<Claim> claims) {
        return claims.stream().map(Claim::run).toList();
    }

    @Test
    void theEventsOfABatchAreThoseOfItsClaimsAndNoOthers() throws Exception {
        List<String> seen = new ArrayList<>();

        Summary summary = job().size(3).build().process((events, claims) -> {
            for (Row row : events.select("run_id", "app_id").collectAsList()) {
                seen.add(claims.size() + " " + row);
            }
            assertThat(claims)
                    .allSatisfy(claim -> assertThat(
                                    manifest.find(claim.run()).orElseThrow().state())
                            .isEqualTo(RunState.PROCESSING));
        });

        assertThat(summary).isEqualTo(new Summary(4, 0, 0, 0, 0));
        assertThat(seen)
                .containsExactly(
                        "3 [run=2026-03-01-00-00-00/,app 0]",
                        "3 [run=2026-03-01-01-00-00/,app 1]",
                        "3 [run=2026-03-01-02-00-00/,app 2]",
                        "1 [run=2026-03-01-03-00-00/,app 3]");
        assertThat(runs).allMatch(manifest::contains);
    }

    @Test
    void whatAnotherDriverHoldsIsLeftToIt() throws Exception {
        assertThat(rival.claim(runs.get(1), Duration.ofMinutes(1))).isInstanceOf(ClaimResult.Granted.class);
        List<RunId> seen = new ArrayList<>();

        job().build().process((events, claims) -> seen.addAll(runsOf(claims)));

        assertThat(seen).containsExactly(runs.get(0), runs.get(2), runs.get(3));
    }

    @Test
    void twoDriversAtOnceShareTheRuns() throws Exception {
        List<RunId> first = new ArrayList<>();
        List<RunId> second = new ArrayList<>();

        job().size(2).build().process((events, claims) -> {
            if (first.isEmpty()) { // while this one holds two runs
                ManifestedBatch.builder(spark, rival, archive.toString())
                        .build()
                        .process((others, held) -> second.addAll(runsOf(held)));
            }
            first.addAll(runsOf(claims));
        });

        assertThat(first).containsExactly(runs.get(0), runs.get(1));
        assertThat(second).containsExactly(runs.get(2), runs.get(3));
        assertThat(runs).allMatch(manifest::contains);
    }

    @Test
    void aWriterThatFailsFailsAllItsRuns() throws Exception {
        Summary summary = job().size(2).build().process((events, claims) -> {
            if (claims.get(0).run().equals(runs.get(0))) {
                events.map(
                                (MapFunction<Row, String>) row ->
                                        "" + 1 / row.<String>getAs("run_id").indexOf('r'),
                                Encoders.STRING())
                        .collectAsList();
            }
        });

        assertThat(summary).isEqualTo(new Summary(2, 2, 0, 0, 0));
        assertThat(manifest.records(runs.subList(0, 2).stream())).allSatisfy(record -> {
            assertThat(record.state()).isEqualTo(RunState.FAILED);
            assertThat(record.details().get(RunRecord.REASON)).contains("/ by zero");
        });
    }

    /** Rows of which none ever comes, until Spark's job is cancelled. */
    private static Dataset<String> waiting(Dataset<Row> events) {
        return events.map(
                (MapFunction<Row, String>) row -> {
                    taskWaits.complete(null);
                    new CountDownLatch(1).await();
                    return "";
                },
                Encoders.STRING());
    }

    private void theLossOfAClaimEnds(ManifestedBatch.Writer writer) throws Exception {
        Summary summary = job().lease(Duration.ofMillis(300)).build().process(writer);

        assertThat(summary).isEqualTo(new Summary(0, 0, 1, 0, 0));
        assertThat(manifest.records(runs.stream()))
                .extracting(RunRecord::state)
                .containsExactly(RunState.NEW, RunState.PROCESSED, RunState.NEW, RunState.NEW);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void theLossOfAClaimCancelsTheSparkJobOfTheBatch() throws Exception {
        theLossOfAClaimEnds((events, claims) -> {
            rival.add(runs.get(1));
            waiting(events).collectAsList();
        });
    }

    @Test
    void theLossOfAClaimCancelsTheSparkJobOfAWriterThatDoesNotHeedItsInterrupt() throws Exception {
        AtomicBoolean cancelled = new AtomicBoolean();
        theLossOfAClaimEnds((events, claims) -> {
            Future<List<String>> rows = waiting(events).toJavaRDD().collectAsync();
            taskWaits
                    .thenRunAsync(() -> rival.add(runs.get(1)))
                    .thenRunAsync(() -> assertThatThrownBy(() -> rows.get(30, TimeUnit.SECONDS))
                            .hasStackTraceContaining("cancelled"))
                    .orTimeout(1, TimeUnit.MINUTES)
                    .join(); // which no interrupt ends
            cancelled.set(true);
            rows.get();
        });
        assertThat(cancelled).isTrue();
    }

    @Test
    void runsThatAreNotReadyAreNotClaimed() throws Exception {
        EventLines.write(archive, runs.get(2).key(), "part-1.tmp", "half");
        List<RunId> seen = new ArrayList<>();

        job().build().process((events, claims) -> seen.addAll(runsOf(claims)));

        assertThat(seen).containsExactly(runs.get(0), runs.get(1), runs.get(3));
        assertThat(manifest.find(runs.get(2))).isEmpty();
    }

    @Test
    void runsThatAreNotReadyByTheRuleOfAnOptionAreLeftForALaterCall() throws Exception {
        EventLines.write(archive, runs.get(1).key(), "_SUCCESS", "");
        List<RunId> seen = new ArrayList<>();

        job().option("ready-marker", "_SUCCESS").build().process((events, claims) -> seen.addAll(runsOf(claims)));
        job().option("ready-when-followed", "true").build().process((events, claims) -> seen.addAll(runsOf(claims)));

        assertThat(seen).containsExactly(runs.get(1), runs.get(0), runs.get(2));
        assertThat(manifest.find(runs.get(3))).isEmpty();
    }

    @Test
    void aRunIsReadAsItIsWhenItIsClaimedHoweverLongAgoItWasListed() throws Exception {
        List<String> seen = new ArrayList<>();

        Summary summary = job().size(1).build().process((events, claims) -> {
            if (seen.isEmpty()) { // by now the other runs have been looked into
                EventLines.write(archive, runs.get(1).key(), "part-1", EventLines.line("app_id", "late"));
                EventLines.write(archive, runs.get(2).key(), "part-1.tmp", "half");
                Files.delete(archive.resolve(runs.get(3).key()).resolve("part-0"));
            }
            events.select("app_id").collectAsList().forEach(row -> seen.add(row.getString(0)));
        });

        assertThat(seen).containsExactly("app 0", "app 1", "late");
        assertThat(summary).isEqualTo(new Summary(2, 0, 0, 0, 0));
        assertThat(manifest.find(runs.get(1)).orElseThrow().details()).containsEntry("files", "2");
        assertThat(manifest.records(runs.subList(2, 4).stream()))
                .extracting(RunRecord::state)
                .containsExactly(RunState.NEW, RunState.NEW);
    }

    @Test
    void aRunThatCannotBeListedWhenItIsClaimedFailsWithItsBatch() throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);

        Summary summary = job().size(2).build().process((events, claims) -> {
            if (first.getAndSet(false)) {
                Files.delete(archive.resolve(runs.get(3).key()).resolve("part-0"));
                Files.delete(archive.resolve(runs.get(3).key()));
            }
        });

        assertThat(summary).isEqualTo(new Summary(2, 2, 0, 0, 0));
        assertThat(manifest.find(runs.get(2)).orElseThrow().details().get(RunRecord.REASON))
                .contains("run %s in".formatted(runs.get(3)), "cannot be read", "there is no such folder");
    }

    @Test
    void theCallersGroupOfSparkJobsIsThereAgainAfterABatch() throws Exception {
        List<String> properties = List.of("spark.jobGroup.id", "spark.job.description", "spark.job.interruptOnCancel");
        List<String> within = new ArrayList<>();
        spark.sparkContext().setJobGroup("notebook", "cell 7", false);
        try {
            job().build()
                    .process((events, claims) -> properties.forEach(
                            name -> within.add(spark.sparkContext().getLocalProperty(name))));

            assertThat(within.get(0)).startsWith("waybill-");
            assertThat(within.subList(1, 3)).containsExactly("waybill: 4 runs", "true");
            assertThat(properties.stream().map(spark.sparkContext()::getLocalProperty))
                    .containsExactly("notebook", "cell 7", "false");
        } finally {
            spark.sparkContext().clearJobGroup();
        }
    }

    @Test
    void whereTheCallerHadNoGroupOfSparkJobsThereIsNoneAfterABatch() throws Exception {
        job().build().process((events, claims) -> {});

        assertThat(spark.sparkContext().getLocalProperty("spark.jobGroup.id")).isNull();
        assertThat(spark.sparkContext().getLocalProperty("spark.job.description"))
                .isNull();
    }

    @Test
    void anArchiveInWhichNothingIsARunIsRefused() {
        ManifestedBatch job = job().option("layout", "date=/hour=").build();

        assertThatThrownBy(() -> job.process((events, claims) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no run in file:%s", archive);
    }

    @Test
    void aLocationMayBeOneRun() throws Exception {
        List<RunId> seen = new ArrayList<>();

        ManifestedBatch.builder(
                        spark, manifest, archive.resolve(runs.get(2).key()).toString())
                .build()
                .process((events, claims) -> seen.addAll(runsOf(claims)));

        assertThat(seen).containsExactly(runs.get(2));
    }

    /** Local files under {@code sealed:}, where a folder that has a file of that name cannot be listed. */
    public static final class SealedFileSystem extends RawLocalFileSystem {

        /** Makes a file system; called by Hadoop. */
        public SealedFileSystem() {}

        @Override
        public URI getUri() {
            return URI.create("sealed:///");
        }

        @Override
        public FileStatus[] listStatus(org.apache.hadoop.fs.Path folder) throws IOException {
            FileStatus[] found = super.listStatus(folder);
            if (Arrays.stream(found)
                    .anyMatch(status -> status.getPath().getName().equals("sealed"))) {
                throw new IOException("%s is sealed".formatted(folder));
            }
            return found;
        }
    }

    @Test
    void aRunWhoseFilesCannotBeListedEndsTheJobAndIsNotClaimed() throws Exception {
        EventLines.write(archive, runs.get(2).key(), "sealed", "");
        spark.sparkContext().hadoopConfiguration().set("fs.sealed.impl", SealedFileSystem.class.getName());
        ManifestedBatch job = ManifestedBatch.builder(spark, manifest, "sealed:" + archive)
                .size(1)
                .build();

        assertThatThrownBy(() -> job.process((events, claims) -> events.count()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("run %s in sealed:%s", runs.get(2), archive)
                .hasMessageContaining("cannot be read")
                .hasMessageContaining("is sealed");

        assertThat(manifest.find(runs.get(2))).isEmpty();
    }

    @Test
    void settingsThatAreNotRightAreRefused() {
        assertThatThrownBy(() -> job().size(0)).hasMessage("a batch of 0 runs, want 1 or more");
        assertThatThrownBy(() -> job().option("LAYOUT", "weekly").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weekly");
        assertThatThrownBy(() -> job().option("entitys", "array").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "format snowplow has no option 'entitys', want one of [entities, layout, quiet-period, ready-marker, ready-when-followed]");
        assertThatThrownBy(() -> job().option("layout", "weekly").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weekly");
    }
}
