package io.waybill.event;

import io.waybill.event.EventTransformer.Form;
import io.waybill.event.EventTransformer.SchemaVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Valid events in the many ways they can be written. */
final class RandomEvents {

    private static final List<String> BLANKS = List.of("", "", "", "", " ", "  ", "\r", " \r ");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "1",
            "-12",
            "1.50",
            "1e3",
            "1E-05",
            "9007199254740993",
            "0.10",
            "123456789012345678901234567890.5");
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "schema",
            "data",
            "text with blanks",
            "\\\"",
            "\\\\",
            "\\/",
            "\\u00e9",
            "\\ud83d\\ude00",
            "é",
            "日本",
            "😀",
            "}]",
            ":,");
    private static final List<String> VENDORS = List.of("com.acme", "com-acme", "Com.Acme", "org.w3", "a_b");
    private static final List<String> NAMES =
            List.of("page", "linkClick", "link_click", "LinkClick", "web2Page", "XMLHttp");
    private static final List<String> VERSIONS = List.of("1-0-0", "1-0-1", "2-0-0", "10-3-99");

    private RandomEvents() {}

    /** A line of which no column is wrong; one of three keeps the rules of strict mode as well. */
    static Line line(Random random) {
        boolean strict = random.nextInt(3) == 0;
        Line line = Line.empty();
        int share = random.nextInt(101);
        for (Field<?> field : Field.all()) {
            if (random.nextInt(100) < share || (strict && StrictRules.isRequired(field))) {
                line.with(field.column(), value(field, strict, random));
            }
        }
        return line;
    }

    /** A transformer with any options other than the limits. */
    static EventTransformer transformer(Random random) {
        Form form = pick(random, List.of(Form.values()));
        boolean nested = form == Form.NESTED;
        SchemaVersion version = pick(random, List.of(SchemaVersion.values()));
        return EventTransformer.builder(form)
                .nulls(random.nextBoolean())
                .instants(random.nextBoolean())
                .geoLocation(!nested && random.nextBoolean())
                .strict(random.nextInt(3) == 0)
                .schemaVersion(nested ? SchemaVersion.NONE : version)
                .build();
    }

    private static String value(Field<?> field, boolean strict, Random random) {
        return switch (field.kind()) {
            case STRING -> text(random, strict ? Math.min(20, StrictRules.maxLength(field)) : 20);
            case UUID -> strict || random.nextBoolean() ? uuid(random) : text(random, 36);
            case INT -> pick(random, "", "+", "-", "00") + random.nextInt(1 << random.nextInt(31));
            case DECIMAL, DOUBLE -> number(random);
            case BOOLEAN -> pick(random, "0", "1");
            case TIMESTAMP -> timestamp(random);
            case CONTEXTS ->
                envelope(
                        random,
                        blank(random) + "[" + contexts(random) + "]" + blank(random),
                        outer("contexts", strict, random));
            case UNSTRUCT_EVENT -> envelope(random, entity(random), outer("unstruct_event", strict, random));
        };
    }

    private static String outer(String name, boolean strict, Random random) {
        String uri = "iglu:com.snowplowanalytics.snowplow/%s/jsonschema/%s"
                .formatted(name, strict ? pick(random, "1-0-0", "1-0-1", "1-10-0") : pick(random, VERSIONS));
        return strict || random.nextBoolean() ? quoted(uri, random) : json(random, 2);
    }

    private static String uuid(Random random) {
        String uuid = new UUID(random.nextLong(), random.nextLong()).toString();
        return random.nextBoolean() ? uuid : uuid.toUpperCase(Locale.ROOT);
    }

    private static String text(Random random, int most) {
        return random.ints(random.nextInt(most), 1, 0x11000)
                .filter(c -> c != '\t' && c != '\n' && !(c >= 0xD800 && c < 0xE000))
                .map(c -> c < 0x400 ? c & 0x7F : c)
                .filter(c -> c != '\t' && c != '\n')
                .mapToObj(Character::toString)
                .collect(Collectors.joining("", "x", ""));
    }

    private static String number(Random random) {
        String whole = pick(random, "", "0", "00", "7", "120", "0042");
        String fraction = whole.isEmpty() ? pick(random, ".0", ".50", ".125") : pick(random, "", ".", ".0", ".50");
        return pick(random, "", "+", "-") + whole + fraction + pick(random, "", "", "e5", "E+05", "e-1");
    }

    private static String timestamp(Random random) {
        return "%04d-%02d-%02d%s%02d:%02d:%02d%s%s"
                .formatted(
                        random.nextInt(10_000),
                        1 + random.nextInt(12),
                        1 + random.nextInt(28),
                        pick(random, " ", "T"),
                        random.nextInt(24),
                        random.nextInt(60),
                        random.nextInt(60),
                        pick(random, "", ".5", ".120", ".000", ".123456789"),
                        pick(random, "", "Z"));
    }

    private static String contexts(Random random) {
        return IntStream.range(0, random.nextInt(6))
                .mapToObj(i -> entity(random))
                .collect(Collectors.joining(","));
    }

    private static String entity(Random random) {
        String uri = "iglu:%s/%s/jsonschema/%s"
                .formatted(pick(random, VENDORS), pick(random, NAMES), pick(random, VERSIONS));
        return envelope(random, json(random, 3), quoted(uri, random));
    }

    /** An object with the two members among others, and perhaps with others of their names before. */
    private static String envelope(Random random, String data, String schema) {
        List<String> members = new ArrayList<>();
        members.add(quoted("data", random) + blank(random) + ":" + data);
        members.add(random.nextInt(members.size() + 1), quoted("schema", random) + ":" + blank(random) + schema);
        if (random.nextInt(4) == 0) {
            members.add(0, quoted(pick(random, "data", "schema"), random) + ":" + json(random, 2));
        }
        if (random.nextInt(4) == 0) {
            members.add(
                    random.nextInt(members.size()),
                    "\"" + pick(random, "hierarchy", "Data", "schem") + "\":" + json(random, 2));
        }
        return blank(random) + "{" + blank(random) + String.join(blank(random) + "," + blank(random), members)
                + blank(random) + "}" + blank(random);
    }

    /** A name or URI, now and then with escapes that mean the same. */
    private static String quoted(String text, Random random) {
        boolean escaped = random.nextInt(3) == 0;
        return text.chars()
                .mapToObj(c -> !escaped || random.nextInt(3) > 0
                        ? Character.toString(c)
                        : c == '/' ? "\\/" : "\\u%04x".formatted(c))
                .collect(Collectors.joining("", "\"", "\""));
    }

    /** Any JSON value, nested that deep at most. */
    static String json(Random random, int depth) {
        String value = switch (random.nextInt(depth == 0 ? 3 : 6)) {
            case 0 -> pick(random, "true", "false", "null");
            case 1 -> pick(random, NUMBERS);
            case 2 -> "\"" + pick(random, TEXTS) + pick(random, TEXTS) + "\"";
            case 3 ->
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> json(random, depth - 1))
                        .collect(Collectors.joining(",", "[", blank(random) + "]"));
            default ->
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> name(i, random) + blank(random) + ":" + json(random, depth - 1))
                        .collect(Collectors.joining(",", "{", blank(random) + "}"));
        };
        return blank(random) + value + blank(random);
    }

    /** A name that no other member has, or one that the transformer may write itself. */
    private static String name(int member, Random random) {
        return member == 1 && random.nextInt(4) == 0
                ? quoted("_schema_version", random)
                : "\"" + member + pick(random, TEXTS) + "\"";
    }

    private static String blank(Random random) {
        return pick(random, BLANKS);
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static <T> T pick(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
