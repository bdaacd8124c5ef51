package io.waybill.spark;

import io.waybill.event.EnrichedEvent;
import io.waybill.event.EventReader;
import io.waybill.event.Field;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** The rows of one file: a row for each line, with the columns that were asked for and no others decoded. */
final class EventRows implements PartitionReader<InternalRow> {

    /** The column of the run's id. */
    static final String RUN_ID = "run_id";

    /** The column that says what is wrong with a line. */
    static final String BAD = "_bad";

    /** Makes the value of a column from the line at hand, which is no event where there is none. */
    @FunctionalInterface
    private interface Maker {
        @Nullable
        Object make(EventReader line, @Nullable EnrichedEvent event);
    }

    private final InputStream tsv;
    private final EventReader lines;
    private final List<Maker> columns;

    EventRows(InputFile file, InputStream tsv, StructType schema, EntityForm entities) {
        this.tsv = tsv;
        this.lines = new EventReader(tsv);
        this.columns = Stream.of(schema.fields())
                .map(column -> maker(column.name(), file, entities))
                .toList();
    }

    /** All columns: those of an event, the run's id, and what is wrong. */
    static StructType schema(EntityForm entities) {
        Stream<StructField> own = Stream.of(
                DataTypes.createStructField(RUN_ID, DataTypes.StringType, true),
                DataTypes.createStructField(BAD, BadRows.TYPE, true));
        return new StructType(Stream.concat(EventColumns.fields(entities), own).toArray(StructField[]::new));
    }

    private static Maker maker(String column, InputFile file, EntityForm entities) {
        if (column.equals(RUN_ID)) {
            UTF8String run = UTF8String.fromString(file.run());
            return (line, event) -> run;
        }
        if (column.equals(BAD)) {
            UTF8String name = UTF8String.fromString(file.location());
            return (line, event) -> BadRows.of(line, event, name);
        }
        Function<EnrichedEvent, @Nullable Object> decoder = EventColumns.decoder(Field.of(column), entities);
        return (line, event) -> event == null ? null : decoder.apply(event);
    }

    @Override
    public boolean next() throws IOException {
        return lines.next();
    }

    @Override
    public InternalRow get() {
        @Nullable Object[] values = new @Nullable Object[columns.size()];
        if (values.length > 0) { // a count needs no more than the lines' ends
            EnrichedEvent event = lines.event().orElse(null);
            for (int i = 0; i < values.length; i++) {
                values[i] = columns.get(i).make(lines, event);
            }
        }
        return new GenericInternalRow(values);
    }

    @Override
    public void close() throws IOException {
        tsv.close();
    }
}
