package io.waybill.event;

import io.waybill.event.BadRow.Code;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/** Values in Java and their text in a column, by the rules of the transformer. */
final class FieldValues {

    private static final int NANO_DIGITS = 9;

    /** {@code yyyy-MM-dd HH:mm:ss} */
    private static final int SECONDS_LENGTH = 19;

    private FieldValues() {}

    /** The text of a column. */
    static String text(Field<?> field, byte[] line, int from, int to) {
        if (Utf8.malformedAt(line, from, to) >= 0) {
            throw notA(field, Layout.TEXT, line, from, to);
        }
        return new String(line, from, to - from, StandardCharsets.UTF_8);
    }

    /** The value of a column that is not empty; JSON is not looked into. */
    static Object read(Field<?> field, byte[] line, int from, int to) {
        return switch (field.kind()) {
            case STRING, CONTEXTS, UNSTRUCT_EVENT -> text(field, line, from, to);
            case UUID -> uuid(field, line, from, to);
            case INT -> integer(field, line, from, to);
            case DECIMAL, DOUBLE -> decimal(field, line, from, to);
            case BOOLEAN -> bool(field, line, from, to);
            case TIMESTAMP -> instant(field, line, from, to);
        };
    }

    private static int integer(Field<?> field, byte[] line, int from, int to) {
        Output json = new Output(to - from);
        if (!Scalars.integer(line, from, to, json)) {
            throw notA(field, Layout.INTEGER, line, from, to);
        }
        return Integer.parseInt(ascii(json));
    }

    private static BigDecimal decimal(Field<?> field, byte[] line, int from, int to) {
        Output json = new Output(to - from + 1);
        if (!Scalars.number(line, from, to, json)) {
            throw notA(field, Layout.NUMBER, line, from, to);
        }
        try {
            return JsonValue.number(ascii(json));
        } catch (ArithmeticException e) {
            LineErrors errors = new LineErrors();
            String message = "%s: %s".formatted(field.column(), e.getMessage());
            errors.add(field, Code.NOT_A_NUMBER, message, line, from, to);
            throw new BadRowException(errors.toBadRow(1), e);
        }
    }

    private static boolean bool(Field<?> field, byte[] line, int from, int to) {
        if (!Scalars.bool(line, from, to, new Output(0))) {
            throw notA(field, Layout.BOOLEAN, line, from, to);
        }
        return line[from] == '1';
    }

    private static Instant instant(Field<?> field, byte[] line, int from, int to) {
        if (!Scalars.timestamp(line, from, to, new Output(to - from + 1))) {
            throw notA(field, Layout.TIMESTAMP, line, from, to);
        }
        int nanos = 0;
        for (int i = 1; i <= NANO_DIGITS; i++) {
            int at = from + SECONDS_LENGTH + i;
            nanos = nanos * 10 + (at < to && line[at] != 'Z' ? line[at] - '0' : 0);
        }
        return LocalDateTime.of(
                        Scalars.digits(line, from, 4),
                        Scalars.digits(line, from + 5, 2),
                        Scalars.digits(line, from + 8, 2),
                        Scalars.digits(line, from + 11, 2),
                        Scalars.digits(line, from + 14, 2),
                        Scalars.digits(line, from + 17, 2),
                        nanos)
                .toInstant(ZoneOffset.UTC);
    }

    private static UUID uuid(Field<?> field, byte[] line, int from, int to) {
        String text = text(field, line, from, to);
        if (!Scalars.uuid(line, from, to, new Output(to - from))) {
            throw notA(field, Layout.UUID, line, from, to);
        }
        return UUID.fromString(text);
    }

    private static String ascii(Output out) {
        return new String(out.bytes, 0, out.length, StandardCharsets.US_ASCII);
    }

    private static BadRowException notA(Field<?> field, byte kind, byte[] line, int from, int to) {
        LineErrors errors = new LineErrors();
        errors.addScalar(field, kind, line, from, to);
        return new BadRowException(errors.toBadRow(1));
    }

    /** The text by which a value stands in a column. */
    static String write(Object value) {
        if (value instanceof Boolean bool) {
            return bool ? "1" : "0";
        }
        return value instanceof Instant instant ? timestamp(instant.toString()) : value.toString();
    }

    /** A timestamp that has {@code T} and {@code Z} as columns usually have it. */
    static String timestamp(String iso) {
        return iso.replace('T', ' ').replace("Z", "");
    }
}
