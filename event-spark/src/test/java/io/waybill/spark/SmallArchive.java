package io.waybill.spark;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.inmemory.InMemoryRunManifestStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Five runs of two rows, and what is expected in a table of them. */
final class SmallArchive {

    final RunManifest manifest = RunManifest.over(new InMemoryRunManifestStore());
    final List<RunId> runs = IntStream.range(0, 5)
            .mapToObj(i -> new RunId("run=2026-03-01-0%d-00-00/".formatted(i)))
            .toList();
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

    /** Adds a row to a run, which has to be processed again. */
    void change(int run) throws IOException {
        manifest.forget(runs.get(run));
        EventLines.write(folder, runs.get(run).key(), "part-1", EventLines.line("app_id", "late"));
    }

    /** The rows of each run, with that one changed. */
    Map<String, Long> rowsWithChanged(int changed) {
        Map<String, Long> rows = new TreeMap<>();
        runs.forEach(run -> rows.put(run.key(), 2L));
        rows.put(runs.get(changed).key(), 3L);
        return rows;
    }

    static Map<String, Long> rowsByRun(Dataset<Row> table) {
        Map<String, Long> rows = new TreeMap<>();
        table.groupBy("run_id").count().collectAsList().forEach(row -> rows.put(row.getString(0), row.getLong(1)));
        return rows;
    }
}
