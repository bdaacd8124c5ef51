package io.waybill.spark;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** The events of some files, which do not change from one query to the next. */
final class EventsTable implements SupportsRead {

    private final String name;
    private final List<InputFile> files;
    private final EntityForm entities;
    private final Configuration configuration;

    EventsTable(String name, List<InputFile> files, EntityForm entities, Configuration configuration) {
        this.name = name;
        this.files = files;
        this.entities = entities;
        this.configuration = configuration;
    }

    @Override
    public String name() {
        return "snowplow " + name;
    }

    @Override
    public Column[] columns() {
        return Stream.of(EventRows.schema(entities).fields())
                .map(field -> Column.create(field.name(), field.dataType(), field.nullable()))
                .toArray(Column[]::new);
    }

    @Override
    public Set<TableCapability> capabilities() {
        return Set.of(TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
        return new EventsScan(files, entities, configuration);
    }
}
