package io.waybill.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.JsonTokenId;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The entities of one line, for {@link JacksonStreaming}: their data one after the other, grouped by schema. */
final class JacksonEntities {

    /** The entities of one schema on one line. */
    static final class Group {
        final SerializedString contextsKey;
        final SerializedString unstructKey;
        int[] spans = new int[8];
        int length;

        Group(String key) {
            contextsKey = new SerializedString("contexts_" + key);
            unstructKey = new SerializedString("unstruct_event_" + key);
        }

        void add(int from, int to) {
            if (length == spans.length) {
                spans = Arrays.copyOf(spans, 2 * length);
            }
            spans[length++] = from;
            spans[length++] = to;
        }
    }

    /** What becomes of the data of an entity. */
    enum Copy {
        /** It is written token by token. */
        TOKENS,
        /** It is checked token by token, and its bytes are copied as they stand: faster, but blanks stay in. */
        BYTES
    }

    private final JsonFactory factory;
    private final Copy copy;
    private final GatheredBytes bytes = new GatheredBytes();
    private final JsonGenerator data;
    private final SchemaKeys keys = new SchemaKeys();
    private final Map<String, Group> bySchema = new HashMap<>();
    private final Map<String, Group> byKey = new HashMap<>();
    private final List<Group> groups = new ArrayList<>();

    JacksonEntities(JsonFactory factory, Copy copy) throws IOException {
        this.factory = factory;
        this.copy = copy;
        data = factory.createGenerator(bytes);
    }

    /** The data of all entities read so far. */
    GatheredBytes bytes() {
        return bytes;
    }

    /** How many schemas of contexts were met so far. */
    int groups() {
        return groups.size();
    }

    /** One of them, in the order they were met. */
    Group group(int index) {
        return groups.get(index);
    }

    /** Forgets the line. */
    void clear() {
        for (Group group : groups) {
            group.length = 0;
        }
        groups.clear();
        bytes.clear();
    }

    /** Reads the entities of a column; an empty one has none. */
    void addContexts(byte[] line, int from, int to) throws IOException {
        if (from == to) {
            return;
        }
        try (JsonParser parser = factory.createParser(line, from, to - from)) {
            openData(parser);
            expect(parser.currentToken(), JsonToken.START_ARRAY);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                int dataFrom = bytes.length();
                Group group = readEntity(parser, line, from);
                if (group.length == 0) {
                    groups.add(group);
                }
                group.add(dataFrom, bytes.length());
            }
            close(parser);
        }
    }

    /** Reads the one entity of a column, whose data then comes last. */
    Group readUnstruct(byte[] line, int from, int to) throws IOException {
        try (JsonParser parser = factory.createParser(line, from, to - from)) {
            openData(parser);
            Group group = readEntity(parser, line, from);
            close(parser);
            return group;
        }
    }

    /** Moves to the value of the envelope's data. */
    static void openData(JsonParser parser) throws IOException {
        expect(parser.nextToken(), JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals("data");
            parser.nextToken();
            if (found) {
                return;
            }
            parser.skipChildren();
        }
        throw new IllegalArgumentException("the envelope has no data");
    }

    /** Reads the rest of an envelope, of which nothing is used. */
    static void close(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            parser.nextToken();
            parser.skipChildren();
        }
        expect(parser.currentToken(), JsonToken.END_OBJECT);
        if (parser.nextToken() != null) {
            throw new IllegalArgumentException("there is text after the envelope");
        }
    }

    /** Copies the data of the entity that begins here behind that of the others, and tells its schema's group. */
    private Group readEntity(JsonParser parser, byte[] line, int from) throws IOException {
        expect(parser.currentToken(), JsonToken.START_OBJECT);
        Group group = null;
        boolean copied = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("schema")) {
                group = group(parser.getText());
            } else if (name.equals("data")) {
                copyData(parser, line, from);
                copied = true;
            } else {
                parser.skipChildren();
            }
        }
        if (group == null || !copied) {
            throw new IllegalArgumentException("an entity has no schema or no data");
        }
        return group;
    }

    /** Copies the value that begins here behind those before it; offsets of the parser count from there. */
    private void copyData(JsonParser parser, byte[] line, int from) throws IOException {
        if (copy == Copy.BYTES && parser.currentToken().isStructStart()) {
            int start = from + Math.toIntExact(parser.currentTokenLocation().getByteOffset());
            parser.skipChildren();
            int end = from + Math.toIntExact(parser.currentLocation().getByteOffset());
            bytes.write(line, start, end - start);
        } else {
            copyTokens(parser, data);
            data.flush();
        }
    }

    private Group group(String schema) {
        Group group = bySchema.get(schema);
        if (group == null) {
            group = byKey.computeIfAbsent(keys.key(schema), Group::new);
            bySchema.put(schema, group);
        }
        return group;
    }

    static void expect(JsonToken token, JsonToken wanted) {
        if (token != wanted) {
            throw new IllegalArgumentException("found %s, want %s".formatted(token, wanted));
        }
    }

    /** Copies the value that begins here with its numbers as they stand. */
    private static void copyTokens(JsonParser from, JsonGenerator to) throws IOException {
        int depth = 0;
        while (true) {
            switch (from.currentTokenId()) {
                case JsonTokenId.ID_START_OBJECT -> {
                    to.writeStartObject();
                    depth++;
                }
                case JsonTokenId.ID_END_OBJECT -> {
                    to.writeEndObject();
                    depth--;
                }
                case JsonTokenId.ID_START_ARRAY -> {
                    to.writeStartArray();
                    depth++;
                }
                case JsonTokenId.ID_END_ARRAY -> {
                    to.writeEndArray();
                    depth--;
                }
                case JsonTokenId.ID_FIELD_NAME -> to.writeFieldName(from.currentName());
                case JsonTokenId.ID_STRING ->
                    to.writeString(from.getTextCharacters(), from.getTextOffset(), from.getTextLength());
                case JsonTokenId.ID_NUMBER_INT, JsonTokenId.ID_NUMBER_FLOAT ->
                    to.writeNumber(from.getTextCharacters(), from.getTextOffset(), from.getTextLength());
                case JsonTokenId.ID_TRUE -> to.writeBoolean(true);
                case JsonTokenId.ID_FALSE -> to.writeBoolean(false);
                case JsonTokenId.ID_NULL -> to.writeNull();
                default -> throw new IllegalArgumentException("found no value but " + from.currentToken());
            }
            if (depth == 0) {
                return;
            }
            from.nextToken();
        }
    }
}
