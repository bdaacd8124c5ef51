package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnowplowFunctionsTest {

    private static final String PYTHON = """
            spark.udf.registerJavaFunction("snowplow_to_json", "io.waybill.spark.SnowplowToJson", "string")
            spark.udf.registerJavaFunction("snowplow_field", "io.waybill.spark.SnowplowField", "string")
            spark.udf.registerJavaFunction("snowplow_entities", "io.waybill.spark.SnowplowEntities",
                                           "array<struct<schema:string,data:string>>")
            """;
    private static final Pattern REGISTER =
            Pattern.compile("spark\\.udf\\.registerJavaFunction\\(\"(.+?)\",\\s+\"(.+?)\",\\s+\"(.+?)\"\\)");

    private static final String ENVELOPE = "{\"schema\":\"x\",\"data\":%s}";
    private static final String PAGE = "{\"schema\":\"iglu:com.acme/page/jsonschema/1-0-2\",\"data\":{\"a\":1}}";
    private static final String USER = "{\"schema\":\"iglu:com.acme/user/jsonschema/1-0-0\",\"data\":{}}";

    private final SparkSession spark = SparkTestSession.get();

    @BeforeEach
    void register() {
        SnowplowFunctions.register(spark);
        List<String> lines = Arrays.asList(
                EventLines.line(
                        "app_id", "a",
                        "event_id", "no uuid",
                        "txn_id", "+07",
                        "contexts", ENVELOPE.formatted("[" + PAGE + "," + USER + "]"),
                        "unstruct_event", ENVELOPE.formatted(PAGE)),
                EventLines.line("app_id", "b", "txn_id", "x", "contexts", "{}"),
                "no event",
                null);
        spark.createDataset(lines, Encoders.STRING()).toDF("line").createOrReplaceTempView("lines");
    }

    private List<String> rows(String expression) {
        Dataset<Row> rows = spark.sql("SELECT %s FROM lines".formatted(expression));
        return rows.collectAsList().stream().map(Row::toString).toList();
    }

    @Test
    void aLineBecomesFlattenedJsonAndWhatIsNoEventNull() {
        assertThat(rows("snowplow_to_json(line)"))
                .containsExactly(
                        "[{\"app_id\":\"a\",\"event_id\":\"no uuid\",\"txn_id\":7,\"contexts_com_acme_page_1\":[{\"a\":1}],"
                                + "\"contexts_com_acme_user_1\":[{}],\"unstruct_event_com_acme_page_1\":{\"a\":1}}]",
                        "[null]",
                        "[null]",
                        "[null]");
    }

    @Test
    void aFieldIsItsTextAndNullWhereItIsEmptyOrNotWhatItShouldBe() {
        assertThat(rows("snowplow_field(line, 'app_id')")).containsExactly("[a]", "[b]", "[null]", "[null]");
        assertThat(rows("snowplow_field(line, 'txn_id')")).containsExactly("[+07]", "[null]", "[null]", "[null]");
        assertThat(rows("snowplow_field(line, 'event_id')")).containsExactly("[no uuid]", "[null]", "[null]", "[null]");
        assertThat(rows("snowplow_field(line, null)")).containsExactly("[null]", "[null]", "[null]", "[null]");
        assertThatThrownBy(() -> rows("snowplow_field(line, 'appid')"))
                .hasStackTraceContaining("no column 'appid', the name that comes nearest is 'app_id'");
    }

    @Test
    void entitiesAreFoundByTheirKeyOrTheirSchema() {
        assertThat(rows("to_json(snowplow_entities(line, 'contexts_com_acme_page_1'))"))
                .containsExactly(
                        "[[{\"schema\":\"iglu:com.acme/page/jsonschema/1-0-2\",\"data\":\"{\\\"a\\\":1}\"}]]",
                        "[null]",
                        "[null]",
                        "[null]");
        assertThat(rows("size(snowplow_entities(line, 'iglu:com.acme/page/jsonschema/1-0-2'))"))
                .startsWith("[2]");
        assertThat(rows("snowplow_entities(line, null).schema"))
                .hasSize(4)
                .first()
                .asString()
                .contains("user");
        assertThat(rows("size(snowplow_entities(line, 'contexts_com_acme_page_2'))"))
                .startsWith("[0]");
        assertThatThrownBy(() -> rows("snowplow_entities(line, 'iglu:acme')"))
                .hasStackTraceContaining("'iglu:acme' is no Iglu URI");
    }

    /** Python makes the call of Java that is made here, with the words of the page. */
    @Test
    void theyAreRegisteredByTheNamesOfTheirClassesAsFromPython() {
        List<String> calls =
                List.of("snowplow_to_json(line)", "snowplow_field(line, 'app_id')", "snowplow_entities(line, null)");
        List<List<String>> before = calls.stream().map(this::rows).toList();
        for (String name : List.of("snowplow_to_json", "snowplow_field", "snowplow_entities")) {
            spark.sql("DROP TEMPORARY FUNCTION " + name);
        }

        Matcher call = REGISTER.matcher(PYTHON);
        while (call.find()) {
            spark.udf().registerJava(call.group(1), call.group(2), DataType.fromDDL(call.group(3)));
        }

        assertThat(calls.stream().map(this::rows)).containsExactlyElementsOf(before);
    }
}
