package io.waybill.event;

import io.waybill.event.Entity.Source;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One enriched event with typed access to its columns and entities.
 *
 * <p>Making one only finds where its columns are. A value is checked and decoded when it is asked for, by the rules of the
 * {@link EventTransformer} with its defaults; so a column that holds nonsense is an error of {@link #get} for that column,
 * and of no other. {@link #check()} looks at all of them. Of what is right for the transformer two things are errors here all the
 * same: an event id that is no {@link UUID}, and a number that costs too much as a {@link BigDecimal}, as it has more than
 * 10,000 characters or an exponent of more than nine digits. {@link #text} has them still.
 *
 * <p>Events are immutable; threads may share them. Two are equal when their columns are, byte by byte.
 *
 * <p>An event becomes JSON through {@link EventTransformer#transform(EnrichedEvent)}.
 */
public final class EnrichedEvent {

    private static final EventTransformer RULES = EventTransformer.flattened();

    private final byte[] line;

    /** Column c is from {@code starts[c]} to before {@code starts[c + 1] - 1}; what stands there is a tab or the end. */
    private final int[] starts;

    /** The entities, once somebody has asked for them. */
    private volatile @Nullable List<Entity> entities;

    /** An event of columns that are split; the arrays are not copied. */
    EnrichedEvent(byte[] line, int[] starts) {
        this.line = line;
        this.starts = starts;
    }

    /**
     * Splits a line. A line end after it is not part of it; a line end anywhere else is data.
     *
     * @param line one event in UTF-8; it is copied
     * @return the event
     * @throws BadRowException if there are not 131 columns
     */
    public static EnrichedEvent parse(byte[] line) {
        byte[] copy = Arrays.copyOf(line, LineReader.withoutLineEnd(line));
        return split(copy).orElseThrow(() -> {
            int columns = LineTransformer.columns(copy, 0, copy.length);
            return new BadRowException(new LineErrors().fieldCount(1, columns, copy, 0, copy.length));
        });
    }

    /** The event of a line without line end, which is not copied; empty if there are not 131 columns. */
    static Optional<EnrichedEvent> split(byte[] line) {
        int[] starts = new int[Field.COUNT + 1];
        int columns = 1;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\t') {
                if (columns == Field.COUNT) {
                    return Optional.empty();
                }
                starts[columns++] = i + 1;
            }
        }
        starts[columns] = line.length + 1;
        return columns == Field.COUNT ? Optional.of(new EnrichedEvent(line, starts)) : Optional.empty();
    }

    /**
     * Splits a line. A line end after it is not part of it; a line end anywhere else is data.
     *
     * @param line one event; an unpaired surrogate in it is an error of its column, as it has no UTF-8
     * @return the event
     * @throws BadRowException if there are not 131 columns
     */
    public static EnrichedEvent parse(String line) {
        return parse(Utf8.encode(line));
    }

    /**
     * The event of columns that are split already.
     *
     * @param columns the texts in the order of the columns, empty where there is no value; an unpaired surrogate is an
     *     error of its column
     * @return the event
     * @throws BadRowException if there are not 131
     */
    public static EnrichedEvent ofColumns(List<String> columns) {
        if (columns.size() != Field.COUNT) {
            byte[] line = Utf8.encode(String.join("\t", columns));
            throw new BadRowException(
                    new LineErrors().fieldCount(1, Math.max(1, columns.size()), line, 0, line.length));
        }
        Columns values = Columns.empty();
        for (Field<?> field : Field.all()) {
            values.set(field, Utf8.encode(columns.get(field.index())));
        }
        return values.toEvent();
    }

    /**
     * Reads the nested JSON of an event back: one object with the columns as members in any order, absent or null where
     * there is no value. The types of the values must be those of the nested form, their content is not looked at.
     *
     * <p>What comes back has the columns in the form that pipelines write: timestamps as {@code yyyy-MM-dd HH:mm:ss} with
     * the fraction they had, numbers without plus sign and leading zeros, JSON without blanks. It is equal to the event
     * from which the JSON was made where that has this form too.
     *
     * @param json the object in UTF-8
     * @return the event
     * @throws IllegalArgumentException if this is not JSON, no object, or has a member that is unknown, there twice or of
     *     another type than its column
     */
    public static EnrichedEvent fromNestedJson(byte[] json) {
        return NestedJson.read(json).toEvent();
    }

    /**
     * A builder for events in tests. It starts with what every event has: {@code collector_tstamp} is 2024-01-01 00:00:00,
     * {@code event_id} is 00000000-0000-4000-8000-000000000000, and {@code v_collector} and {@code v_etl} name versions.
     *
     * @return a builder whose event can be built as it is
     */
    public static Builder builder() {
        return new Builder(Columns.empty())
                .withText(Field.COLLECTOR_TSTAMP, "2024-01-01 00:00:00")
                .withText(Field.EVENT_ID, "00000000-0000-4000-8000-000000000000")
                .withText(Field.V_COLLECTOR, "ssc-3.2.0-kinesis")
                .withText(Field.V_ETL, "snowplow-enrich-kinesis-5.1.0");
    }

    /**
     * A builder that starts with this event.
     *
     * @return a builder with all columns as they are
     */
    public Builder toBuilder() {
        return new Builder(columns(Field.all()));
    }

    /**
     * The value of a column: checked by the rules of its type and decoded. The three columns of entities are checked in full,
     * and their value is their text as it was sent.
     *
     * @param field the column
     * @param <T> its type
     * @return the value, empty if the column is
     * @throws BadRowException if the column does not hold what it should
     */
    public <T> Optional<T> get(Field<T> field) {
        if (isEmpty(field)) {
            return Optional.empty();
        }
        if (field.kind() == Field.Kind.CONTEXTS || field.kind() == Field.Kind.UNSTRUCT_EVENT) {
            Inventory.check(this, field);
        }
        return Optional.of(field.type().cast(FieldValues.read(field, line, start(field), end(field))));
    }

    /**
     * The text of a column as it was sent. Nothing is checked but its encoding.
     *
     * @param field the column; {@link Field#of} has it by its name
     * @return the text, empty if the column is
     * @throws BadRowException if it is not UTF-8
     */
    public Optional<String> text(Field<?> field) {
        return isEmpty(field) ? Optional.empty() : Optional.of(FieldValues.text(field, line, start(field), end(field)));
    }

    /**
     * Checks all columns, and the length of the line, as {@link EventTransformer#flattened()} does.
     *
     * @return what is wrong with the event, with line number 1; empty if nothing is
     */
    public Optional<BadRow> check() {
        return RULES.transform(this) instanceof BadRow badRow ? Optional.of(badRow) : Optional.empty();
    }

    /**
     * All entities in the order of their columns: custom contexts, the self-describing event, derived contexts.
     *
     * @return the entities; the list cannot be changed
     * @throws BadRowException if there is an error in one of the three columns, with all of theirs
     */
    public List<Entity> entities() {
        List<Entity> found = entities;
        if (found == null) {
            found = Inventory.of(this, Source.CUSTOM, Source.UNSTRUCT, Source.DERIVED);
            entities = found;
        }
        return found;
    }

    /**
     * The entities of one of the three columns. The others are not looked at.
     *
     * @param source the column
     * @return its entities in their order, perhaps none; the list cannot be changed
     * @throws BadRowException if there is an error in the column
     */
    public List<Entity> entities(Source source) {
        return Inventory.of(this, source);
    }

    /**
     * The entities that flattened JSON has under a key.
     *
     * @param key such as {@code contexts_com_acme_page_view_1}
     * @return those with that {@link Entity#key()} in the order of {@link #entities()}, perhaps none
     * @throws BadRowException as {@link #entities()}
     */
    public List<Entity> entities(String key) {
        return entities().stream().filter(entity -> entity.key().equals(key)).toList();
    }

    /**
     * The entities of a schema, in exactly this version.
     *
     * @param schema the schema
     * @return those that name it in the order of {@link #entities()}, perhaps none
     * @throws BadRowException as {@link #entities()}
     */
    public List<Entity> entities(SchemaKey schema) {
        return entities().stream()
                .filter(entity -> entity.schema().equals(schema))
                .toList();
    }

    /**
     * The first of {@link #entities(String)}.
     *
     * @param key such as {@code contexts_com_acme_page_view_1}
     * @return an entity with that key, if there is one
     * @throws BadRowException as {@link #entities()}
     */
    public Optional<Entity> entity(String key) {
        return entities(key).stream().findFirst();
    }

    /**
     * The first of {@link #entities(SchemaKey)}.
     *
     * @param schema the schema
     * @return an entity that names it, if there is one
     * @throws BadRowException as {@link #entities()}
     */
    public Optional<Entity> entity(SchemaKey schema) {
        return entities(schema).stream().findFirst();
    }

    /**
     * The event with some of its columns. It can be made to JSON or a map where only these are wanted.
     *
     * @param fields the columns to keep
     * @return an event in which all others are empty
     */
    public EnrichedEvent only(Field<?>... fields) {
        return columns(Arrays.asList(fields)).toEvent();
    }

    /**
     * The event as plain Java objects, with the keys of flattened JSON in their order: the values of columns as {@link #get}
     * has them, those of entities as {@link Entity#value()}, contexts in a {@link List} for each key, and both coordinates
     * as the text {@code geo_location}. Each call makes new objects, which belong to the caller.
     *
     * @return the map; a value is null only if the data of the self-describing event is
     * @throws BadRowException if a column does not hold what it should, or an entity holds a number that costs too
     *     much
     */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        Map<String, List<@Nullable Object>> contexts = new LinkedHashMap<>();
        for (Field<?> field : Field.all()) {
            if (field == Field.CONTEXTS) {
                putContexts(Source.CUSTOM, contexts, map);
            } else if (field == Field.DERIVED_CONTEXTS) {
                putContexts(Source.DERIVED, contexts, map);
            } else if (field == Field.UNSTRUCT_EVENT) {
                of(Source.UNSTRUCT).forEach(entity -> map.put(entity.key(), entity.value()));
            } else {
                get(field).ifPresent(value -> map.put(field.column(), value));
            }
        }
        if (!isEmpty(Field.GEO_LATITUDE) && !isEmpty(Field.GEO_LONGITUDE)) {
            String latitude = text(Field.GEO_LATITUDE).orElseThrow();
            map.put("geo_location", latitude + "," + text(Field.GEO_LONGITUDE).orElseThrow());
        }
        return map;
    }

    /** A key of both sources stands where its first entity is. */
    private void putContexts(
            Source source, Map<String, List<@Nullable Object>> contexts, Map<String, @Nullable Object> map) {
        for (Entity entity : of(source)) {
            contexts.computeIfAbsent(entity.key(), key -> {
                        List<@Nullable Object> values = new ArrayList<>();
                        map.put(key, values);
                        return values;
                    })
                    .add(entity.value());
        }
    }

    private List<Entity> of(Source source) {
        return entities().stream().filter(entity -> entity.source() == source).toList();
    }

    /**
     * The event's line in UTF-8, without a line end. {@link #parse(byte[])} makes an equal event of it.
     *
     * @return a new array
     * @throws IllegalStateException if a value holds a tab or a line end, which would be read as something else; a carriage
     *     return is a line end only where it is the last character of the line
     */
    public byte[] toTsv() {
        for (Field<?> field : Field.all()) {
            for (int i = start(field); i < end(field); i++) {
                boolean last = i == line.length - 1;
                if (line[i] == '\t' || line[i] == '\n' || (line[i] == '\r' && last)) {
                    throw new IllegalStateException("%s holds %s at byte %d, which a column of a line cannot"
                            .formatted(field, line[i] == '\t' ? "a tab" : "a line end", i - start(field)));
                }
            }
        }
        return line.clone();
    }

    private Columns columns(List<Field<?>> fields) {
        Columns columns = Columns.empty();
        for (Field<?> field : fields) {
            columns.set(field, Arrays.copyOfRange(line, start(field), end(field)));
        }
        return columns;
    }

    private int start(Field<?> field) {
        return starts[field.index()];
    }

    private int end(Field<?> field) {
        return starts[field.index() + 1] - 1;
    }

    private boolean isEmpty(Field<?> field) {
        return start(field) == end(field);
    }

    /** What the transformer makes of the columns. */
    @Nullable
    BadRow transform(LineTransformer transformer, int maxLineBytes, Layout layout) {
        return line.length > maxLineBytes
                ? LineErrors.tooLong(1, Field.COUNT, line.length, maxLineBytes, line, 0, line.length)
                : transformer.transform(line, starts, 1, layout);
    }

    /** The entities of a column. */
    List<Entity> list(Source source, Entities reader) {
        Field<?> field = source.field();
        return isEmpty(field) ? List.of() : reader.list(source, line, start(field), end(field), RULES.layout());
    }

    /** Checks a column of entities that is not empty. */
    void check(Field<?> field, Entities reader) {
        reader.check(field, line, start(field), end(field), RULES.layout());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EnrichedEvent event
                && Arrays.equals(starts, event.starts)
                && Arrays.equals(line, event.line);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(line);
    }

    /** How much there is; not what, which may be personal. */
    @Override
    public String toString() {
        long filled = Field.all().stream().filter(field -> !isEmpty(field)).count();
        return "EnrichedEvent[%d of %d columns, %d bytes]".formatted(filled, Field.COUNT, line.length);
    }

    /** Puts events together for tests. A builder is for one thread and can build several events. */
    public static final class Builder {

        private static final String ENVELOPE =
                "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/%s/jsonschema/1-0-0\",\"data\":%s}";

        private final Columns columns;

        private Builder(Columns columns) {
            this.columns = columns;
        }

        /**
         * Sets a column to a value.
         *
         * @param field the column
         * @param value its value, which {@link #build()} will check; an empty text empties the column
         * @param <T> its type
         * @return this builder
         */
        public <T> Builder with(Field<T> field, T value) {
            return withText(field, FieldValues.write(value));
        }

        /**
         * Sets a column to a text.
         *
         * @param field the column
         * @param text as it will stand on the line, which {@link #build()} will check; an empty one empties the column
         * @return this builder
         */
        public Builder withText(Field<?> field, String text) {
            columns.set(field, Utf8.encode(text));
            return this;
        }

        /**
         * Empties a column.
         *
         * @param field the column
         * @return this builder
         */
        public Builder without(Field<?> field) {
            columns.clear(field);
            return this;
        }

        /**
         * Adds an entity to {@code contexts}.
         *
         * @param schema its Iglu URI
         * @param data any JSON
         * @return this builder
         * @throws IllegalArgumentException if the one is no Iglu URI or the other no JSON
         * @throws BadRowException if there is an error in what the column holds already
         */
        public Builder withContext(String schema, String data) {
            return addContext(Source.CUSTOM, entity(schema, data));
        }

        /**
         * Adds an entity to {@code derived_contexts}.
         *
         * @param schema its Iglu URI
         * @param data any JSON
         * @return this builder
         * @throws IllegalArgumentException if the one is no Iglu URI or the other no JSON
         * @throws BadRowException if there is an error in what the column holds already
         */
        public Builder withDerivedContext(String schema, String data) {
            return addContext(Source.DERIVED, entity(schema, data));
        }

        /**
         * Sets {@code unstruct_event} to an entity; other columns, such as {@code event_name}, stay as they are.
         *
         * @param schema its Iglu URI
         * @param data any JSON
         * @return this builder
         * @throws IllegalArgumentException if the one is no Iglu URI or the other no JSON
         */
        public Builder withUnstruct(String schema, String data) {
            return withText(Field.UNSTRUCT_EVENT, ENVELOPE.formatted("unstruct_event", entity(schema, data)));
        }

        private Builder addContext(Source source, String added) {
            List<String> contexts = new ArrayList<>();
            for (Entity entity : Inventory.of(columns.toEvent(), source)) {
                contexts.add(entity(entity.schema().uri(), entity.json()));
            }
            contexts.add(added);
            String envelope = ENVELOPE.formatted("contexts", "[" + String.join(",", contexts) + "]");
            return withText(source.field(), envelope);
        }

        private static String entity(String schema, String data) {
            SchemaKey key = SchemaKey.parse(schema);
            byte[] utf8 = Utf8.encode(data);
            JsonCompactor compactor = new JsonCompactor();
            Output compact = new Output(utf8.length);
            if (compactor.compact(utf8, 0, utf8.length, Integer.MAX_VALUE, compact) != null) {
                throw new IllegalArgumentException("the data of %s is not JSON: at byte %d want %s"
                        .formatted(key, compactor.problemAt(), compactor.wanted()));
            }
            String json = new String(compact.bytes, 0, compact.length, StandardCharsets.UTF_8);
            return "{\"schema\":\"%s\",\"data\":%s}".formatted(key, json);
        }

        /**
         * The event, when all columns are right by the rules of the transformer.
         *
         * @return an event
         * @throws BadRowException if something is wrong, with all errors
         */
        public EnrichedEvent build() {
            EnrichedEvent event = columns.toEvent();
            Optional<BadRow> badRow = event.check();
            if (badRow.isPresent()) {
                throw new BadRowException(badRow.get());
            }
            return event;
        }
    }
}
