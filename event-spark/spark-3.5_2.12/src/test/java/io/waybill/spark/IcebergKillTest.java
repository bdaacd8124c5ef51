package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Drivers of the recipe for Iceberg, killed in processes of their own. */
@Timeout(600)
class IcebergKillTest {

    @TempDir
    private Path folder;

    @Test
    void howeverOftenADriverIsKilledEachRunIsThereOnceAndTwoAtATimeShareTheTable() throws Exception {
        try (KillTrial trial = KillTrial.in(folder, Driver.Job.ICEBERG)) {
            Map<String, String> settings = Lake.settings(trial.database().getURL(), folder.resolve("lake"));
            SparkSession spark = Lake.withTable(settings);
            trial.settings(settings);

            trial.run(3);

            assertThat(KillTrial.byRun(spark.table(Lake.TABLE))).isEqualTo(trial.events());
        }
    }
}
