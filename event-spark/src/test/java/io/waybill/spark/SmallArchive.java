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
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Five runs of two rows, and what a recipe must make of them. */
final class SmallArchive {

    /** A recipe of the page. */
    @FunctionalInterface
    interface Recipe {
        Summary process(ManifestedBatch.Builder batch) throws Exception;
    }

    final List<RunId> runs = IntStream.range(0, 5)
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
        return archive;
    }

    /** Has all runs processed, and then the first again with one more row; the table must have each row once. */
    void assertThatARunProcessedAgainIsReplaced(SparkSession spark, Recipe recipe, Supplier<Dataset<Row>> table)
            throws Exception {
        ManifestedBatch.Builder batch = ManifestedBatch.builder(spark, manifest, folder.toString());
        assertThat(recipe.process(batch)).isEqualTo(new Summary(5, 0, 0, 0, 0));

        manifest.forget(runs.get(0));
        EventLines.write(folder, runs.get(0).key(), "part-1", EventLines.line("app_id", "late"));
        assertThat(recipe.process(batch)).isEqualTo(new Summary(1, 0, 0, 0, 0));

        Map<String, Long> expected = new TreeMap<>();
        runs.forEach(run -> expected.put(run.key(), 2L));
        expected.put(runs.get(0).key(), 3L);
        assertThat(rowsByRun(table.get())).isEqualTo(expected);
    }

    static Map<String, Long> rowsByRun(Dataset<Row> table) {
        Map<String, Long> rows = new TreeMap<>();
        table.groupBy("run_id").count().collectAsList().forEach(row -> rows.put(row.getString(0), row.getLong(1)));
        return rows;
    }
}
