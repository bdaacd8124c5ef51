package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnowplowFunctionsTest {

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

    /** The call that {@code spark.udf.registerJavaFunction} of PySpark makes. */
    @Test
    void theyAreRegisteredByTheNamesOfTheirClassesAsFromPython() {
        DataType entities = DataType.fromDDL("array<struct<schema:string,data:string>>");
        spark.udf().registerJava("to_json_by_name", "io.waybill.spark.SnowplowToJson", DataTypes.StringType);
        spark.udf().registerJava("field_by_name", "io.waybill.spark.SnowplowField", null);
        spark.udf().registerJava("entities_by_name", "io.waybill.spark.SnowplowEntities", entities);

        assertThat(rows("to_json_by_name(line)")).isEqualTo(rows("snowplow_to_json(line)"));
        assertThat(rows("field_by_name(line, 'app_id')")).isEqualTo(rows("snowplow_field(line, 'app_id')"));
        assertThat(rows("entities_by_name(line, null)")).isEqualTo(rows("snowplow_entities(line, null)"));
    }
}
