package io.waybill.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.math.BigDecimal;

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

    private final EventData data;
    private final JsonFactory factory = new JsonFactoryBuilder()
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .rootValueSeparator((String) null)
            .build();
    private final JacksonEntities entities;
    private final int[] starts = new int[COLUMNS.length + 1];

    private final GatheredBytes output = new GatheredBytes();
    private final JsonGenerator event = factory.createGenerator(output);

    private final byte[] timestamp = new byte[32];
    private final char[] number = new char[64];

    JacksonStreaming(EventData data, JacksonEntities.Copy copy) throws IOException {
        this.data = data;
        entities = new JacksonEntities(factory, copy);
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
        entities.addContexts(line, start(Column.CONTEXTS), end(Column.CONTEXTS));
        int custom = entities.groups();
        entities.addContexts(line, start(Column.DERIVED_CONTEXTS), end(Column.DERIVED_CONTEXTS));
        event.writeStartObject();
        for (int column = 0; column < COLUMNS.length; column++) {
            if (start(column) < end(column)) {
                switch (COLUMNS[column].type()) {
                    case ENTITIES -> {
                        boolean first = column == Column.CONTEXTS;
                        writeContexts(first ? 0 : custom, first ? custom : entities.groups());
                    }
                    case ENTITY -> writeUnstruct(line, start(column), end(column));
                    default -> writeScalar(column, line, start(column), end(column));
                }
            }
        }
        writeGeoLocation(line);
        event.writeEndObject();
        event.flush();
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

    private void writeContexts(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            JacksonEntities.Group group = entities.group(i);
            event.writeFieldName(group.contextsKey);
            event.writeStartArray();
            for (int span = 0; span < group.length; span += 2) {
                writeEntity(group.spans[span], group.spans[span + 1]);
            }
            event.writeEndArray();
        }
    }

    private void writeUnstruct(byte[] line, int from, int to) throws IOException {
        int dataFrom = entities.bytes().length();
        event.writeFieldName(entities.readUnstruct(line, from, to).unstructKey);
        writeEntity(dataFrom, entities.bytes().length());
    }

    /** Lets the generator write what stands before a value, and puts the value into the output behind its back. */
    private void writeEntity(int from, int to) throws IOException {
        event.writeRawValue("");
        event.flush();
        output.write(entities.bytes().bytes(), from, to - from);
    }
}
