package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final String AWKWARD = "\"quoted\" \\ tab\t line\r\n bell\u0007 \u20ac \ud83d\ude80";

    private final Table table = new Table("run", "bad_rows", "note");

    @Test
    void columnsAreAsWideAsTheirWidestCellAndNumbersStandToTheRight() throws IOException {
        table.add("run=1/", 7, "fine");
        table.add("a much longer run/", 1_234_567L, "x");
        assertThat(printed(Table.Format.TABLE).lines())
                .containsExactly(
                        "RUN                  BAD ROWS  NOTE",
                        "run=1/                      7  fine",
                        "a much longer run/  1,234,567  x");
    }

    @Test
    void textOutsideTheBasicPlaneKeepsTheAlignment() throws IOException {
        table.add("\ud83d\ude80\u00fc\u20ac", 1, "rocket");
        table.add("abcd", 2, "plain");
        assertThat(printed(Table.Format.TABLE).lines())
                .containsExactly(
                        "RUN   BAD ROWS  NOTE", "\ud83d\ude80\u00fc\u20ac          1  rocket", "abcd         2  plain");
    }

    @Test
    void aCellWithoutAValueIsADashForPeopleAbsentInJsonAndEmptyInTsv() throws IOException {
        table.add("a/", null, "no number");
        table.add("b/", 3, null);
        assertThat(printed(Table.Format.TABLE).lines())
                .containsExactly("RUN  BAD ROWS  NOTE", "a/          -  no number", "b/          3  -");
        assertThat(printed(Table.Format.NDJSON).lines())
                .containsExactly("{\"run\":\"a/\",\"note\":\"no number\"}", "{\"run\":\"b/\",\"bad_rows\":3}");
        assertThat(printed(Table.Format.TSV).lines()).containsExactly("a/\t\tno number", "b/\t3\t");
    }

    @Test
    void jsonKeepsEveryCharacterAndNumbersAreNumbers() throws IOException {
        table.add(AWKWARD, Long.MAX_VALUE, "");
        table.add("second", 2, "row");
        assertThat(new ObjectMapper().readTree(printed(Table.Format.JSON)))
                .satisfiesExactly(TableTest::assertAwkward, TableTest::assertSecond);
        List<String> lines = printed(Table.Format.NDJSON).lines().toList();
        assertThat(lines).hasSize(2);
        assertAwkward(new ObjectMapper().readTree(lines.get(0)));
        assertSecond(new ObjectMapper().readTree(lines.get(1)));
    }

    @Test
    void tsvHasOneLineForEachRowWhateverItsText() throws IOException {
        table.add(AWKWARD, 1, "a\tb");
        assertThat(printed(Table.Format.TSV).lines())
                .containsExactly("\"quoted\" \\ tab  line   bell\u0007 \u20ac \ud83d\ude80\t1\ta b");
    }

    @Test
    void furtherFieldsOfARowAreForJsonAlone() throws IOException {
        table.addWith(Map.of("details.rows", "7"), "a/", null, "one");
        table.add("b/", 1, "two");
        assertThat(printed(Table.Format.NDJSON).lines())
                .containsExactly(
                        "{\"run\":\"a/\",\"note\":\"one\",\"details.rows\":\"7\"}",
                        "{\"run\":\"b/\",\"bad_rows\":1,\"note\":\"two\"}");
        assertThat(printed(Table.Format.TSV).lines()).containsExactly("a/\t\tone", "b/\t1\ttwo");
        assertThat(printed(Table.Format.TABLE)).doesNotContain("7");
    }

    @Test
    void anEmptyTableIsItsHeadAnEmptyArrayOrNothing() throws IOException {
        assertThat(table.isEmpty()).isTrue();
        assertThat(printed(Table.Format.TABLE)).isEqualToNormalizingNewlines("RUN  BAD ROWS  NOTE\n");
        assertThat(new ObjectMapper().readTree(printed(Table.Format.JSON))).isEmpty();
        assertThat(printed(Table.Format.NDJSON)).isEmpty();
        assertThat(printed(Table.Format.TSV)).isEmpty();
    }

    @Test
    void aRowWithoutACellForEachColumnIsRefused() {
        assertThatThrownBy(() -> table.add("run", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 cells for 3 columns");
    }

    private static void assertAwkward(JsonNode row) {
        assertThat(row.get("run").textValue()).isEqualTo(AWKWARD);
        assertThat(row.get("bad_rows").isIntegralNumber()).isTrue();
        assertThat(row.get("bad_rows").longValue()).isEqualTo(Long.MAX_VALUE);
        assertThat(row.get("note").textValue()).isEmpty();
    }

    private static void assertSecond(JsonNode row) {
        assertThat(row.get("run").textValue()).isEqualTo("second");
        assertThat(row.get("bad_rows").longValue()).isEqualTo(2);
        assertThat(row.get("note").textValue()).isEqualTo("row");
    }

    private String printed(Table.Format format) throws IOException {
        StringWriter text = new StringWriter();
        table.print(format, new PrintWriter(text));
        return text.toString();
    }
}
