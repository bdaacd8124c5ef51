package io.waybill.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import java.io.IOException;
import java.io.Writer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A record as one JSON object, whole: what {@code export} writes and {@code import} reads. */
final class RecordJson {

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private RecordJson() {}

    /** Writes a record without a line end. */
    static void write(RunRecord record, Writer out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("run", record.id().key());
            json.writeNumberField("version", record.version());
            json.writeStringField("state", record.state().name());
            json.writeStringField("owner", record.owner());
            json.writeStringField("token", record.token());
            json.writeStringField("at", record.at().toString());
            json.writeNumberField("lease_ms", record.lease().toMillis());
            json.writeNumberField("failures", record.attempts());
            Instant retryAt = record.retryAt();
            if (retryAt != null) {
                json.writeStringField("retry_at", retryAt.toString());
            }
            json.writeObjectFieldStart("details");
            for (Map.Entry<String, String> detail : record.details().entrySet()) {
                json.writeStringField(detail.getKey(), detail.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    /**
     * Reads a record.
     *
     * @throws IOException if the line is no record; says why
     */
    static RunRecord read(String line) throws IOException {
        try (JsonParser json = JSON.createParser(line)) {
            require(json.nextToken() == JsonToken.START_OBJECT, "it is no JSON object");
            Map<String, String> fields = new TreeMap<>();
            Map<String, String> details = new TreeMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    fields.put(name, scalar(json));
                } else {
                    require(name.equals("details"), "'%s' is an object".formatted(name));
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String detail = json.currentName();
                        json.nextToken();
                        details.put(detail, scalar(json));
                    }
                }
            }
            require(json.nextToken() == null, "something follows the object");
            return record(fields, details);
        } catch (JsonParseException e) { // without the parser's words on where it reads from
            String why = e.getOriginalMessage().replaceFirst("(?s) \\(start marker at .*", "");
            throw new IOException(
                    "%s, at character %,d".formatted(why, e.getLocation().getColumnNr()), e);
        } catch (IllegalArgumentException | DateTimeException e) { // a number, a state, a time or the record itself
            throw new IOException(e.getMessage(), e);
        }
    }

    private static RunRecord record(Map<String, String> fields, Map<String, String> details) throws IOException {
        String retryAt = fields.remove("retry_at");
        RunRecord record = new RunRecord(
                new RunId(take(fields, "run")),
                Long.parseLong(take(fields, "version")),
                RunState.valueOf(take(fields, "state")),
                take(fields, "owner"),
                take(fields, "token"),
                Instant.parse(take(fields, "at")),
                Duration.ofMillis(Long.parseLong(take(fields, "lease_ms"))),
                Integer.parseInt(take(fields, "failures")),
                retryAt == null ? null : Instant.parse(retryAt),
                details);
        require(fields.isEmpty(), "it has unknown fields: " + fields.keySet());
        return record;
    }

    private static String take(Map<String, String> fields, String name) throws IOException {
        @Nullable String value = fields.remove(name);
        if (value == null) {
            throw new IOException("it has no '%s'".formatted(name));
        }
        return value;
    }

    private static String scalar(JsonParser json) throws IOException {
        require(json.currentToken().isScalarValue(), "'%s' is no text or number".formatted(json.currentName()));
        return json.getText();
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
