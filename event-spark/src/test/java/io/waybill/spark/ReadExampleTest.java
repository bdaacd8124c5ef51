package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/spark.md that read: as they stand there, and what they do. */
class ReadExampleTest {

    private static final String RUN = "run=2026-03-01-00-00-00/";
    private static final String VIEW =
            "CREATE TEMPORARY VIEW events USING snowplow OPTIONS (path '/data/enriched/archive', entities 'array')";

    private final SparkSession spark = SparkTestSession.get();

    @TempDir
    private Path archive;

    @BeforeEach
    void write() throws IOException {
        EventLines.write(
                archive,
                RUN,
                "part-0",
                EventLines.line("app_id", "a", "event", "page_view"),
                EventLines.line("app_id", "a", "event", "page_view", "txn_id", "x"),
                EventLines.line("app_id", "a", "event", "page_ping"));
    }

    @Test
    void eventsAreCountedAndBadRowsShown() {
        read(archive.toString());
    }

    // spotless:off
    private void read(String archive) {
        // docs: read
Dataset<Row> events = EnrichedEvents.read(spark, archive); // or the folder of one run, or several of either
Dataset<Row> good = events.where("_bad IS NULL");
Dataset<Row> views = good.where("event = 'page_view'").groupBy("run_id", "app_id").count();
Dataset<Row> bad = events.where("_bad IS NOT NULL").select("_bad.file", "_bad.line", "_bad.errors", "_bad.text");
        // end
        assertThat(views.collectAsList()).extracting(Row::toString).containsExactly("[" + RUN + ",a,1]");
        assertThat(bad.collectAsList()).extracting(row -> row.getLong(1)).containsExactly(2L);
    }
    // spotless:on

    @Test
    void theViewIsMade() {
        spark.sql("DROP VIEW IF EXISTS events");
        spark.sql(VIEW.replace("/data/enriched/archive", archive.toString()));

        assertThat(spark.table("events").count()).isEqualTo(3);
        spark.sql("DROP VIEW events");
    }

    @Test
    void thePageQuotesThem() throws IOException {
        Page.assertQuotes(Page.SPARK, "event-spark/src/test/java/io/waybill/spark/ReadExampleTest.java", "read");
        Page.assertHas(Page.SPARK, "sql", VIEW);
    }
}
