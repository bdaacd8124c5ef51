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
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The flattened form of a valid event, made of strings and trees without a thought for speed. */
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

    private static final Pattern NUMBER =
            Pattern.compile("[+]?(-?)0*?(0|[1-9][0-9]*)?(\\.[0-9]+)?\\.?([eE][-+]?[0-9]+)?");

    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:(u[dD][89a-fA-F]..)|u....|.)");
    private static final Pattern EXPONENT = Pattern.compile("(\"(?:[^\"\\\\]|\\\\.)*+\")|([eE][-+]?[0-9]{8})[0-9]+");

    private ReferenceTransformer() {}

    /**
     * Parses strictly and with numbers as they stand; the text of the tree is a normal form. Two kinds of JSON that
     * Jackson has no room for are changed before: escapes of surrogates, which may be lone, and endless exponents.
     */
    static JsonNode parse(String json) throws JsonProcessingException {
        String paired = ESCAPE.matcher(json)
                .replaceAll(escape -> escape.group(1) == null ? Matcher.quoteReplacement(escape.group()) : "?");
        return MAPPER.readTree(EXPONENT.matcher(paired).replaceAll("$1$2"));
    }

    /** The event of a line that is one. */
    static ObjectNode transform(String line) throws JsonProcessingException {
        ObjectNode event = MAPPER.createObjectNode();
        String[] columns = line.split("\t", -1);
        String custom = columns[Field.CONTEXTS.index()];
        String derived = columns[Field.DERIVED_CONTEXTS.index()];
        for (Field<?> field : Field.all()) {
            String text = columns[field.index()];
            if (text.isEmpty()) {
                continue;
            }
            if (field == Field.CONTEXTS) {
                addContexts(event, entities(custom), entities(derived));
            } else if (field == Field.DERIVED_CONTEXTS) {
                addContexts(event, entities(derived), List.of());
            } else if (field == Field.UNSTRUCT_EVENT) {
                JsonNode entity = parse(text).get("data");
                event.set("unstruct_event_" + name(entity), entity.get("data"));
            } else {
                event.set(field.column(), scalar(field, text));
            }
        }
        String latitude = columns[Field.GEO_LATITUDE.index()];
        String longitude = columns[Field.GEO_LONGITUDE.index()];
        if (!latitude.isEmpty() && !longitude.isEmpty()) {
            event.put("geo_location", latitude + "," + longitude);
        }
        return event;
    }

    /** Adds the keys that are not there yet, each with what both columns hold of it. */
    private static void addContexts(ObjectNode event, List<JsonNode> first, List<JsonNode> second) {
        List<JsonNode> both = new ArrayList<>(first);
        both.addAll(second);
        for (JsonNode entity : first) {
            String key = "contexts_" + name(entity);
            if (!event.has(key)) {
                var array = event.putArray(key);
                both.stream().filter(e -> name(e).equals(name(entity))).forEach(e -> array.add(e.get("data")));
            }
        }
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

    private static JsonNode scalar(Field<?> field, String text) throws JsonProcessingException {
        return switch (field.kind()) {
            case INT -> MAPPER.readTree(new BigInteger(text).toString());
            case DECIMAL, DOUBLE -> parse(number(text));
            case BOOLEAN -> MAPPER.getNodeFactory().booleanNode(text.equals("1"));
            case TIMESTAMP ->
                MAPPER.getNodeFactory().textNode(text.replace(' ', 'T').replace("Z", "") + "Z");
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
