package io.waybill.event;

import io.waybill.event.BadRow.Code;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entity of an event: a context, or the self-describing event itself. Immutable; two are equal when their source,
 * schema and {@link #json()} are.
 */
public final class Entity {

    /** Which column an entity is from. */
    public enum Source {
        /** The column {@code contexts}: entities that the tracker sent along. */
        CUSTOM("contexts_"),
        /** The column {@code unstruct_event}: the self-describing event. */
        UNSTRUCT("unstruct_event_"),
        /** The column {@code derived_contexts}: entities that the enrichment added. */
        DERIVED("contexts_");

        private final String prefix;

        Source(String prefix) {
            this.prefix = prefix;
        }

        Field<String> field() {
            return switch (this) {
                case CUSTOM -> Field.CONTEXTS;
                case UNSTRUCT -> Field.UNSTRUCT_EVENT;
                case DERIVED -> Field.DERIVED_CONTEXTS;
            };
        }
    }

    private final Source source;
    private final int index;
    private final SchemaKey schema;
    private final String key;

    /** The compact text of the column, in which the data stands. */
    private final byte[] column;

    private final int from;
    private final int to;

    /**
     * An entity whose data is in the compact text of its column.
     *
     * @param index its place in the array of its column
     */
    Entity(Source source, int index, Schema schema, byte[] column, int from, int to) {
        this.source = source;
        this.index = index;
        this.schema = schema.key();
        this.key = source.prefix + schema.group().name();
        this.column = column;
        this.from = from;
        this.to = to;
    }

    /**
     * Which column the entity is from.
     *
     * @return the source
     */
    public Source source() {
        return source;
    }

    /**
     * The schema that the entity names.
     *
     * @return all of its parts
     */
    public SchemaKey schema() {
        return schema;
    }

    /**
     * The key that the entity has in flattened JSON. Contexts of several schemas and of both columns may share one.
     *
     * @return such as {@code contexts_com_acme_page_view_1} or {@code unstruct_event_com_acme_link_click_1}
     */
    public String key() {
        return key;
    }

    /**
     * The entity's data as it was sent, but for the blanks between its tokens.
     *
     * @return valid JSON of any kind
     */
    public String json() {
        return new String(column, from, to - from, StandardCharsets.UTF_8);
    }

    /**
     * The entity's data as plain Java objects: {@link java.util.Map} in the order of its members, of which the last counts
     * where several have one name; {@link java.util.List}; {@link String}; {@link java.math.BigDecimal} for every number;
     * {@link Boolean}; null. Each call makes new ones, which belong to the caller.
     *
     * @return the value, null if the data is JSON's null
     * @throws BadRowException if a number has more than 10,000 characters, or an exponent of more than nine digits
     */
    public @Nullable Object value() {
        return value(from);
    }

    /**
     * The value at a place inside the data, as {@link #value()} would have it. Only what is found there is decoded.
     *
     * @param path the steps from the data to the value: a {@link String} for a member of an object, an {@link Integer} from
     *     0 for an element of an array; none for the data itself
     * @return the value; empty if there is none, if it is null, or if a step meets another kind of value
     * @throws BadRowException if a number in it has more than 10,000 characters, or an exponent of more than nine digits
     * @throws IllegalArgumentException if a step is neither a String nor an Integer
     */
    public Optional<Object> at(Object... path) {
        int at = from;
        for (Object step : path) {
            if (at != JsonValue.ABSENT) {
                at = step(at, step);
            }
        }
        return at == JsonValue.ABSENT ? Optional.empty() : Optional.ofNullable(value(at));
    }

    private int step(int at, Object step) {
        if (step instanceof String name) {
            return JsonValue.member(column, at, name);
        }
        if (step instanceof Integer element) {
            return JsonValue.element(column, at, element);
        }
        throw new IllegalArgumentException(
                "a step of a path is a %s, want a String for a member or an Integer for an element"
                        .formatted(step.getClass().getSimpleName()));
    }

    private @Nullable Object value(int at) {
        try {
            return JsonValue.read(column, at);
        } catch (ArithmeticException e) {
            Field<String> field = source.field();
            int place = field.kind() == Field.Kind.CONTEXTS ? index : LineErrors.NO_ENTITY;
            String message = "%s: %s: %s"
                    .formatted(field.column(), Utf8.clip(schema.uri(), BadRow.VALUE_CODE_POINTS), e.getMessage());
            String value = Utf8.clip(column, at, to, BadRow.VALUE_CODE_POINTS);
            LineErrors errors = new LineErrors();
            errors.addEntity(field, Code.NOT_A_NUMBER, place, message, value);
            throw new BadRowException(errors.toBadRow(1), e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entity entity
                && source == entity.source
                && schema.equals(entity.schema)
                && Arrays.equals(column, from, to, entity.column, entity.from, entity.to);
    }

    @Override
    public int hashCode() {
        return 31 * schema.hashCode() + source.hashCode();
    }

    /** Source and schema; not the data, which may be personal. */
    @Override
    public String toString() {
        return "Entity[%s %s]".formatted(source, schema);
    }
}
