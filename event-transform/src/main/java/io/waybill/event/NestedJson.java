package io.waybill.event;

import io.waybill.event.BadRow.Code;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the nested JSON of an event: an object whose members are the columns. */
final class NestedJson {

    private final byte[] json;
    private final Columns columns = Columns.empty();
    private final boolean[] seen = new boolean[Field.COUNT];

    private NestedJson(byte[] json) {
        this.json = json;
    }

    /** The columns; how deep the JSON in them may be is asked where they are read. */
    static Columns read(byte[] json) {
        JsonCompactor compactor = new JsonCompactor();
        Output compact = new Output(json.length);
        Code code = compactor.compact(json, 0, json.length, Integer.MAX_VALUE, compact);
        if (code != null) {
            throw new IllegalArgumentException(
                    "not JSON: at byte %d want %s".formatted(compactor.problemAt(), compactor.wanted()));
        }
        if (compact.bytes[0] != '{') {
            throw new IllegalArgumentException("the JSON is no object, want one whose members are columns");
        }
        NestedJson event = new NestedJson(compact.bytes);
        event.readMembers();
        return event.columns;
    }

    private void readMembers() {
        int at = json[1] == '}' ? 1 : 0;
        while (json[at] != '}') {
            int nameEnd = JsonText.closingQuote(json, at + 1);
            Field<?> field = Field.of(JsonText.decode(json, at + 2, nameEnd));
            if (seen[field.index()]) {
                throw new IllegalArgumentException("%s is there twice".formatted(field));
            }
            seen[field.index()] = true;
            int value = nameEnd + 2;
            at = JsonText.endOfValue(json, value);
            if (json[value] != 'n') {
                columns.set(field, column(field, value, at));
            }
        }
    }

    private byte[] column(Field<?> field, int from, int to) {
        return switch (field.kind()) {
            case STRING, UUID -> Utf8.encode(text(field, from, to));
            case TIMESTAMP -> Utf8.encode(timestamp(text(field, from, to)));
            case BOOLEAN -> Ascii.bytes(isTrue(field, from) ? "1" : "0");
            case INT, DECIMAL, DOUBLE -> {
                check(field, json[from] == '-' || Ascii.isDigit(json[from]), "a number");
                yield Arrays.copyOfRange(json, from, to);
            }
            case CONTEXTS, UNSTRUCT_EVENT -> {
                check(field, json[from] == '{', "an object");
                yield Arrays.copyOfRange(json, from, to);
            }
        };
    }

    private String text(Field<?> field, int from, int to) {
        check(field, json[from] == '"', "text");
        return JsonText.decode(json, from + 1, to - 1);
    }

    private boolean isTrue(Field<?> field, int from) {
        check(field, json[from] == 't' || json[from] == 'f', "true or false");
        return json[from] == 't';
    }

    /** As columns usually have it; what is no timestamp stays what it is. */
    private static String timestamp(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean good = bytes.length > 0 && Scalars.timestamp(bytes, 0, bytes.length, new Output(bytes.length + 1));
        return good ? FieldValues.timestamp(text) : text;
    }

    private static void check(Field<?> field, boolean good, String wanted) {
        if (!good) {
            throw new IllegalArgumentException(
                    "the value of %s is of another type, want %s or null".formatted(field, wanted));
        }
    }
}
