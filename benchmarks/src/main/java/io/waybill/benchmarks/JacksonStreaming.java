package io.waybill.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.JsonTokenId;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The careful way with Jackson's streaming API: bytes in, bytes out, tokens copied from a parser to a generator that
 * lives as long as the stream, and no tree.
 *
 * <p>Where it does less than the transformer, it does so in its own favour: text columns are not checked to be UTF-8, and
 * an envelope whose members come twice is not understood.
 */
final class JacksonStreaming implements Work {

    private static final int CHUNK = 1 << 16;

    private static final Column[] COLUMNS = Column.ALL.toArray(new Column[0]);
    private static final SerializedString[] NAMES =
            Column.ALL.stream().map(c -> new SerializedString(c.name())).toArray(SerializedString[]::new);
    private static final SerializedString GEO_LOCATION = new SerializedString("geo_location");

    /** The entities of one schema on one line. */
    private static final class Group {
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

    private final EventData data;
    private final Copy copy;
    private final JsonFactory factory = new JsonFactoryBuilder()
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .rootValueSeparator((String) null)
            .build();
    private final SchemaKeys keys = new SchemaKeys();
    private final Map<String, Group> bySchema = new HashMap<>();
    private final Map<String, Group> byKey = new HashMap<>();
    private final List<Group> groups = new ArrayList<>();
    private final int[] starts = new int[COLUMNS.length + 1];

    private final GatheredBytes output = new GatheredBytes();
    private final JsonGenerator event = factory.createGenerator(output);

    /** The data of the line's entities, one after the other. */
    private final GatheredBytes entities = new GatheredBytes();

    private final JsonGenerator entity = factory.createGenerator(entities);

    private final byte[] timestamp = new byte[32];
    private final char[] number = new char[64];

    JacksonStreaming(EventData data, Copy copy) throws IOException {
        this.data = data;
        this.copy = copy;
    }

    @Override
    public int run(Sink sink) throws IOException {
        byte[] tsv = data.tsv();
        for (int line = 0; line < data.count(); line++) {
            transform(tsv, data.from(line), data.to(line));
            output.write('\n');
            if (output.length() >= CHUNK) {
                output.moveTo(sink);
            }
        }
        output.moveTo(sink);
        return 1;
    }

    private void transform(byte[] line, int from, int to) throws IOException {
        split(line, from, to);
        gather(line, Column.CONTEXTS);
        int custom = groups.size();
        gather(line, Column.DERIVED_CONTEXTS);
        event.writeStartObject();
        for (int column = 0; column < COLUMNS.length; column++) {
            if (start(column) < end(column)) {
                switch (COLUMNS[column].type()) {
                    case ENTITIES -> {
                        boolean first = column == Column.CONTEXTS;
                        writeContexts(first ? 0 : custom, first ? custom : groups.size());
                    }
                    case ENTITY -> writeUnstruct(line, start(column), end(column));
                    default -> writeScalar(column, line, start(column), end(column));
                }
            }
        }
        writeGeoLocation(line);
        event.writeEndObject();
        event.flush();
        for (Group group : groups) {
            group.length = 0;
        }
        groups.clear();
        entities.clear();
    }

    private void split(byte[] line, int from, int to) {
        int columns = 0;
        starts[columns++] = from;
        for (int i = from; i < to; i++) {
            if (line[i] == '\t') {
                starts[columns++] = i + 1;
            }
        }
        if (columns != COLUMNS.length) {
            throw new IllegalArgumentException("line has %d columns, want %d".formatted(columns, COLUMNS.length));
        }
        starts[columns] = to + 1;
    }

    private int start(int column) {
        return starts[column];
    }

    private int end(int column) {
        return starts[column + 1] - 1;
    }

    private void writeScalar(int column, byte[] line, int from, int to) throws IOException {
        event.writeFieldName(NAMES[column]);
        switch (COLUMNS[column].type()) {
            case INT -> event.writeNumber(integer(line, from, to));
            case NUMBER -> writeNumber(line, from, to);
            case BOOLEAN -> event.writeBoolean(bool(line, from, to));
            case TIMESTAMP -> writeTimestamp(line, from, to);
            default -> event.writeUTF8String(line, from, to - from);
        }
    }

    private static int integer(byte[] line, int from, int to) {
        boolean signed = line[from] == '-' || line[from] == '+';
        long value = 0;
        for (int i = signed ? from + 1 : from; i < to; i++) {
            int digit = line[i] - '0';
            if (digit < 0 || digit > 9 || value > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("not a 32-bit integer at byte " + i);
            }
            value = 10 * value + digit;
        }
        return Math.toIntExact(line[from] == '-' ? -value : value);
    }

    /** Digits as they stand where they are a JSON number already, else through the class that reads all forms. */
    private void writeNumber(byte[] line, int from, int to) throws IOException {
        int length = to - from;
        boolean plain = length <= number.length;
        boolean point = false;
        for (int i = 0; plain && i < length; i++) {
            byte b = line[from + i];
            number[i] = (char) b;
            if (b == '.') {
                plain = !point && i > 0 && number[i - 1] != '-' && i < length - 1;
                point = true;
            } else if (b == '-') {
                plain = i == 0 && length > 1;
            } else {
                plain = b >= '0' && b <= '9';
            }
        }
        int first = line[from] == '-' ? 1 : 0;
        if (plain && (number[first] != '0' || length == first + 1 || number[first + 1] == '.')) {
            event.writeNumber(number, 0, length);
        } else {
            event.writeNumber(new BigDecimal(ascii(line, from, to)));
        }
    }

    @SuppressWarnings("deprecation") // the cheapest way from ASCII bytes to a string
    private static String ascii(byte[] line, int from, int to) {
        return new String(line, 0, from, to - from);
    }

    private static boolean bool(byte[] line, int from, int to) {
        if (to - from != 1 || (line[from] & ~1) != '0') {
            throw new IllegalArgumentException("not a boolean at byte " + from);
        }
        return line[from] == '1';
    }

    private void writeTimestamp(byte[] line, int from, int to) throws IOException {
        int length = line[to - 1] == 'Z' ? to - from - 1 : to - from;
        if (length < 19 || length >= timestamp.length) {
            throw new IllegalArgumentException("not a timestamp at byte " + from);
        }
        System.arraycopy(line, from, timestamp, 0, length);
        Timestamps.check(timestamp, length);
        timestamp[10] = 'T';
        timestamp[length] = 'Z';
        event.writeRawUTF8String(timestamp, 0, length + 1);
    }

    private void writeGeoLocation(byte[] line) throws IOException {
        int latitude = end(Column.LATITUDE) - start(Column.LATITUDE);
        int longitude = end(Column.LONGITUDE) - start(Column.LONGITUDE);
        if (latitude > 0 && longitude > 0) {
            byte[] both = new byte[latitude + 1 + longitude];
            System.arraycopy(line, start(Column.LATITUDE), both, 0, latitude);
            both[latitude] = ',';
            System.arraycopy(line, start(Column.LONGITUDE), both, latitude + 1, longitude);
            event.writeFieldName(GEO_LOCATION);
            event.writeRawUTF8String(both, 0, both.length);
        }
    }

    private void gather(byte[] line, int column) throws IOException {
        int from = start(column);
        if (from == end(column)) {
            return;
        }
        try (JsonParser parser = factory.createParser(line, from, end(column) - from)) {
            openData(parser);
            expect(parser.currentToken(), JsonToken.START_ARRAY);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                int entityFrom = entities.length();
                Group group = readEntity(parser, line, from);
                if (group.length == 0) {
                    groups.add(group);
                }
                group.add(entityFrom, entities.length());
            }
            close(parser);
        }
    }

    /** Moves to the value of the envelope's data. */
    private static void openData(JsonParser parser) throws IOException {
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
    private static void close(JsonParser parser) throws IOException {
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
            entities.write(line, start, end - start);
        } else {
            copyTokens(parser, entity);
            entity.flush();
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

    private static void expect(JsonToken token, JsonToken wanted) {
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

    private void writeContexts(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            Group group = groups.get(i);
            event.writeFieldName(group.contextsKey);
            event.writeStartArray();
            for (int span = 0; span < group.length; span += 2) {
                writeEntity(group.spans[span], group.spans[span + 1]);
            }
            event.writeEndArray();
        }
    }

    /** Lets the generator write what stands before a value, and puts the value into the output behind its back. */
    private void writeEntity(int from, int to) throws IOException {
        event.writeRawValue("");
        event.flush();
        output.write(entities.bytes(), from, to - from);
    }

    private void writeUnstruct(byte[] line, int from, int to) throws IOException {
        int dataFrom = entities.length();
        try (JsonParser parser = factory.createParser(line, from, to - from)) {
            openData(parser);
            Group group = readEntity(parser, line, from);
            close(parser);
            event.writeFieldName(group.unstructKey);
            writeEntity(dataFrom, entities.length());
        }
    }
}
