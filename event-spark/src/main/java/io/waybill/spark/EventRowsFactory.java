package io.waybill.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Opens files where tasks run.
 *
 * @param schema the columns to decode
 * @param entities what the columns of entities are
 * @param settings Hadoop's
 */
record EventRowsFactory(StructType schema, EntityForm entities, Map<String, String> settings)
        implements PartitionReaderFactory {

    @Override
    @SuppressWarnings("resource") // the rows close it
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
        InputFile file = (InputFile) partition;
        Configuration configuration = new Configuration(false);
        settings.forEach(configuration::set);
        try {
            InputStream tsv = file.open(configuration);
            return new EventRows(file, tsv, schema, entities);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open %s: %s".formatted(file.location(), e.getMessage()), e);
        }
    }
}
