package io.waybill.spark;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the recipe of docs/spark.md for Iceberg does. */
class IcebergRecipeTest {

    private static final String DATABASE = "jdbc:h2:mem:lake;DB_CLOSE_DELAY=-1;DATABASE_TO_LOWER=TRUE";

    @TempDir
    private Path folder;

    @Test
    void icebergReplacesARunThatIsProcessedAgain() throws Exception {
        SparkSession spark = Lake.withTable(Lake.settings(DATABASE, folder.resolve("lake")));

        SmallArchive.in(folder.resolve("archive"))
                .assertThatARunProcessedAgainIsReplaced(spark, Recipes::iceberg, () -> spark.table(Lake.TABLE));
    }
}
