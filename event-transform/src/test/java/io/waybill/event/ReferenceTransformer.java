package io.waybill.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.event.EventTransformer.Form;
import io.waybill.event.EventTransformer.SchemaVersion;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What becomes of a valid event in all forms and with all options, made of strings and trees without a thought for speed. */
final class ReferenceTransformer {

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final List<String[]> RULES = Cases.lines("enriched-event-fields.tsv").stream()
            .skip(1)
            .map(row -> row.split("\t", -1))
            .toList();
    private static final Pattern NUMBER =
            Pattern.compile("[+]?(-?)0*?(0|[1-9][0-9]*)?(\\.[0-9]+)?\\.?([eE][-+]?[0-9]+)?");

    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:(u[dD][89a-fA-F]..)|u....|.)");
    private static final Pattern TEXT_OR_EXPONENT =
            Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"|([eE][-+]?[0-9]{8})[0-9]+");

    private ReferenceTransformer() {}

    /**
     * Parses strictly and with numbers as they stand; the text of the tree is a normal form. Two kinds of JSON that
     * Jackson has no room for are changed before: escapes of surrogates, which may be lone, and endless exponents.
     */
    static JsonNode parse(String json) throws JsonProcessingException {
        String paired = ESCAPE.matcher(json)
                .replaceAll(escape -> escape.group(1) == null ? Matcher.quoteReplacement(escape.group()) : "?");
        return MAPPER.readTree(TEXT_OR_EXPONENT
                .matcher(paired)
                .replaceAll(
                        found -> Matcher.quoteReplacement(found.group(1) == null ? found.group() : found.group(1))));
    }

    /** The event of a line that is one. */
    static ObjectNode transform(String line, Options options) throws JsonProcessingException {
        ObjectNode event = MAPPER.createObjectNode();
        String[] columns = line.split("\t", -1);
        boolean nested = options.form() == Form.NESTED;
        List<JsonNode> custom = entities(columns[Field.CONTEXTS.index()]);
        List<JsonNode> derived = entities(columns[Field.DERIVED_CONTEXTS.index()]);
        if (options.form() == Form.PYTHON) {
            addGeoLocation(event, columns, options);
        }
        for (Field<?> field : Field.all()) {
            String text = columns[field.index()];
            boolean entities = field.kind() == Field.Kind.CONTEXTS || field.kind() == Field.Kind.UNSTRUCT_EVENT;
            if (text.isEmpty()) {
                if (options.nulls() && (nested || !entities)) {
                    event.putNull(key(field, options));
                }
            } else if (!entities) {
                event.set(key(field, options), scalar(field, text, options));
            } else if (nested) {
                event.set(key(field, options), parse(text));
            } else if (field == Field.UNSTRUCT_EVENT) {
                JsonNode entity = parse(text).get("data");
                event.set("unstruct_event_" + name(entity), entity.get("data"));
            } else if (field == Field.CONTEXTS) {
                addContexts(event, custom, derived, options);
            } else {
                addContexts(event, derived, List.of(), options);
            }
        }
        if (options.form() != Form.PYTHON) {
            addGeoLocation(event, columns, options);
        }
        return event;
    }

    /** What strict mode has against a line that is an event without it: code and column. */
    static List<String> strictErrors(String line) throws JsonProcessingException {
        List<String> errors = new ArrayList<>();
        String[] columns = line.split("\t", -1);
        for (String[] rules : RULES) {
            String column = rules[1];
            String type = rules[2];
            String text = columns[Integer.parseInt(rules[0])];
            if (text.isEmpty()) {
                if (!rules[4].isEmpty()) {
                    errors.add("MISSING_REQUIRED " + column);
                }
            } else if (type.equals("uuid")) {
                if (!UUID.matcher(text).matches()) {
                    errors.add("NOT_A_UUID " + column);
                }
            } else if (!rules[3].isEmpty() && text.codePoints().count() > Integer.parseInt(rules[3])) {
                errors.add("TOO_LONG " + column);
            } else if (type.equals("contexts") || type.equals("unstruct_event")) {
                JsonNode schema = parse(text).path("schema");
                String wanted = "iglu:com\\.snowplowanalytics\\.snowplow/" + type + "/jsonschema/1-N-N";
                if (!schema.isTextual() || !schema.textValue().matches(wanted.replace("N", "(0|[1-9][0-9]*)"))) {
                    errors.add("UNEXPECTED_SCHEMA " + column);
                }
            }
        }
        return errors;
    }

    private static String key(Field<?> field, Options options) {
        boolean renamed = options.form() == Form.PYTHON && field == Field.REFR_DVCE_TSTAMP;
        return renamed ? "refr_device_tstamp" : field.column();
    }

    private static void addGeoLocation(ObjectNode event, String[] columns, Options options) {
        String latitude = columns[Field.GEO_LATITUDE.index()];
        String longitude = columns[Field.GEO_LONGITUDE.index()];
        if (options.geoLocation() && !latitude.isEmpty() && !longitude.isEmpty()) {
            event.put(
                    "geo_location",
                    options.form() == Form.SCALA
                            ? Double.parseDouble(latitude) + "," + Double.parseDouble(longitude)
                            : latitude + "," + longitude);
        }
    }

    /** Adds the keys that are not there yet, each with what both columns hold of it. */
    private static void addContexts(ObjectNode event, List<JsonNode> first, List<JsonNode> second, Options options) {
        List<JsonNode> both = new ArrayList<>(first);
        both.addAll(second);
        for (JsonNode entity : first) {
            String key = "contexts_" + name(entity);
            if (!event.has(key)) {
                var array = event.putArray(key);
                both.stream().filter(e -> name(e).equals(name(entity))).forEach(e -> array.add(data(e, options)));
            }
        }
    }

    private static JsonNode data(JsonNode entity, Options options) {
        String uri = entity.get("schema").textValue();
        JsonNode data = entity.get("data").deepCopy();
        if (options.schemaVersion() != SchemaVersion.NONE && data instanceof ObjectNode object) {
            object.putIfAbsent(
                    "_schema_version",
                    MAPPER.getNodeFactory()
                            .textNode(
                                    options.schemaVersion() == SchemaVersion.URI
                                            ? uri
                                            : uri.substring(uri.lastIndexOf('/') + 1)));
        }
        return data;
    }

    private static List<JsonNode> entities(String column) throws JsonProcessingException {
        List<JsonNode> entities = new ArrayList<>();
        if (!column.isEmpty()) {
            parse(column).get("data").forEach(entities::add);
        }
        return entities;
    }

    private static String name(JsonNode entity) {
        String[] uri =
                entity.get("schema").textValue().substring("iglu:".length()).split("/", -1);
        StringBuilder name = new StringBuilder();
        for (char c : uri[1].replace('-', '_').toCharArray()) {
            char before = name.isEmpty()
                    ? '_'
                    : uri[1].charAt(name.toString().replace("|", "").length() - 1);
            boolean word = Character.isUpperCase(c) && !Character.isUpperCase(before) && before != '_' && before != '-';
            name.append(word ? "|" : "").append(c);
        }
        String vendor = uri[0].replaceAll("[.-]", "_");
        String model = uri[3].substring(0, uri[3].indexOf('-'));
        return (vendor + "_" + name.toString().replace('|', '_') + "_" + model).toLowerCase(Locale.ROOT);
    }

    private static JsonNode scalar(Field<?> field, String text, Options options) throws JsonProcessingException {
        if (field == Field.SE_VALUE && options.form() == Form.PYTHON) {
            return MAPPER.getNodeFactory().textNode(text);
        }
        return switch (field.kind()) {
            case INT -> MAPPER.readTree(new BigInteger(text).toString());
            case DECIMAL, DOUBLE -> parse(number(text));
            case BOOLEAN -> MAPPER.getNodeFactory().booleanNode(text.equals("1"));
            case TIMESTAMP -> {
                String zoned = text.replace(' ', 'T').replace("Z", "") + "Z";
                yield MAPPER.getNodeFactory()
                        .textNode(options.instants() ? Instant.parse(zoned).toString() : zoned);
            }
            default -> MAPPER.getNodeFactory().textNode(text);
        };
    }

    private static String number(String text) {
        Matcher parts = NUMBER.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(text);
        }
        return parts.group(1) + orElse(parts.group(2), "0") + orElse(parts.group(3), "") + orElse(parts.group(4), "");
    }

    private static String orElse(String group, String other) {
        return group == null ? other : group;
    }
}
