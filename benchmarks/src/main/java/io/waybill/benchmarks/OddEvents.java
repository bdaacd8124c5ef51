package io.waybill.benchmarks;

import io.waybill.cli.EventGenerator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Valid lines in forms that are allowed and that nobody would expect, all of them on each line: blanks between tokens,
 * escapes where none are needed, numbers with a plus or a bare point, data before its schema, schemas in turn, both
 * context columns with the same schemas, deep nesting.
 */
final class OddEvents implements Supplier<byte[]> {

    private static final String ENVELOPE = "iglu:com.snowplowanalytics.snowplow/%s/jsonschema/1-0-0";
    private static final List<String> SCHEMAS = List.of(
            "iglu:com.acme-corp/OddPage/jsonschema/1-0-0",
            "iglu:com.acme-corp/oddPage/jsonschema/1-2-0",
            "iglu:org.example/deepThing/jsonschema/12-0-1");
    private static final List<String> NUMBERS = List.of("+1.50", "199", "19.90", ".5", "+007.25", "-.0", "3.", "1.e5");
    private static final List<String> JSON_NUMBERS =
            List.of("199", "19.90", "-0", "1E+2", "1.5e-7", "12345678901234567890", "0.10");
    private static final List<String> TEXTS = List.of(
            "商品の詳細ページをご覧ください", "https://shop.example/a/b?c=\"d\"", "뉴스 & <최신>", "plain", "a\\b\t\u0001", "🚲/🚲");
    private static final int DEPTH = 40;

    private final EventGenerator events;
    private final Random random;
    private final StringBuilder out = new StringBuilder();

    OddEvents(EventGenerator events, long seed) {
        this.events = events;
        random = new Random(seed);
    }

    @Override
    public byte[] get() {
        String[] values = new String(events.next(), StandardCharsets.UTF_8).split("\t", -1);
        for (int i = 0; i < values.length; i++) {
            if (!values[i].isEmpty()) {
                values[i] = odd(Column.ALL.get(i), values[i]);
            }
        }
        return String.join("\t", values).getBytes(StandardCharsets.UTF_8);
    }

    private String odd(Column column, String value) {
        return switch (column.type()) {
            case TEXT -> value + (random.nextBoolean() ? " \"\\\"" : " 東京");
            case INT -> value.startsWith("-") ? value : "+0" + value;
            case NUMBER -> pick(NUMBERS);
            case TIMESTAMP -> value.replace(' ', 'T') + (random.nextBoolean() ? "Z" : "");
            case BOOLEAN -> value;
            case ENTITIES, ENTITY -> {
                out.setLength(0);
                envelope(column.type());
                yield out.toString();
            }
        };
    }

    private void envelope(Column.Type type) {
        String name = type == Column.Type.ENTITY ? "unstruct_event" : "contexts";
        selfDescribing(ENVELOPE.formatted(name), () -> {
            if (type == Column.Type.ENTITY) {
                entity(2);
            } else {
                open('[');
                for (int i = 0; i < 6; i++) {
                    separate(i);
                    entity(i);
                }
                close(']');
            }
        });
    }

    private void entity(int number) {
        selfDescribing(SCHEMAS.get(number % SCHEMAS.size()), () -> {
            open('{');
            for (int i = 0; i < 6; i++) {
                separate(i);
                text("member " + i + pick(TEXTS));
                token(':');
                value(i);
            }
            close('}');
        });
    }

    private void value(int number) {
        switch (number) {
            case 0 -> nested(0);
            case 1 -> out.append(pick(JSON_NUMBERS));
            case 2 -> out.append(random.nextBoolean() ? "null" : "true");
            default -> text(pick(TEXTS));
        }
    }

    private void nested(int depth) {
        if (depth == DEPTH) {
            out.append(pick(JSON_NUMBERS));
        } else if (depth % 2 == 0) {
            open('[');
            nested(depth + 1);
            close(']');
        } else {
            open('{');
            text("d");
            token(':');
            nested(depth + 1);
            close('}');
        }
    }

    /** Writes a schema and what it describes, in either order. */
    private void selfDescribing(String schema, Runnable data) {
        boolean schemaFirst = random.nextBoolean();
        open('{');
        for (int i = 0; i < 2; i++) {
            separate(i);
            if ((i == 0) == schemaFirst) {
                text("schema");
                token(':');
                text(schema);
            } else {
                text("data");
                token(':');
                data.run();
            }
        }
        close('}');
    }

    /** Writes text of which each character may be escaped, and a slash always is. */
    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/') {
                out.append("\\/");
            } else if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || (!Character.isSurrogate(c) && random.nextInt(8) == 0)) {
                out.append((random.nextBoolean() ? "\\u%04x" : "\\u%04X").formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private void open(char bracket) {
        out.append(bracket);
        blank();
    }

    private void close(char bracket) {
        blank();
        out.append(bracket);
    }

    private void separate(int index) {
        if (index > 0) {
            token(',');
        }
    }

    private void token(char token) {
        blank();
        out.append(token);
        blank();
    }

    private void blank() {
        switch (random.nextInt(4)) {
            case 0 -> out.append(' ');
            case 1 -> out.append(" \r ");
            default -> {
                // none
            }
        }
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
