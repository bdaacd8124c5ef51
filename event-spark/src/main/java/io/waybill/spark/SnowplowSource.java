package io.waybill.spark;

import io.waybill.archive.RunLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;

/**
 * The source of format {@code snowplow}: {@code spark.read().format("snowplow").load(location)}, and in SQL {@code CREATE
 * TEMPORARY VIEW events USING snowplow OPTIONS (path '…')}. Spark makes one; what it reads is described at {@link
 * EnrichedEvents}.
 *
 * <p>Options: {@code path}, an archive or the folder of one run; {@code entities}, {@code json} (default) or {@code array};
 * {@code layout}, which folders are runs, as {@link RunLayout#of} takes it. Rules by which a run is ready, of which there are
 * none by default: {@code quiet-period}, a span such as {@code 15m} in which nothing in it was modified; {@code ready-marker},
 * a file such as {@code _SUCCESS} that is in it; {@code ready-when-followed}, {@code true} where a later run must be there.
 */
public final class SnowplowSource implements TableProvider, DataSourceRegister {

    static final String FORMAT = "snowplow";
    static final String PATH = "path";

    /** The files to read instead of those at a path, as {@link EnrichedEvents} has found them. */
    static final String FILES = "waybill.files";

    /** Makes a source; called by Spark. */
    public SnowplowSource() {}

    @Override
    public String shortName() {
        return FORMAT;
    }

    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        return EventRows.schema(EntityForm.of(options.get(ReadOptions.ENTITIES)));
    }

    @Override
    public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        Map<String, String> options = new HashMap<>(new CaseInsensitiveStringMap(properties));
        if (options.containsKey("paths")) {
            throw new IllegalArgumentException(
                    "format snowplow loads one path at a time; EnrichedEvents.read(spark, location, …) takes several");
        }
        String files = options.remove(FILES);
        String path = options.get(PATH);
        ReadOptions read = ReadOptions.of(options, PATH);
        Configuration configuration = SparkSession.active().sparkContext().hadoopConfiguration();
        List<InputFile> found = files != null ? parse(files) : list(path, read, configuration);
        return new EventsTable(path == null ? "events" : path, found, read.entities(), configuration);
    }

    private static List<InputFile> parse(String files) {
        return files.lines().map(InputFile::parse).toList();
    }

    private static List<InputFile> list(@Nullable String path, ReadOptions read, Configuration configuration) {
        if (path == null) {
            throw new IllegalArgumentException(
                    "format snowplow wants a path: load(\"s3a://bucket/enriched/archive/\"), or the folder of one run");
        }
        return Listing.files(path, read, configuration);
    }
}
