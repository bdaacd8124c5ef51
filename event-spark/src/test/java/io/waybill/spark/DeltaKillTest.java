package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Drivers of the recipe for Delta, killed in processes of their own. */
@Timeout(600)
class DeltaKillTest {

    private final SparkSession spark = SparkTestSession.get();

    @TempDir
    private Path folder;

    @Test
    void howeverOftenADriverIsKilledEachRunIsThereOnceAndTwoAtATimeShareTheTable() throws Exception {
        try (KillTrial trial = KillTrial.in(folder, Driver.Job.DELTA)) {
            trial.run(3);

            String table = trial.output(Driver.Job.DELTA).toString();
            assertThat(KillTrial.byRun(spark.read().format("delta").load(table)))
                    .isEqualTo(trial.events());
        }
    }
}
