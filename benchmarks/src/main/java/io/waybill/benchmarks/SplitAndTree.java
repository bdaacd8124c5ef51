package io.waybill.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.function.UnaryOperator;

/** The plain way: the line is split into strings, a tree is built, the tree is written. */
public final class SplitAndTree implements Work {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final EventData data;
    private final UnaryOperator<String> keys;

    /**
     * Over these lines.
     *
     * @param keys makes the key part of a schema's URI
     */
    SplitAndTree(EventData data, UnaryOperator<String> keys) {
        this.data = data;
        this.keys = keys;
    }

    @Override
    public int run(Sink sink) throws IOException {
        for (int line = 0; line < data.count(); line++) {
            int from = data.from(line);
            String text = new String(data.tsv(), from, data.to(line) - from, StandardCharsets.UTF_8);
            sink.event(MAPPER.writeValueAsBytes(event(text, keys)));
        }
        return 1;
    }

    /**
     * The flattened JSON of a line, as a function that people write for themselves.
     *
     * @param line an event
     * @return one JSON object
     * @throws JsonProcessingException if a column of entities is no JSON
     */
    public static String json(String line) throws JsonProcessingException {
        return MAPPER.writeValueAsString(event(line, SchemaKeys::plain));
    }

    private static ObjectNode event(String line, UnaryOperator<String> keys) throws JsonProcessingException {
        String[] values = columns(line);
        ObjectNode event = MAPPER.createObjectNode();
        for (int i = 0; i < values.length; i++) {
            if (!values[i].isEmpty()) {
                put(event, Column.ALL.get(i), values[i], keys);
            }
        }
        String latitude = values[Column.LATITUDE];
        String longitude = values[Column.LONGITUDE];
        if (!latitude.isEmpty() && !longitude.isEmpty()) {
            event.put("geo_location", latitude + "," + longitude);
        }
        return event;
    }

    static String[] columns(String line) {
        String[] values = line.split("\t", -1);
        if (values.length != Column.ALL.size()) {
            throw new IllegalArgumentException(
                    "line has %d columns, want %d".formatted(values.length, Column.ALL.size()));
        }
        return values;
    }

    private static void put(ObjectNode event, Column column, String text, UnaryOperator<String> keys)
            throws JsonProcessingException {
        switch (column.type()) {
            case TEXT -> event.put(column.name(), text);
            case INT -> event.put(column.name(), Integer.parseInt(text));
            case NUMBER -> event.put(column.name(), new BigDecimal(text));
            case BOOLEAN -> event.put(column.name(), bool(text));
            case TIMESTAMP -> event.put(column.name(), timestamp(text));
            case ENTITIES -> {
                for (JsonNode entity : MAPPER.readTree(text).required("data")) {
                    event.withArrayProperty("contexts_" + key(entity, keys)).add(entity.required("data"));
                }
            }
            case ENTITY -> {
                JsonNode entity = MAPPER.readTree(text).required("data");
                event.set("unstruct_event_" + key(entity, keys), entity.required("data"));
            }
        }
    }

    private static String key(JsonNode entity, UnaryOperator<String> keys) {
        return keys.apply(entity.required("schema").textValue());
    }

    static boolean bool(String text) {
        return switch (text) {
            case "1" -> true;
            case "0" -> false;
            default -> throw new IllegalArgumentException("boolean is '%s', want 1 or 0".formatted(text));
        };
    }

    static String timestamp(String text) {
        String local = text.replace(' ', 'T');
        if (local.endsWith("Z")) {
            local = local.substring(0, local.length() - 1);
        }
        LocalDateTime.parse(local); // only a real date and time has a rest that may be copied
        return local + 'Z';
    }
}
