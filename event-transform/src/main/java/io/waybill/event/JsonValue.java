package io.waybill.event;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON that {@link JsonCompactor} has written, as plain Java objects. A value must be followed by a comma or a bracket, as
 * it is inside of an object.
 *
 * <p>The brackets that are open lie on a stack of its own, so no input can overflow the thread's.
 */
final class JsonValue {

    static final int ABSENT = -1;

    /** Making a number of digits takes time by their square. */
    private static final int MOST_NUMBER_LENGTH = 10_000;

    private static final int MOST_EXPONENT_DIGITS = 9;

    private final byte[] json;
    private int at;

    private JsonValue(byte[] json, int at) {
        this.json = json;
        this.at = at;
    }

    /** An object or array that is not closed yet. */
    private sealed interface Open permits OpenObject, OpenArray {
        void add(@Nullable Object value);

        Object close();
    }

    private static final class OpenObject implements Open {
        private final Map<String, @Nullable Object> members = new LinkedHashMap<>();
        private String name = "";

        @Override
        public void add(@Nullable Object value) {
            members.put(name, value);
        }

        @Override
        public Object close() {
            return members;
        }
    }

    private static final class OpenArray implements Open {
        private final List<@Nullable Object> elements = new ArrayList<>();

        @Override
        public void add(@Nullable Object value) {
            elements.add(value);
        }

        @Override
        public Object close() {
            return elements;
        }
    }

    /**
     * The value that starts here; of members with one name the last counts.
     *
     * @throws ArithmeticException if {@link #number} does for one in it
     */
    static @Nullable Object read(byte[] json, int from) {
        return new JsonValue(json, from).read();
    }

    private @Nullable Object read() {
        Deque<Open> open = new ArrayDeque<>();
        while (true) {
            Open bracket = open();
            if (bracket != null) {
                open.push(bracket);
            } else {
                Object value = scalar();
                while (!open.isEmpty() && !hasNext(open.element(), value)) {
                    value = open.pop().close();
                }
                if (open.isEmpty()) {
                    return value;
                }
            }
        }
    }

    /** Goes past the bracket that stands here, if it is one with something in it, and past the first name. */
    private @Nullable Open open() {
        boolean empty = json[at + 1] == '}' || json[at + 1] == ']';
        if (json[at] == '[' && !empty) {
            at++;
            return new OpenArray();
        }
        if (json[at] == '{' && !empty) {
            at++;
            OpenObject object = new OpenObject();
            object.name = name();
            return object;
        }
        return null;
    }

    /** Adds the value that has been read, and goes on to the next one of the same bracket; false if there is none. */
    private boolean hasNext(Open bracket, @Nullable Object value) {
        bracket.add(value);
        boolean more = json[at++] == ',';
        if (more && bracket instanceof OpenObject object) {
            object.name = name();
        }
        return more;
    }

    /** The name that stands here; goes past its colon. */
    private String name() {
        int end = JsonText.closingQuote(json, at);
        String name = JsonText.decode(json, at + 1, end);
        at = end + 2;
        return name;
    }

    /** The value that stands here and has nothing in it; goes past it. */
    private @Nullable Object scalar() {
        int from = at;
        at = JsonText.endOfValue(json, from);
        return switch (json[from]) {
            case '"' -> JsonText.decode(json, from + 1, at - 1);
            case '{' -> new LinkedHashMap<String, @Nullable Object>();
            case '[' -> new ArrayList<@Nullable Object>();
            case 't' -> true;
            case 'f' -> false;
            case 'n' -> null;
            default -> number(new String(json, from, at - from, StandardCharsets.US_ASCII));
        };
    }

    /**
     * The number that a text is in JSON. The limits are narrower than those of a BigDecimal, which differ from JDK to JDK.
     *
     * @throws ArithmeticException if it has too many characters, or too many digits in its exponent
     */
    static BigDecimal number(String text) {
        if (text.length() > MOST_NUMBER_LENGTH) {
            throw new ArithmeticException("a number has %d characters, values are made of %d at most"
                    .formatted(text.length(), MOST_NUMBER_LENGTH));
        }
        int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (exponent >= 0 && text.length() - exponentDigits(text, exponent + 1) > MOST_EXPONENT_DIGITS) {
            throw new ArithmeticException(
                    "a number has an exponent of more than %d digits".formatted(MOST_EXPONENT_DIGITS));
        }
        return new BigDecimal(text);
    }

    /** Where the digits of an exponent start that count. */
    private static int exponentDigits(String text, int exponent) {
        int at = exponent;
        while (at < text.length() && "+-0".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    /** Where the member of that name starts in the object that starts here, the last one; or absent. */
    static int member(byte[] json, int from, String name) {
        int found = ABSENT;
        if (json[from] == '{' && json[from + 1] != '}') {
            int at = from;
            do {
                int nameEnd = JsonText.closingQuote(json, at + 1);
                int value = nameEnd + 2;
                if (JsonText.decode(json, at + 2, nameEnd).equals(name)) {
                    found = value;
                }
                at = JsonText.endOfValue(json, value);
            } while (json[at] == ',');
        }
        return found;
    }

    /** Where the element of that index starts in the array that starts here; or absent. */
    static int element(byte[] json, int from, int index) {
        if (json[from] != '[' || json[from + 1] == ']' || index < 0) {
            return ABSENT;
        }
        int at = from + 1;
        for (int i = 0; i < index; i++) {
            at = JsonText.endOfValue(json, at) + 1;
            if (json[at - 1] != ',') {
                return ABSENT;
            }
        }
        return at;
    }
}
