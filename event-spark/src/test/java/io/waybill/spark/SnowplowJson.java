package io.waybill.spark;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The flattened JSON of events as Spark's own reader of JSON takes it. */
final class SnowplowJson {

    private SnowplowJson() {}

    /** The columns that are no JSON inside, with the types that the reader of events gives them. */
    static StructType scalars() {
        return new StructType(EventColumns.fields(EntityForm.ARRAY)
                .filter(field -> !field.name().matches("(derived_)?contexts|unstruct_event"))
                .map(field -> DataTypes.createStructField(field.name(), field.dataType(), true))
                .toArray(StructField[]::new));
    }
}
