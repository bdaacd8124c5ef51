package io.waybill.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.util.Arrays;

/** Lines that the fuzzer puts together of pieces, most of which are right. Each byte of a text here is a character. */
final class EventPieces {

    private static final int MOST_COLUMNS = 24;
    private static final int MOST_BYTES = 24;
    private static final int MOST_MEMBERS = 4;
    private static final int MOST_DEPTH = 6;

    private static final String[] INTEGERS = {
        "0", "42", "-0", "+7", "007", "2147483647", "-2147483648", "2147483648", "4.0", "-", "99999999999999999999"
    };
    private static final String[] NUMBERS = {
        "0",
        "1.10",
        "-12.5",
        "+1E3",
        ".50",
        "1.",
        "1.e5",
        "-.0",
        "00.5",
        "1e",
        ".",
        "e1",
        "NaN",
        "0x1",
        "1e999999999999"
    };
    private static final String[] TIMESTAMPS = {
        "2024-02-29 23:59:59.999",
        "2024-01-01T00:00:00Z",
        "0000-12-31 00:00:00.123456789",
        "2023-02-29 00:00:00",
        "2024-01-01 24:00:00",
        "2024-01-01 00:00:00.",
        "2024-01-01 00:00:00.1234567890",
        "1900-02-29 00:00:00"
    };
    private static final String[] BLANKS = {"", "", "", "", " ", "\r", "\n", "   \r"};
    private static final String[] NAMES = {
        "schema",
        "data",
        "\\u0064ata",
        "sch\\u0065ma",
        "Data",
        "schem",
        "hierarchy",
        "_schema_version",
        "",
        "\\\\",
        "a\\\""
    };
    private static final String[] URIS = {
        "iglu:com.acme/page_view/jsonschema/1-0-0",
        "iglu:com.acme/pageView/jsonschema/1-0-1",
        "iglu:com.acme\\/page-view\\/jsonschema\\/1-0-0",
        "iglu:Com-Acme/XMLHttp/avro/10-3-99",
        "igl\\u0075:a/b/c/2-0-0",
        "iglu:a/b/c/0-0-0",
        "iglu:a/b/c/1-0-0 ",
        "iglu:a/b/c/1-00-0",
        "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0",
        "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0"
    };
    private static final String[] SCALARS = {
        "null", "true", "false", "0", "-0", "1.50", "1e-05", "9007199254740993", "01", "+1", "1.", "nul", "tru", "-"
    };
    private static final String[] STRINGS = {
        "",
        "text",
        "\\ud83d\\ude00",
        "\\ud800",
        "\\/\\b\\f",
        "\\x",
        "\\u12g4",
        "\u00C3\u00A9",
        "\u00E6\u0097\u00A5",
        "\u00F0\u009F\u0098\u0080",
        "\u00C0\u0080",
        "\u00ED\u00A0\u0080",
        "{[,:]}",
        "\u0000",
        "\u001F",
        "\u007F",
        "1234567",
        "12345678"
    };

    private final FuzzedDataProvider data;

    EventPieces(FuzzedDataProvider data) {
        this.data = data;
    }

    /** A line without its line end, nearly always of 131 columns. */
    byte[] line() {
        String[] columns = new String[Field.COUNT];
        Arrays.fill(columns, "");
        for (int n = data.consumeInt(0, MOST_COLUMNS); n > 0; n--) {
            Field<?> field = Field.all().get(data.consumeInt(0, Field.COUNT - 1));
            columns[field.index()] = column(field);
        }
        for (Field<?> field : new Field<?>[] {Field.CONTEXTS, Field.UNSTRUCT_EVENT, Field.DERIVED_CONTEXTS}) {
            columns[field.index()] = data.consumeBoolean() ? column(field) : columns[field.index()];
        }
        return String.join("\t", columns).getBytes(ISO_8859_1);
    }

    private String column(Field<?> field) {
        if (oneIn(16)) {
            return bytes();
        }
        return switch (field.kind()) {
            case STRING -> text();
            case UUID -> oneIn(4) ? text() : "c6ef3124-b53a-4b13-a233-0088f79dcbcb";
            case INT -> oneIn(4) ? Integer.toString(data.consumeInt()) : pick(INTEGERS);
            case DECIMAL, DOUBLE -> oneIn(4) ? Double.toString(data.consumeDouble()) : pick(NUMBERS);
            case BOOLEAN -> pick("0", "1", "1", "true", "2");
            case TIMESTAMP -> pick(TIMESTAMPS);
            case CONTEXTS -> envelope(contexts());
            case UNSTRUCT_EVENT -> envelope(entity());
        };
    }

    /** Characters of all lengths, control characters and what is no character at all. */
    private String text() {
        String plain = new String(data.consumeString(MOST_BYTES).getBytes(UTF_8), ISO_8859_1);
        return plain.replace('\t', ' ') + (data.consumeBoolean() ? pick(STRINGS) : "");
    }

    private String bytes() {
        return new String(data.consumeBytes(MOST_BYTES), ISO_8859_1);
    }

    private String contexts() {
        StringBuilder entities = new StringBuilder("[");
        for (int n = data.consumeInt(0, MOST_MEMBERS); n > 0; n--) {
            entities.append(blank()).append(entity()).append(blank()).append(n > 1 ? "," : "");
        }
        return entities.append(blank()).append(']').toString();
    }

    private String entity() {
        return oneIn(16) ? json(MOST_DEPTH) : members("\"" + pick(URIS) + "\"", json(MOST_DEPTH));
    }

    private String envelope(String inner) {
        return members("\"" + pick(URIS) + "\"", inner);
    }

    /** An object with a schema and data among other members, which may have their names. */
    private String members(String schema, String inner) {
        String[] members = {member("schema", schema), member("data", inner), "", "", ""};
        if (data.consumeBoolean()) {
            members = new String[] {member("data", inner), member("schema", schema), "", "", ""};
        }
        for (int i = 2 + data.consumeInt(0, 2); i > 2; i--) {
            members[i] = member(pick(NAMES), json(2));
        }
        if (data.consumeBoolean()) {
            // the last of two counts
            String first = members[0];
            members[0] = members[2];
            members[2] = first;
        }
        String joined = String.join(
                blank() + "," + blank(),
                Arrays.stream(members).filter(member -> !member.isEmpty()).toList());
        return blank() + "{" + blank() + joined + blank() + "}" + blank() + (oneIn(32) ? bytes() : "");
    }

    private String member(String name, String value) {
        return "\"" + name + "\"" + blank() + ":" + blank() + value;
    }

    private String json(int depth) {
        int kind = data.consumeInt(0, depth == 0 ? 2 : 5);
        return switch (kind) {
            case 0 -> pick(SCALARS);
            case 1 -> "\"" + pick(STRINGS) + pick(STRINGS) + "\"";
            case 2 -> oneIn(4) ? bytes() : "\"" + text().replace('"', ' ').replace('\\', '/') + "\"";
            case 3 -> "[" + list(depth, false) + "]";
            default -> "{" + list(depth, true) + "}";
        };
    }

    private String list(int depth, boolean named) {
        StringBuilder list = new StringBuilder(blank());
        for (int n = data.consumeInt(0, MOST_MEMBERS); n > 0; n--) {
            String value = json(depth - 1);
            list.append(named ? member(pick(NAMES), value) : value)
                    .append(blank())
                    .append(n > 1 ? "," : "");
        }
        return list.toString();
    }

    private String blank() {
        return pick(BLANKS);
    }

    private boolean oneIn(int chances) {
        return data.consumeInt(1, chances) == chances;
    }

    private String pick(String... choices) {
        return choices[data.consumeInt(0, choices.length - 1)];
    }
}
