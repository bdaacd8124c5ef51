package io.waybill.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Jackson's streaming API as it is commonly used: the line is split into strings, a generator is made for each event and
 * a parser for each JSON column, and what the parser reads the generator writes. There is no tree.
 */
final class SplitAndStream implements Work {

    private static final JsonFactory FACTORY = new JsonFactory();

    private record Entity(String schema, String data) {}

    private final EventData data;
    private final SchemaKeys keys = new SchemaKeys();

    SplitAndStream(EventData data) {
        this.data = data;
    }

    @Override
    public int run(Sink sink) throws IOException {
        for (int line = 0; line < data.count(); line++) {
            int from = data.from(line);
            sink.event(event(new String(data.tsv(), from, data.to(line) - from, StandardCharsets.UTF_8)));
        }
        return 1;
    }

    private byte[] event(String line) throws IOException {
        String[] values = SplitAndTree.columns(line);
        // the data of entities by their key: custom contexts, then derived ones, whose new keys come later in the event
        Map<String, List<String>> contexts = new LinkedHashMap<>();
        addContexts(values[Column.CONTEXTS], contexts);
        int custom = contexts.size();
        addContexts(values[Column.DERIVED_CONTEXTS], contexts);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator event = FACTORY.createGenerator(bytes)) {
            event.writeStartObject();
            for (int i = 0; i < values.length; i++) {
                if (values[i].isEmpty()) {
                    continue;
                }
                if (i == Column.CONTEXTS) {
                    writeContexts(event, contexts, 0, custom);
                } else if (i == Column.DERIVED_CONTEXTS) {
                    writeContexts(event, contexts, custom, contexts.size());
                } else {
                    write(event, Column.ALL.get(i), values[i]);
                }
            }
            String latitude = values[Column.LATITUDE];
            String longitude = values[Column.LONGITUDE];
            if (!latitude.isEmpty() && !longitude.isEmpty()) {
                event.writeStringField("geo_location", latitude + "," + longitude);
            }
            event.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private void write(JsonGenerator event, Column column, String text) throws IOException {
        switch (column.type()) {
            case INT -> event.writeNumberField(column.name(), Integer.parseInt(text));
            case NUMBER -> event.writeNumberField(column.name(), new BigDecimal(text));
            case BOOLEAN -> event.writeBooleanField(column.name(), SplitAndTree.bool(text));
            case TIMESTAMP -> event.writeStringField(column.name(), SplitAndTree.timestamp(text));
            case ENTITY -> writeUnstruct(event, text);
            default -> event.writeStringField(column.name(), text);
        }
    }

    private void writeUnstruct(JsonGenerator event, String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            JacksonEntities.openData(parser);
            Entity entity = read(parser);
            JacksonEntities.close(parser);
            event.writeFieldName("unstruct_event_" + keys.key(entity.schema()));
            event.writeRawValue(entity.data());
        }
    }

    private void addContexts(String text, Map<String, List<String>> contexts) throws IOException {
        if (text.isEmpty()) {
            return;
        }
        try (JsonParser parser = FACTORY.createParser(text)) {
            JacksonEntities.openData(parser);
            JacksonEntities.expect(parser.currentToken(), JsonToken.START_ARRAY);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                Entity entity = read(parser);
                contexts.computeIfAbsent(keys.key(entity.schema()), key -> new ArrayList<>())
                        .add(entity.data());
            }
            JacksonEntities.close(parser);
        }
    }

    private static Entity read(JsonParser parser) throws IOException {
        JacksonEntities.expect(parser.currentToken(), JsonToken.START_OBJECT);
        String schema = null;
        String data = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("schema")) {
                schema = parser.getText();
            } else if (name.equals("data")) {
                StringWriter text = new StringWriter();
                try (JsonGenerator copy = FACTORY.createGenerator(text)) {
                    copy.copyCurrentStructureExact(parser);
                }
                data = text.toString();
            } else {
                parser.skipChildren();
            }
        }
        if (schema == null || data == null) {
            throw new IllegalArgumentException("an entity has no schema or no data");
        }
        return new Entity(schema, data);
    }

    private static void writeContexts(JsonGenerator event, Map<String, List<String>> contexts, int from, int to)
            throws IOException {
        for (String key : List.copyOf(contexts.keySet()).subList(from, to)) {
            event.writeArrayFieldStart("contexts_" + key);
            for (String data : contexts.getOrDefault(key, List.of())) {
                event.writeRawValue(data);
            }
            event.writeEndArray();
        }
    }
}
