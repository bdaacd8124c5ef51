package io.waybill.spark;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** One reading of files: which columns are wanted, and a task for each file. */
final class EventsScan implements SupportsPushDownRequiredColumns, Scan, Batch {

    private final List<InputFile> files;
    private final EntityForm entities;
    private final Configuration configuration;
    private StructType schema;

    EventsScan(List<InputFile> files, EntityForm entities, Configuration configuration) {
        this.files = files;
        this.entities = entities;
        this.configuration = configuration;
        this.schema = EventRows.schema(entities);
    }

    /** Keeps whole columns: of the structs among them everything is given, whatever is wanted of it. */
    @Override
    public void pruneColumns(StructType required) {
        Set<String> names = new HashSet<>(Arrays.asList(required.fieldNames()));
        schema = new StructType(Stream.of(EventRows.schema(entities).fields())
                .filter(field -> names.contains(field.name()))
                .toArray(StructField[]::new));
    }

    @Override
    public Scan build() {
        return this;
    }

    @Override
    public StructType readSchema() {
        return schema;
    }

    /** For plans: which columns the lines are decoded for. */
    @Override
    public String description() {
        return "snowplow: %d files, columns [%s]".formatted(files.size(), String.join(", ", schema.fieldNames()));
    }

    @Override
    public Batch toBatch() {
        return this;
    }

    @Override
    public InputPartition[] planInputPartitions() {
        return files.toArray(InputPartition[]::new);
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        Map<String, String> settings = new HashMap<>();
        configuration.forEach(setting -> settings.put(setting.getKey(), setting.getValue()));
        return new EventRowsFactory(schema, entities, settings);
    }
}
