package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunProcessor.Summary;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the recipe of docs/spark.md for Iceberg does. */
class IcebergRecipeTest {

    private SparkSession spark;
    private SmallArchive small;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeTable() throws IOException {
        String database = "jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1;DATABASE_TO_LOWER=TRUE".formatted(folder.getFileName());
        spark = Lake.withTable(Lake.settings(database, folder.resolve("lake")));
        small = SmallArchive.in(folder.resolve("archive"));
    }

    private Dataset<Row> table() {
        return spark.table(Lake.TABLE);
    }

    @Test
    void icebergReplacesARunThatIsProcessedAgain() throws Exception {
        small.assertThatARunProcessedAgainIsReplaced(spark, Recipes::iceberg, this::table);
    }

    @Test
    void icebergKeepsTheRowsOfARunThatHasNoEventsAnyMore() throws Exception {
        assertThat(small.rowsOfARunThatLosesItsEvents(spark, Recipes::iceberg, this::table))
                .isEqualTo(2);
    }

    @Test
    void ofTwoDriversThatWriteARunNeitherIsRefusedAndItsRowsAreThereOnce() throws Exception {
        assertThat(small.writeWhileAnotherIsPaused(spark, Recipes::iceberg, this::table))
                .isEqualTo(new Summary(3, 0, 0, 0, 0));
    }
}
