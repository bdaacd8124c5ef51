package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor.Summary;
import io.waybill.manifest.inmemory.InMemoryRunManifestStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Three runs of two events, one with a line that is none beside them, and what a recipe must make of them. */
final class SmallArchive {

    /** A recipe of the page. */
    @FunctionalInterface
    interface Recipe {
        Summary process(ManifestedBatch.Builder batch) throws Exception;
    }

    final List<RunId> runs = IntStream.range(0, 3)
            .mapToObj(i -> new RunId("run=2026-03-01-0%d-00-00/".formatted(i)))
            .toList();
    private final RunManifest manifest = RunManifest.over(new InMemoryRunManifestStore());
    private final Path folder;

    private SmallArchive(Path folder) {
        this.folder = folder;
    }

    /** Writes the runs; none is processed. */
    static SmallArchive in(Path folder) throws IOException {
        SmallArchive archive = new SmallArchive(folder);
        archive.manifest.create();
        for (RunId run : archive.runs) {
            EventLines.write(
                    folder, run.key(), "part-0", EventLines.line("app_id", "a"), EventLines.line("app_id", "b"));
        }
        EventLines.write(folder, archive.runs.get(2).key(), "part-bad", "no event");
        return archive;
    }

    /** Has all runs processed, and then the first again with one more row; the table must have each row once. */
    void assertThatARunProcessedAgainIsReplaced(SparkSession spark, Recipe recipe, Supplier<Dataset<Row>> table)
            throws Exception {
        ManifestedBatch.Builder batch = ManifestedBatch.builder(spark, manifest, folder.toString());
        assertThat(recipe.process(batch)).isEqualTo(new Summary(3, 0, 0, 0, 0));

        manifest.forget(runs.get(0));
        EventLines.write(folder, runs.get(0).key(), "part-1", EventLines.line("app_id", "late"));
        assertThat(recipe.process(batch)).isEqualTo(new Summary(1, 0, 0, 0, 0));

        Map<String, Long> expected = twoOfEach();
        expected.put(runs.get(0).key(), 3L);
        assertThat(rowsByRun(table.get())).isEqualTo(expected);
    }

    /** Has all runs processed, and then the first again with no events any more; how many rows it has then. */
    long rowsOfARunThatLosesItsEvents(SparkSession spark, Recipe recipe, Supplier<Dataset<Row>> table)
            throws Exception {
        ManifestedBatch.Builder batch = ManifestedBatch.builder(spark, manifest, folder.toString());
        recipe.process(batch);
        assertThat(rowsByRun(table.get())).isEqualTo(twoOfEach());

        manifest.forget(runs.get(0));
        EventLines.write(folder, runs.get(0).key(), "part-0", "no event");
        assertThat(recipe.process(batch)).isEqualTo(new Summary(1, 0, 0, 0, 0));

        Map<String, Long> rows = rowsByRun(table.get());
        Map<String, Long> others = twoOfEach();
        others.remove(runs.get(0).key());
        assertThat(rows).containsAllEntriesOf(others);
        return rows.getOrDefault(runs.get(0).key(), 0L);
    }

    /**
     * Has the runs written by a driver that is paused while it reads its first batch, and all of them by another meanwhile,
     * as if its leases had run out; the table must have each row once.
     *
     * @return what the one that was paused says of its runs
     */
    Summary writeWhileAnotherIsPaused(SparkSession spark, Recipe recipe, Supplier<Dataset<Row>> table)
            throws Exception {
        recipe.process(batch(spark, folder.toString())); // there is a table
        PausingFileSystem.Pause pause =
                PausingFileSystem.pauseNext(spark.sparkContext().hadoopConfiguration());
        FutureTask<Summary> paused = new FutureTask<>(() -> recipe.process(batch(spark, "pausing:" + folder)));
        new Thread(paused, "paused").start();
        try {
            pause.begun().get(5, TimeUnit.MINUTES);
            assertThat(recipe.process(batch(spark, folder.toString()))).isEqualTo(new Summary(3, 0, 0, 0, 0));
        } finally {
            pause.ended().complete(null);
        }
        Summary summary = paused.get(5, TimeUnit.MINUTES);
        assertThat(rowsByRun(table.get())).isEqualTo(twoOfEach());
        return summary;
    }

    /** A batch of a manifest that knows of no other. */
    private static ManifestedBatch.Builder batch(SparkSession spark, String archive) {
        RunManifest manifest = RunManifest.over(new InMemoryRunManifestStore());
        manifest.create();
        return ManifestedBatch.builder(spark, manifest, archive);
    }

    private Map<String, Long> twoOfEach() {
        Map<String, Long> rows = new TreeMap<>();
        runs.forEach(run -> rows.put(run.key(), 2L));
        return rows;
    }

    static Map<String, Long> rowsByRun(Dataset<Row> table) {
        Map<String, Long> rows = new TreeMap<>();
        table.groupBy("run_id").count().collectAsList().forEach(row -> rows.put(row.getString(0), row.getLong(1)));
        return rows;
    }
}
