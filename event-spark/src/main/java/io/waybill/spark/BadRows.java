package io.waybill.spark;

import io.waybill.event.BadRow;
import io.waybill.event.EnrichedEvent;
import io.waybill.event.EventReader;
import io.waybill.event.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** The column that says what is wrong with a line. */
final class BadRows {

    private static final StructType ERROR = new StructType()
            .add("index", DataTypes.IntegerType)
            .add("column", DataTypes.StringType)
            .add("code", DataTypes.StringType)
            .add("entity", DataTypes.IntegerType)
            .add("message", DataTypes.StringType)
            .add("value", DataTypes.StringType);

    static final StructType TYPE = new StructType()
            .add("file", DataTypes.StringType)
            .add("line", DataTypes.LongType)
            .add("columns", DataTypes.IntegerType)
            .add("errors", DataTypes.createArrayType(ERROR))
            .add("text", DataTypes.StringType);

    /** The code of a number that the transformer takes and the type of its column does not. */
    private static final String DOES_NOT_FIT = "DOES_NOT_FIT";

    private static final int VALUE_CODE_POINTS = 64;

    private BadRows() {}

    /** What is wrong with the line at hand, or null. */
    static @Nullable InternalRow of(EventReader reader, @Nullable EnrichedEvent event, UTF8String file) {
        Optional<BadRow> badRow = reader.check();
        Map<Field<?>, String> misfits = event == null ? Map.of() : EventColumns.misfits(event);
        if (badRow.isEmpty() && misfits.isEmpty()) {
            return null;
        }
        List<InternalRow> errors = new ArrayList<>();
        badRow.ifPresent(bad -> bad.errors().forEach(error -> errors.add(error(error))));
        misfits.forEach((field, value) -> errors.add(misfit(field, value)));
        return new GenericInternalRow(new @Nullable Object[] {
            file,
            reader.line(),
            badRow.map(BadRow::columns).orElse(Field.all().size()),
            new GenericArrayData(errors.toArray()),
            text(reader.text().orElse(null))
        });
    }

    private static InternalRow error(BadRow.Error error) {
        return new GenericInternalRow(new @Nullable Object[] {
            error.index(),
            text(error.column()),
            text(error.code().name()),
            error.entity(),
            text(error.message()),
            text(error.value())
        });
    }

    private static InternalRow misfit(Field<?> field, String value) {
        String type = EventColumns.type(field, EntityForm.JSON).simpleString();
        String message = "%s: has more digits than a %s".formatted(field.column(), type);
        int shown = Math.min(value.length(), VALUE_CODE_POINTS); // numbers are of ASCII
        return new GenericInternalRow(new @Nullable Object[] {
            field.index(),
            text(field.column()),
            text(DOES_NOT_FIT),
            null,
            text(message),
            text(value.substring(0, shown))
        });
    }

    private static @Nullable UTF8String text(@Nullable String text) {
        return text == null ? null : UTF8String.fromString(text);
    }
}
