package io.waybill.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.event.BadRow;
import io.waybill.event.EnrichedEvent;
import io.waybill.event.Field;
import io.waybill.event.TransformCounts;
import io.waybill.manifest.RunId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsOfRunsTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aLineBecomesJsonOrWhatIsWrongWithIt() {
        assertThat(EventsOfRuns.line(bytes(Lines.event("1", "web"))))
                .isEqualTo("{\"app_id\":\"web\",\"event_id\":\"1\"}");
        assertThat(EventsOfRuns.line(bytes(Lines.BAD)))
                .startsWith("no event: [Error[")
                .contains("code=FIELD_COUNT");
    }

    @Test
    void theLinesOfAStreamBecomeLinesAndBadRows() throws IOException {
        byte[] event = EnrichedEvent.builder().with(Field.APP_ID, "web").build().toTsv();
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        List<BadRow> badRows = new ArrayList<>();
        String lines = new String(event, StandardCharsets.UTF_8) + "\n" + Lines.BAD + "\n";

        TransformCounts counts = EventsOfRuns.stream(new ByteArrayInputStream(bytes(lines)), json, badRows::add);

        assertThat(counts).isEqualTo(new TransformCounts(1, 1));
        assertThat(json.toString(StandardCharsets.UTF_8)).startsWith("{\"app_id\":\"web\",\"platform\":null,");
        assertThat(badRows).extracting(BadRow::line).containsExactly(2L);
    }

    @Test
    void theValuesOfAnEventAreTyped() {
        byte[] line = EnrichedEvent.builder()
                .with(Field.APP_ID, "shop")
                .with(Field.COLLECTOR_TSTAMP, Instant.parse("2017-04-11T10:00:00Z"))
                .with(Field.TR_TOTAL, new BigDecimal("19.90"))
                .withContext("iglu:com.acme/product/jsonschema/1-0-0", "{\"name\":\"tea\"}")
                .withContext("iglu:com.acme/product/jsonschema/1-0-1", "{\"name\":\"cup\"}")
                .withContext("iglu:com.acme/page/jsonschema/1-0-0", "{}")
                .build()
                .toTsv();

        assertThat(EventsOfRuns.values(line))
                .isEqualTo(
                        "Optional[shop] Optional[2017-04-11T10:00:00Z] 19.90 [tea, cup] [contexts_com_acme_product_1,"
                                + " contexts_com_acme_product_1, contexts_com_acme_page_1]");
    }

    @Test
    void theFilesOfARunAreReadOneAfterTheOther(@TempDir Path archive) throws IOException {
        RunId run = new RunId("run=2017-04-11-10-00-00/");
        Path folder = Files.createDirectory(archive.resolve("run=2017-04-11-10-00-00"));
        Files.writeString(folder.resolve("a.tsv"), Lines.event("1", "web") + "\n" + Lines.event("2", "shop") + "\n");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("b.tsv.gz")))) {
            out.write(bytes(Lines.event("3", "web") + "\n" + Lines.BAD + "\n"));
        }

        assertThat(EventsOfRuns.count(archive.toString(), run)).isEqualTo(Map.of("", 1, "shop", 1, "web", 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"line", "stream", "values", "run"})
    void thePageQuotesIt(String name) throws IOException {
        Pages.assertQuote(EventsOfRuns.class, name, "docs/events.md");
    }
}
