package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.event.Field;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrichedEventsTest {

    private static final String RUN = "run=2026-03-01-00-00-00/";
    private static final String OTHER_RUN = "run=2026-03-01-01-00-00/";
    private static final String CONTEXTS =
            "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0\",\"data\": ["
                    + "{\"schema\":\"iglu:com.acme/page/jsonschema/1-0-0\",\"data\":{\"a\": 1}},"
                    + "{\"schema\":\"iglu:com.acme/user/jsonschema/2-0-1\",\"data\":[]}]}";
    private static final String UNSTRUCT =
            "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0\",\"data\":"
                    + "{\"schema\":\"iglu:com.acme/click/jsonschema/1-0-0\",\"data\":{\"b\":\"ü\"}}}";

    private final SparkSession spark = SparkTestSession.get();

    @TempDir
    private Path archive;

    private Dataset<Row> read() {
        return EnrichedEvents.read(spark, archive.toString());
    }

    private static List<Row> list(Dataset<Row> rows) {
        return rows.collectAsList();
    }

    @Test
    void theSchemaHasTheColumnsOfAnEventInTheirOrderTheRunAndWhatIsWrong() {
        List<String> names = Stream.concat(Field.all().stream().map(Field::column), Stream.of("run_id", "_bad"))
                .toList();

        assertThat(read().columns()).containsExactlyElementsOf(names);
        assertThat(read().schema().apply("collector_tstamp").dataType().sql()).isEqualTo("TIMESTAMP");
        assertThat(read().schema().apply("tr_total").dataType().sql()).isEqualTo("DECIMAL(38,18)");
        assertThat(read().schema().apply("geo_latitude").dataType().sql()).isEqualTo("DOUBLE");
        assertThat(read().schema().apply("txn_id").dataType().sql()).isEqualTo("INT");
        assertThat(read().schema().apply("br_cookies").dataType().sql()).isEqualTo("BOOLEAN");
        assertThat(read().schema().apply("event_id").dataType().sql()).isEqualTo("STRING");
    }

    @Test
    void valuesHaveTheTypesOfTheirColumnsAndEmptyOnesAreNull() throws IOException {
        String line = EventLines.line(
                "app_id", "käse",
                "event_id", "no uuid",
                "collector_tstamp", "2026-03-01 00:00:01.123456789",
                "true_tstamp", "0000-01-01T00:00:00Z",
                "txn_id", "+07",
                "br_cookies", "1",
                "br_features_pdf", "0",
                "geo_latitude", "-38.50",
                "tr_total", "1.10",
                "se_value", "0.30000000000000004",
                "contexts", CONTEXTS);
        EventLines.write(archive, RUN, "part-0", line);

        Row row = read().first();

        assertThat(row.<String>getAs("app_id")).isEqualTo("käse");
        assertThat(row.<String>getAs("event_id")).isEqualTo("no uuid");
        assertThat(row.<Timestamp>getAs("collector_tstamp").toInstant())
                .isEqualTo(Instant.parse("2026-03-01T00:00:01.123456Z"));
        assertThat(row.<Integer>getAs("txn_id")).isEqualTo(7);
        assertThat(row.<Boolean>getAs("br_cookies")).isTrue();
        assertThat(row.<Boolean>getAs("br_features_pdf")).isFalse();
        assertThat(row.<Double>getAs("geo_latitude")).isEqualTo(-38.5);
        assertThat(row.<BigDecimal>getAs("tr_total")).isEqualByComparingTo("1.10");
        assertThat(row.<BigDecimal>getAs("se_value")).isEqualByComparingTo("0.30000000000000004");
        assertThat(row.<String>getAs("contexts")).isEqualTo(CONTEXTS);
        assertThat(row.<String>getAs("run_id")).isEqualTo(RUN);
        assertThat(row.<Row>getAs("_bad")).isNull();
        assertThat(read().selectExpr("unix_micros(true_tstamp)").first().getLong(0))
                .isEqualTo(Instant.parse("0000-01-01T00:00:00Z").getEpochSecond() * 1_000_000);
        for (String column : List.of("platform", "geo_longitude", "tr_tax", "etl_tstamp", "unstruct_event")) {
            assertThat(row.<Object>getAs(column)).as(column).isNull();
        }
    }

    @Test
    void entitiesAreArraysOfSchemaAndDataWhereAskedFor() throws IOException {
        EventLines.write(
                archive,
                RUN,
                "part-0",
                EventLines.line("contexts", CONTEXTS, "unstruct_event", UNSTRUCT),
                EventLines.line("app_id", "none"),
                EventLines.line("contexts", "{\"schema\":\"x\",\"data\":[]}"));
        Dataset<Row> rows = EnrichedEvents.read(spark, Map.of("entities", "array"), archive.toString());

        assertThat(list(rows.selectExpr("explode(contexts) as entity", "unstruct_event")
                        .selectExpr("entity.schema", "entity.data", "unstruct_event.schema", "unstruct_event.data")))
                .extracting(Row::toString)
                .containsExactly(
                        "[iglu:com.acme/page/jsonschema/1-0-0,{\"a\":1},iglu:com.acme/click/jsonschema/1-0-0,{\"b\":\"ü\"}]",
                        "[iglu:com.acme/user/jsonschema/2-0-1,[],iglu:com.acme/click/jsonschema/1-0-0,{\"b\":\"ü\"}]");
        assertThat(list(rows.selectExpr(
                        "coalesce(size(contexts), -1)", "derived_contexts is null", "contexts is null")))
                .extracting(Row::toString)
                .containsExactly("[2,true,false]", "[-1,true,true]", "[0,true,false]");
    }

    @Test
    void eachLineIsARowAndWhatIsWrongWithItIsToldByItsOwnColumn() throws IOException {
        String bad = EventLines.line("app_id", "a", "txn_id", "seven", "contexts", "{]", "tr_total", "5");
        EventLines.write(archive, RUN, "part-0.gz", EventLines.line("app_id", "good"), bad, "", "a\tb");

        List<Row> rows = list(read().select("app_id", "txn_id", "contexts", "tr_total", "_bad"));

        assertThat(rows).hasSize(4);
        assertThat(rows.get(0).isNullAt(4)).isTrue();
        assertThat(rows.get(1).getString(0)).isEqualTo("a");
        assertThat(rows.get(1).isNullAt(1)).isTrue();
        assertThat(rows.get(1).isNullAt(2)).isTrue();
        assertThat(rows.get(1).getDecimal(3)).isEqualByComparingTo("5");
        assertThat(list(read().selectExpr("_bad.line", "_bad.columns", "_bad.errors.column", "_bad.errors.code")
                        .where("line is not null")))
                .extracting(row -> row.get(0) + " " + row.get(1) + " " + row.getList(2) + " " + row.getList(3))
                .containsExactly(
                        "2 131 [txn_id, contexts] [NOT_AN_INTEGER, INVALID_JSON]",
                        "3 1 [null] [FIELD_COUNT]",
                        "4 2 [null] [FIELD_COUNT]");
        Row told = rows.get(1).getStruct(4);
        assertThat(told.<String>getAs("file")).startsWith("file:").endsWith(RUN + "part-0.gz");
        assertThat(told.<String>getAs("text")).isEqualTo(bad);
        Row error = told.<Row>getList(3).get(0);
        assertThat(error.<Integer>getAs("index")).isEqualTo(7);
        assertThat(error.<String>getAs("message")).isEqualTo("txn_id: want an integer from -2147483648 to 2147483647");
        assertThat(error.<String>getAs("value")).isEqualTo("seven");
    }

    @Test
    void aNumberThatDoesNotFitItsTypeIsNullAndToldWhateverElseIsAskedFor() throws IOException {
        String tooMany = "1" + "0".repeat(20);
        String tooFine = "0." + "0".repeat(18) + "1";
        EventLines.write(
                archive,
                RUN,
                "part-0",
                EventLines.line(
                        "se_value", tooMany, "tr_total", tooFine, "geo_latitude", "1e999", "tr_tax", "1e999999999"),
                EventLines.line("se_value", "9".repeat(20) + "." + "9".repeat(18), "tr_total", "1.000e-17"));

        List<Row> rows = list(read().select("se_value", "tr_total", "geo_latitude", "tr_tax"));

        assertThat(rows.get(0).anyNull()).isTrue();
        assertThat(Stream.of(0, 1, 2, 3).allMatch(rows.get(0)::isNullAt)).isTrue();
        assertThat(rows.get(1).getDecimal(0)).isEqualByComparingTo("9".repeat(20) + "." + "9".repeat(18));
        assertThat(rows.get(1).getDecimal(1)).isEqualByComparingTo("1e-17");
        Row only = read().selectExpr("_bad.errors").where("errors is not null").first();
        assertThat(only.<Row>getList(0))
                .extracting(error -> error.getAs("column") + " " + error.getAs("code") + " " + error.getAs("value"))
                .containsExactly(
                        "geo_latitude DOES_NOT_FIT 1e999",
                        "se_value DOES_NOT_FIT " + tooMany,
                        "tr_total DOES_NOT_FIT " + tooFine,
                        "tr_tax DOES_NOT_FIT 1e999999999");
        assertThat(only.<Row>getList(0).get(1).<String>getAs("message"))
                .isEqualTo("se_value: has more digits than a decimal(38,18)");
        assertThat(list(read().select("_bad")).get(1).isNullAt(0)).isTrue();
    }

    @Test
    void onlyTheColumnsThatAreAskedForReachTheParser() throws IOException {
        EventLines.write(archive, RUN, "part-0", EventLines.line("app_id", "a", "platform", "web", "txn_id", "1"));
        Dataset<Row> rows = read();

        assertThat(plan(rows.select("app_id"))).contains("columns [app_id]");
        assertThat(plan(rows.selectExpr("upper(platform)", "txn_id + 1").where("app_id = 'a'")))
                .contains("columns [app_id, platform, txn_id]");
        assertThat(plan(rows.selectExpr("_bad.line"))).contains("columns [_bad]");
        assertThat(plan(rows.groupBy().count())).contains("columns []");
        assertThat(rows.count()).isEqualTo(1);
        assertThat(rows.where("app_id = 'a'").count()).isEqualTo(1);
    }

    private static String plan(Dataset<Row> rows) {
        return rows.queryExecution().executedPlan().toString();
    }

    @Test
    void theValueOfAColumnDoesNotDependOnWhatElseIsAskedFor() throws IOException {
        EventLines.write(archive, RUN, "part-0", EventLines.line("app_id", "a", "txn_id", "x"), "no event");
        Dataset<Row> all = read();
        List<Row> rows = list(all);

        for (String column : all.columns()) {
            int index = Arrays.asList(all.columns()).indexOf(column);
            assertThat(list(all.select(column)))
                    .as(column)
                    .extracting(row -> row.get(0))
                    .containsExactly(rows.get(0).get(index), rows.get(1).get(index));
        }
    }

    @Test
    void filesThatAreNoDataAreLeftOutAndSoAreRunsThatAreNotReady() throws IOException {
        EventLines.write(archive, RUN, "part-0", EventLines.line("app_id", "a"));
        EventLines.write(archive, RUN, "_SUCCESS", "");
        EventLines.write(archive, RUN, ".hidden", "x");
        EventLines.write(archive, OTHER_RUN, "part-0", EventLines.line("app_id", "b"));
        EventLines.write(archive, OTHER_RUN, "part-1._COPYING_", "half");
        Files.writeString(archive.resolve("notes.txt"), "");

        assertThat(list(read().select("run_id", "app_id")))
                .extracting(Row::toString)
                .containsExactly("[" + RUN + ",a]");
    }

    @Test
    void aLocationMayBeARunOrSeveralArchives() throws IOException {
        Path other = archive.resolve("other");
        EventLines.write(archive, RUN, "deep/part 0 %41", EventLines.line("app_id", "a"));
        EventLines.write(archive, OTHER_RUN, "part-0", EventLines.line("app_id", "b"));
        EventLines.write(other, RUN, "part-0", EventLines.line("app_id", "c"));

        assertThat(list(EnrichedEvents.read(spark, archive.resolve(OTHER_RUN).toString(), other.toString())
                        .select("app_id", "run_id")))
                .extracting(Row::toString)
                .containsExactlyInAnyOrder("[b," + OTHER_RUN + "]", "[c," + RUN + "]");
        assertThat(list(spark.read()
                        .format("snowplow")
                        .load(archive.resolve(RUN).toString())
                        .select("app_id", "run_id")))
                .extracting(Row::toString)
                .containsExactly("[a," + RUN + "]");
    }

    @Test
    void theFilesAreThoseThatWereThereWhenTheDatasetWasMade() throws IOException {
        EventLines.write(archive, RUN, "part-0", EventLines.line("app_id", "a"));
        Dataset<Row> rows = read();
        EventLines.write(archive, RUN, "part-1", EventLines.line("app_id", "late"));

        assertThat(rows.count()).isEqualTo(1);
        assertThat(read().count()).isEqualTo(2);
    }

    @Test
    void sqlReadsTheFormatToo() throws IOException {
        EventLines.write(archive, RUN, "part-0", EventLines.line("app_id", "a", "contexts", CONTEXTS));
        spark.sql("CREATE OR REPLACE TEMPORARY VIEW events USING snowplow OPTIONS (path '%s', entities 'array')"
                .formatted(archive));

        assertThat(spark.sql("SELECT app_id, contexts[0].schema FROM events WHERE _bad IS NULL")
                        .first()
                        .toString())
                .isEqualTo("[a,iglu:com.acme/page/jsonschema/1-0-0]");
    }

    @Test
    void aDamagedFileFailsTheQueryAndIsNamed() throws IOException {
        Path file = EventLines.write(
                archive, RUN, "part-0.gz", EventLines.line("app_id", "a").repeat(10));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 9));

        assertThatThrownBy(() -> list(read().select("app_id"))).hasStackTraceContaining(RUN + "part-0.gz");
    }

    @Test
    void whatIsNotRightIsRefusedInWords() throws IOException {
        assertThatThrownBy(
                        () -> EnrichedEvents.read(spark, archive.resolve("none").toString()))
                .hasStackTraceContaining("there is no such folder");
        assertThatThrownBy(() -> EnrichedEvents.read(spark, Map.of("entities", "map"), archive.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("option entities is 'map', want json or array");
        assertThatThrownBy(() -> EnrichedEvents.read(spark, Map.of("entitys", "json"), archive.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "format snowplow has no option 'entitys', want one of [entities, layout, quiet-period, ready-marker, ready-when-followed]");
        assertThatThrownBy(() -> spark.read()
                        .format("snowplow")
                        .option("entitys", "array")
                        .load(archive.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "format snowplow has no option 'entitys', want one of [entities, layout, path, quiet-period, ready-marker, ready-when-followed]");
        assertThatThrownBy(() -> spark.read().format("snowplow").load())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("wants a path");
        assertThatThrownBy(() -> spark.read().format("snowplow").load("a", "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loads one path at a time");
    }
}
