package io.waybill.spark;

import io.waybill.event.BadRowException;
import io.waybill.event.EnrichedEvent;
import io.waybill.event.Entity;
import io.waybill.event.Field;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** What the columns of an event are in Spark: their types, and their values as Spark has them inside. */
final class EventColumns {

    /** Money and other decimals: what Spark itself makes of a {@link BigDecimal}. */
    static final DecimalType DECIMAL = DataTypes.createDecimalType(38, 18);

    /** Schema and data of one entity. */
    static final StructType ENTITY =
            new StructType().add("schema", DataTypes.StringType).add("data", DataTypes.StringType);

    private static final Map<Field<?>, Entity.Source> SOURCES = Map.of(
            Field.CONTEXTS, Entity.Source.CUSTOM,
            Field.UNSTRUCT_EVENT, Entity.Source.UNSTRUCT,
            Field.DERIVED_CONTEXTS, Entity.Source.DERIVED);

    private static final List<Field<?>> NUMBERS = Field.all().stream()
            .filter(field -> field.type() == BigDecimal.class)
            .toList();

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private EventColumns() {}

    /** The columns of an event in their order. */
    static Stream<StructField> fields(EntityForm entities) {
        return Field.all().stream()
                .map(field -> DataTypes.createStructField(field.column(), type(field, entities), true));
    }

    static DataType type(Field<?> field, EntityForm entities) {
        if (SOURCES.containsKey(field) && entities == EntityForm.ARRAY) {
            return field == Field.UNSTRUCT_EVENT ? ENTITY : DataTypes.createArrayType(ENTITY);
        } else if (isCoordinate(field)) {
            return DataTypes.DoubleType;
        } else if (field.type() == BigDecimal.class) {
            return DECIMAL;
        } else if (field.type() == Integer.class) {
            return DataTypes.IntegerType;
        } else if (field.type() == Boolean.class) {
            return DataTypes.BooleanType;
        } else if (field.type() == Instant.class) {
            return DataTypes.TimestampType;
        }
        return DataTypes.StringType;
    }

    private static boolean isCoordinate(Field<?> field) {
        return field == Field.GEO_LATITUDE || field == Field.GEO_LONGITUDE;
    }

    /** Decodes a column of events; null where it is empty, or not what it should be. */
    static Function<EnrichedEvent, @Nullable Object> decoder(Field<?> field, EntityForm entities) {
        Function<EnrichedEvent, @Nullable Object> decoder = checkedDecoder(field, entities);
        return event -> {
            try {
                return decoder.apply(event);
            } catch (BadRowException e) { // the row says so in its own column, if it is asked for
                return null;
            }
        };
    }

    private static Function<EnrichedEvent, @Nullable Object> checkedDecoder(Field<?> field, EntityForm entities) {
        Entity.Source source = SOURCES.get(field);
        if (source != null && entities == EntityForm.ARRAY) {
            return field == Field.UNSTRUCT_EVENT
                    ? event -> event.entities(source).stream()
                            .findFirst()
                            .map(EventColumns::entity)
                            .orElse(null)
                    : event -> event.text(field).isEmpty() ? null : array(event.entities(source));
        } else if (isCoordinate(field)) {
            return event -> event.get(field)
                    .map(number -> toDouble((BigDecimal) number))
                    .orElse(null);
        } else if (field.type() == BigDecimal.class) {
            return event -> event.get(field)
                    .map(number -> toDecimal((BigDecimal) number))
                    .orElse(null);
        } else if (field.type() == Instant.class) {
            return event ->
                    event.get(field).map(time -> toMicros((Instant) time)).orElse(null);
        } else if (field == Field.EVENT_ID) { // text, as for the transformer
            return event -> event.text(field).map(UTF8String::fromString).orElse(null);
        } else if (field.type() == String.class) {
            return event -> event.get(field)
                    .map(text -> UTF8String.fromString((String) text))
                    .orElse(null);
        }
        return event -> event.get(field).orElse(null);
    }

    private static long toMicros(Instant time) {
        return time.getEpochSecond() * MICROS_PER_SECOND + time.getNano() / NANOS_PER_MICRO;
    }

    private static @Nullable Double toDouble(BigDecimal number) {
        double nearest = number.doubleValue();
        return Double.isInfinite(nearest) ? null : (Double) nearest;
    }

    /** The same number, or null if it has more digits than the type. */
    private static @Nullable Decimal toDecimal(BigDecimal number) {
        BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        int whole = plain.precision() - plain.scale();
        if (plain.scale() > DECIMAL.scale() || whole > DECIMAL.precision() - DECIMAL.scale()) {
            return null;
        }
        return Decimal.apply(plain.setScale(DECIMAL.scale()), DECIMAL.precision(), DECIMAL.scale());
    }

    private static InternalRow entity(Entity entity) {
        return new GenericInternalRow(
                new Object[] {UTF8String.fromString(entity.schema().uri()), UTF8String.fromString(entity.json())});
    }

    private static GenericArrayData array(List<Entity> entities) {
        Object[] rows = entities.stream().map(EventColumns::entity).toArray();
        return new GenericArrayData(rows);
    }

    /** The columns whose numbers are right for the transformer and have more digits than their types here, with their texts. */
    static Map<Field<?>, String> misfits(EnrichedEvent event) {
        Map<Field<?>, String> misfits = new LinkedHashMap<>();
        for (Field<?> field : NUMBERS) {
            if (isMisfit(event, field)) {
                misfits.put(field, event.text(field).orElseThrow());
            }
        }
        return misfits;
    }

    private static boolean isMisfit(EnrichedEvent event, Field<?> field) {
        try {
            BigDecimal number = (BigDecimal) event.get(field).orElse(null);
            return number != null && (isCoordinate(field) ? toDouble(number) : toDecimal(number)) == null;
        } catch (BadRowException e) {
            return e.getCause() instanceof ArithmeticException; // it is a number, and one that costs too much
        }
    }
}
