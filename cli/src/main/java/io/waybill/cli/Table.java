package io.waybill.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows under named columns, printed for people or for programs. A cell is text, a number, or null for none. */
final class Table {

    /** The forms in which a table is printed. */
    enum Format {
        TABLE,
        JSON,
        NDJSON,
        TSV
    }

    private static final JsonFactory JSON = new JsonFactory()
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);

    private final List<String> columns;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private final List<Map<String, String>> furtherFields = new ArrayList<>(); // of the row of the same number

    Table(String... columns) {
        this.columns = List.of(columns);
    }

    void add(@Nullable Object... cells) {
        addWith(Map.of(), cells);
    }

    /** Adds a row with further fields, of which other rows may have others: only JSON shows them, behind the cells. */
    void addWith(Map<String, String> further, @Nullable Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException("%d cells for %d columns".formatted(cells.length, columns.size()));
        }
        List<@Nullable Object> row = new ArrayList<>();
        for (@Nullable Object cell : cells) {
            row.add(cell);
        }
        rows.add(row);
        furtherFields.add(further);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void print(Format format, PrintWriter out) throws IOException {
        switch (format) {
            case TABLE -> printTable(out);
            case TSV -> printTsv(out);
            case JSON -> printJson(out);
            case NDJSON -> {
                for (int i = 0; i < rows.size(); i++) {
                    printRow(i, out);
                    out.println();
                }
            }
        }
        out.flush();
    }

    /** Prints each field of each row on a line of its own, but those that hold nothing. */
    void printFields(PrintWriter out) {
        int width = columns.stream().mapToInt(String::length).max().orElse(0);
        for (List<@Nullable Object> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                if (row.get(i) != null) {
                    String name = columns.get(i);
                    out.println(name + " ".repeat(width + 2 - name.length()) + shown(row.get(i)));
                }
            }
        }
        out.flush();
    }

    private void printTable(PrintWriter out) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).length();
            for (List<@Nullable Object> row : rows) {
                widths[i] = Math.max(widths[i], width(shown(row.get(i))));
            }
        }
        printLine(
                out,
                columns.stream()
                        .map(name -> name.toUpperCase(Locale.ROOT).replace('_', ' '))
                        .toList(),
                widths);
        for (List<@Nullable Object> row : rows) {
            List<String> cells = new ArrayList<>();
            row.forEach(cell -> cells.add(shown(cell)));
            printLine(out, cells, widths);
        }
    }

    private void printLine(PrintWriter out, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String gap = " ".repeat(widths[i] - width(cells.get(i)));
            boolean right = isNumeric(i);
            line.append(right ? gap : "")
                    .append(cells.get(i))
                    .append(right ? "" : gap)
                    .append("  ");
        }
        out.println(line.toString().stripTrailing());
    }

    private boolean isNumeric(int column) {
        return rows.stream().anyMatch(row -> row.get(column) instanceof Number);
    }

    private void printTsv(PrintWriter out) {
        for (List<@Nullable Object> row : rows) {
            List<String> cells = new ArrayList<>();
            row.forEach(cell -> cells.add(cell == null ? "" : cell.toString().replaceAll("[\\t\\r\\n]", " ")));
            out.println(String.join("\t", cells));
        }
    }

    private void printJson(PrintWriter out) throws IOException {
        out.print('[');
        String separator = "\n";
        for (int i = 0; i < rows.size(); i++) {
            out.print(separator);
            printRow(i, out);
            separator = ",\n";
        }
        out.println("\n]");
    }

    private void printRow(int index, PrintWriter out) throws IOException {
        List<@Nullable Object> row = rows.get(index);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            for (int i = 0; i < row.size(); i++) {
                Object cell = row.get(i);
                if (cell instanceof Number number) {
                    json.writeNumberField(columns.get(i), number.longValue());
                } else if (cell != null) {
                    json.writeStringField(columns.get(i), cell.toString());
                }
            }
            for (Map.Entry<String, String> field : furtherFields.get(index).entrySet()) {
                json.writeStringField(field.getKey(), field.getValue());
            }
            json.writeEndObject();
        }
    }

    private static String shown(@Nullable Object cell) {
        if (cell instanceof Number number) {
            return String.format(Locale.ROOT, "%,d", number.longValue());
        }
        return cell == null ? "-" : cell.toString();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
