package io.waybill.spark;

import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SaveMode;

/** Output of files in which a run is a partition, so that writing a run again replaces it. */
public final class RunPartitions {

    private static final String COMMIT_PROTOCOL = "spark.sql.sources.commitProtocolClass";

    /** The one that moves new partitions into the place of old ones; others may add to them. */
    private static final String REPLACING =
            "org.apache.spark.sql.execution.datasources.SQLHadoopMapReduceCommitProtocol";

    private RunPartitions() {}

    /**
     * Writes rows to a folder with a partition {@code run_id=…} for each run. The partitions of the runs that have rows are
     * replaced, and no others are touched. A run that had rows there and has none now keeps the old ones.
     *
     * <p>Each partition is replaced as a whole, one after the other; a reader may see some of them new and others old, or one
     * that is missing for a moment.
     *
     * @param rows what to write, with a column {@code run_id}
     * @param format such as {@code parquet}
     * @param path the folder
     * @throws IllegalArgumentException if there is no such column
     * @throws IllegalStateException if the session has another commit protocol than Spark's own, as it may add to partitions
     *     instead of replacing them
     */
    public static void overwrite(Dataset<Row> rows, String format, String path) {
        if (!Arrays.asList(rows.columns()).contains(EventRows.RUN_ID)) {
            throw new IllegalArgumentException("the rows have the columns %s, want one '%s' to partition by"
                    .formatted(Arrays.toString(rows.columns()), EventRows.RUN_ID));
        }
        RuntimeConfig settings = rows.sparkSession().conf();
        String protocol = settings.get(COMMIT_PROTOCOL);
        if (!protocol.equals(REPLACING)) {
            throw new IllegalStateException("%s is %s, want %s: another may add to partitions instead of replacing them"
                    .formatted(COMMIT_PROTOCOL, protocol, REPLACING));
        }
        rows.write()
                .mode(SaveMode.Overwrite)
                .option("partitionOverwriteMode", "dynamic")
                .partitionBy(EventRows.RUN_ID)
                .format(format)
                .save(path);
    }
}
