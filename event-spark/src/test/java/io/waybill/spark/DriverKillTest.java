package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Drivers of the recipes that need nothing but Spark, killed in processes of their own. */
@Timeout(600)
class DriverKillTest {

    private final SparkSession spark = SparkTestSession.get();

    @TempDir
    private Path folder;

    @Test
    void howeverOftenADriverIsKilledEachRunIsThereOnceAndTwoAtATimeShareTheRuns() throws Exception {
        try (KillTrial trial = KillTrial.in(folder, Driver.Job.PARTITIONS, Driver.Job.FOLDERS, Driver.Job.JDBC)) {
            Recipes.execute(trial.database(), "CREATE TABLE events (run_id varchar, event_id varchar, app_id varchar)");

            trial.run(3);

            String partitions = trial.output(Driver.Job.PARTITIONS).toString();
            assertThat(KillTrial.byRun(spark.read().parquet(partitions))).isEqualTo(trial.events());
            assertThat(folders(trial)).isEqualTo(trial.events());
            assertThat(KillTrial.byRun(spark.read().jdbc(trial.database().getURL(), "events", new Properties())))
                    .isEqualTo(trial.events());
        }
    }

    private Map<String, List<String>> folders(KillTrial trial) {
        Map<String, List<String>> found = new TreeMap<>();
        for (String run : trial.events().keySet()) {
            String output = trial.output(Driver.Job.FOLDERS) + "/" + new RunId(run);
            found.putAll(KillTrial.byRun(spark.read()
                    .parquet(output)
                    .where("_bad is null")
                    .selectExpr("'%s' AS run_id".formatted(run), "event_id")));
        }
        return found;
    }
}
