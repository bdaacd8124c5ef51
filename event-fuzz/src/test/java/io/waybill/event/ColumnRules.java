package io.waybill.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the columns of an event may hold, written down as directly as can be: expressions and trees, not a scanner. */
final class ColumnRules {

    private static final int INT_BITS = 31;

    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");
    private static final Pattern TIMESTAMP = Pattern.compile(
            "([0-9]{4})-(0[1-9]|1[0-2])-([0-9]{2})[ T](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?Z?");
    private static final Pattern IGLU_URI =
            Pattern.compile("iglu:[\\w.-]+/[\\w-]+/[\\w-]+/[1-9][0-9]*(?:-(?:0|[1-9][0-9]*)){2}");
    private static final Pattern JSON_STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"");

    private ColumnRules() {}

    /** The columns of a line without its line end, each byte a character. */
    static String[] split(byte[] line) {
        return new String(line, StandardCharsets.ISO_8859_1).split("\t", -1);
    }

    /** The columns that make a line of 131 a bad row where strict is off. */
    static List<Integer> broken(byte[] line, int maxDepth) {
        String[] columns = split(line);
        List<Integer> broken = new ArrayList<>();
        for (Field<?> field : Field.all()) {
            String bytes = columns[field.index()];
            if (!bytes.isEmpty() && !isValid(field, bytes.getBytes(StandardCharsets.ISO_8859_1), maxDepth)) {
                broken.add(field.index());
            }
        }
        return broken;
    }

    /** The text of bytes, or null where they are not well-formed. */
    static @Nullable String text(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean isValid(Field<?> field, byte[] utf8, int maxDepth) {
        String text = text(utf8);
        if (text == null) {
            return false;
        }
        return switch (field.kind()) {
            case STRING, UUID -> true;
            case INT -> INTEGER.matcher(text).matches() && new BigInteger(text).bitLength() <= INT_BITS;
            case DECIMAL, DOUBLE -> NUMBER.matcher(text).matches();
            case BOOLEAN -> text.equals("0") || text.equals("1");
            case TIMESTAMP -> isTimestamp(text);
            case CONTEXTS, UNSTRUCT_EVENT ->
                ReferenceJson.isValid(text)
                        && depth(text) <= maxDepth
                        && isEnvelope(text, field.kind() == Field.Kind.CONTEXTS);
        };
    }

    private static boolean isTimestamp(String text) {
        Matcher parts = TIMESTAMP.matcher(text);
        return parts.matches()
                && YearMonth.of(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)))
                        .isValidDay(Integer.parseInt(parts.group(3)));
    }

    /** The most brackets that are open at once in a text that is JSON. */
    private static int depth(String json) {
        int open = 0;
        int most = 0;
        for (char c : JSON_STRING.matcher(json).replaceAll("").toCharArray()) {
            open += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            most = Math.max(most, open);
        }
        return most;
    }

    private static boolean isEnvelope(String text, boolean contexts) {
        JsonNode envelope = tree(text);
        JsonNode data = envelope.path("data");
        if (!contexts) {
            return isEntity(data);
        }
        for (JsonNode entity : data) {
            if (!isEntity(entity)) {
                return false;
            }
        }
        return data.isArray();
    }

    private static boolean isEntity(JsonNode entity) {
        JsonNode schema = entity.path("schema");
        return entity.has("data")
                && schema.isTextual()
                && IGLU_URI.matcher(schema.textValue()).matches();
    }

    private static JsonNode tree(String json) {
        try {
            return ReferenceTransformer.parse(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError("the references do not agree on what JSON is", e);
        }
    }
}
