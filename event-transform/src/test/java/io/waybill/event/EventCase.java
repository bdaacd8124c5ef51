package io.waybill.event;

import io.waybill.event.EventTransformer.Form;
import io.waybill.event.EventTransformer.SchemaVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A line, a transformer, and what comes of them.
 *
 * @param title what the case is about
 * @param transformer what transforms the line
 * @param line what is transformed
 * @param expected the JSON of the event, or the errors
 */
record EventCase(String title, EventTransformer transformer, Line line, String expected) {

    private static final Pattern ONE_COLUMN = Pattern.compile("(\\w+) `(.*)` -> (?:`(.*)`|(\\w+))");
    private static final Pattern CALL = Pattern.compile("(\\w+)\\((\\w+)\\)");

    /**
     * The cases of a file. One is a title after {@code #}, the columns of the line, and what is expected after {@code ->};
     * or all that in one line with a single column. A line {@code ## builder(…)} says with which options the following ones
     * are transformed, {@code ## line} what their lines have before they say something else.
     */
    static List<EventCase> of(String file) {
        List<EventCase> cases = new ArrayList<>();
        Map<String, String> every = new LinkedHashMap<>();
        String calls = "builder(FLATTENED)";
        String title = file;
        Line line = Line.empty();
        for (String text : Cases.lines(file)) {
            Matcher one = ONE_COLUMN.matcher(text);
            if (text.startsWith("## builder(")) {
                calls = text.substring(3);
            } else if (text.startsWith("## line ")) {
                set(text.substring(8), every::put);
                every.forEach(line::with);
            } else if (text.startsWith("#")) {
                title = text.replaceFirst("#+ *", "");
            } else if (text.startsWith("-> ")) {
                String expected = nulls(text.substring(3), calls);
                cases.add(new EventCase(calls + ": " + title, transformer(calls), line, expected));
                line = Line.empty();
                every.forEach(line::with);
            } else if (one.matches()) {
                String column = one.group(1);
                String json = one.group(3);
                // coordinates only together make another key, so one column is one key
                String expected = json == null ? one.group(4) + " " + column : "{\"%s\":%s}".formatted(column, json);
                cases.add(new EventCase(
                        calls + ": " + text, transformer(calls), Line.of(column, one.group(2)), expected));
            } else if (!text.isEmpty()) {
                set(text, line::with);
            }
        }
        Line unsaid = line;
        line = Line.empty();
        every.forEach(line::with);
        if (!unsaid.toString().equals(line.toString())) {
            throw new IllegalArgumentException(file + " has columns of which it does not say what becomes of them");
        }
        return cases;
    }

    /** The same as arguments of a test. */
    static Stream<Arguments> arguments(String... files) {
        return Stream.of(files).flatMap(file -> of(file).stream()).map(c -> Arguments.of(c.title(), c));
    }

    /** What comes of the line. */
    String outcome() {
        return outcome(transformer.transform(line.bytes()));
    }

    /** What comes of the line with another transformer. */
    String outcome(EventTransformer other) {
        return outcome(other.transform(line.bytes()));
    }

    /** Whether errors are expected. */
    boolean isBad() {
        return !expected.startsWith("{");
    }

    /** The event's JSON, or each error as code, column and entity. */
    static String outcome(TransformResult result) {
        if (result instanceof BadRow bad) {
            return String.join(
                    ", ",
                    bad.errors().stream()
                            .map(e -> e.code() + " " + e.column() + (e.entity() == null ? "" : " " + e.entity()))
                            .toList());
        }
        return result.toString();
    }

    private interface Column {
        Object set(String column, String text);
    }

    private static void set(String text, Column column) {
        int blank = text.indexOf(' ');
        if (blank < 0) {
            column.set(text, "");
        } else {
            column.set(text.substring(0, blank), text.substring(blank + 1));
        }
    }

    /** The transformer of options that are written as they are in Java. */
    private static EventTransformer transformer(String calls) {
        EventTransformer.Builder builder = EventTransformer.builder();
        for (MatchResult call : CALL.matcher(calls).results().toList()) {
            String value = call.group(2);
            boolean flag = Boolean.parseBoolean(value);
            builder = switch (call.group(1)) {
                case "builder" -> EventTransformer.builder(Form.valueOf(value));
                case "nulls" -> builder.nulls(flag);
                case "instants" -> builder.instants(flag);
                case "geoLocation" -> builder.geoLocation(flag);
                case "strict" -> builder.strict(flag);
                case "schemaVersion" -> builder.schemaVersion(SchemaVersion.valueOf(value));
                default -> throw new IllegalArgumentException(calls);
            };
        }
        return builder.build();
    }

    /** The JSON with null columns for each {@code …}. */
    private static String nulls(String json, String calls) {
        List<String> columns = new ArrayList<>();
        for (String row : Cases.lines("enriched-event-fields.tsv").subList(1, 132)) {
            String[] values = row.split("\t", -1);
            if (!values[2].matches("contexts|unstruct_event") || calls.contains("NESTED")) {
                boolean renamed = values[1].equals("refr_dvce_tstamp") && calls.contains("PYTHON");
                columns.add(renamed ? "refr_device_tstamp" : values[1]);
            }
        }
        StringBuilder whole = new StringBuilder();
        String[] parts = json.split("…", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i > 0) {
                List<String> before = keys(parts[i - 1], columns);
                List<String> after = keys(parts[i], columns);
                int from = before.isEmpty() ? 0 : columns.indexOf(before.get(before.size() - 1)) + 1;
                int to = after.isEmpty() ? columns.size() : columns.indexOf(after.get(0));
                whole.append(String.join(
                        ",",
                        columns.subList(from, to).stream()
                                .map(column -> "\"" + column + "\":null")
                                .toList()));
            }
            whole.append(parts[i]);
        }
        return whole.toString();
    }

    private static List<String> keys(String json, List<String> columns) {
        return Pattern.compile("\"(\\w+)\":")
                .matcher(json)
                .results()
                .map(key -> key.group(1))
                .filter(columns::contains)
                .toList();
    }
}
