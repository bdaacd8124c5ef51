package io.waybill.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.event.BadRow.Code;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NestedJsonTest {

    @Test
    void theMembersAreTheColumns() {
        EnrichedEvent event = read("""
                {"true_tstamp": "2024-01-01T00:00:00Z", "app_id": "caf\\u00e9 \\"x\\"", "txn_id": -7, "tr_total": 1.10,
                 "event_id": "c6ef3124-b53a-4b13-a233-0088f79dcbcb", "br_cookies": true, "dvce_ismobile": false,
                 "contexts": {"schema": "x", "data": [ 1.0, "\\u00e9" ]}, "user_id": null}
                """);

        assertThat(columns(event))
                .isEqualTo("app_id=caf\u00e9 \"x\"|event_id=c6ef3124-b53a-4b13-a233-0088f79dcbcb|txn_id=-7"
                        + "|contexts={\"schema\":\"x\",\"data\":[1.0,\"\\u00e9\"]}|tr_total=1.10|br_cookies=1"
                        + "|dvce_ismobile=0|true_tstamp=2024-01-01 00:00:00");
    }

    @ParameterizedTest
    @CsvSource({
        "2024-02-29T23:59:59.999Z, 2024-02-29 23:59:59.999",
        "2024-02-29 23:59:59.999, 2024-02-29 23:59:59.999",
        "2024-02-29T23:59:59, 2024-02-29 23:59:59",
        "2024-02-29 23:59:59.123456789Z, 2024-02-29 23:59:59.123456789",
        "2023-02-29T23:59:59Z, 2023-02-29T23:59:59Z",
        "TZ, TZ",
        "'', ''"
    })
    void aTimestampBecomesWhatPipelinesWriteAndWhatIsNoneStays(String json, String column) {
        assertThat(read("{\"etl_tstamp\":\"%s\"}".formatted(json))
                        .text(Field.ETL_TSTAMP)
                        .orElse(""))
                .isEqualTo(column);
    }

    @Test
    void noMembersAreNoColumns() {
        EnrichedEvent none = EnrichedEvent.parse(Line.empty().toString());

        assertThat(read("{}")).isEqualTo(none);
        assertThat(read("{\"app_id\":null,\"contexts\":null,\"txn_id\":null}\n"))
                .isEqualTo(none);
        assertThat(read("{\"app_id\":\"\"}")).isEqualTo(none);
    }

    @Test
    void theOtherNameOfAColumnIsKnown() {
        assertThat(read("{\"refr_device_tstamp\":\"x\"}").text(Field.REFR_DVCE_TSTAMP))
                .contains("x");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                              | not JSON: at byte 0 want a value
                    {"app_id":"x"                   | not JSON: at byte 13 want ',' or the closing bracket
                    {} {}                           | not JSON: at byte 3 want the end of the text
                    []                              | the JSON is no object, want one whose members are columns
                    "app_id"                        | the JSON is no object, want one whose members are columns
                    {"appid":"x"}                   | enriched events have no column 'appid', the name that comes nearest is 'app_id'
                    {"app_id":"x","app_id":null}    | app_id is there twice
                    {"app_id":null,"app_\\u0069d":1} | app_id is there twice
                    {"app_id":1}                    | the value of app_id is of another type, want text or null
                    {"app_id":["secret"]}           | the value of app_id is of another type, want text or null
                    {"event_id":{}}                 | the value of event_id is of another type, want text or null
                    {"etl_tstamp":17}               | the value of etl_tstamp is of another type, want text or null
                    {"txn_id":"1"}                  | the value of txn_id is of another type, want a number or null
                    {"tr_total":true}               | the value of tr_total is of another type, want a number or null
                    {"geo_latitude":"1"}            | the value of geo_latitude is of another type, want a number or null
                    {"br_cookies":1}                | the value of br_cookies is of another type, want true or false or null
                    {"contexts":"{}"}               | the value of contexts is of another type, want an object or null
                    {"unstruct_event":[]}           | the value of unstruct_event is of another type, want an object or null
                    """)
    void whatIsNoNestedEventIsRefused(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        assertThatThrownBy(() -> EnrichedEvent.fromNestedJson("{\"app_id\":\"\u00FF\"}".getBytes(ISO_8859_1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not JSON: at byte 11 want well-formed UTF-8");
    }

    @Test
    void theContentOfAColumnIsAskedForLater() {
        EnrichedEvent event = read("{\"txn_id\":1.5,\"contexts\":{},\"app_id\":\"\\ud83d\"}");

        assertThat(event.check().orElseThrow().errors())
                .extracting(BadRow.Error::code)
                .containsExactly(Code.INVALID_UTF8, Code.NOT_AN_INTEGER, Code.NOT_SELF_DESCRIBING);
    }

    @Test
    void tabsAndLineEndsStayInTheirColumn() {
        EnrichedEvent event = read("{\"page_title\":\"a\\tb\\nc\"}");

        assertThat(event.get(Field.PAGE_TITLE)).contains("a\tb\nc");
        assertThatThrownBy(event::toTsv).hasMessageStartingWith("page_title holds a tab");
    }

    @ParameterizedTest
    @ValueSource(ints = {511, 512, 513, 1_000_000})
    void howDeepAColumnMayBeIsAskedOfTheColumn(int depth) {
        String deep = "[".repeat(depth - 3) + "]".repeat(depth - 3);

        EnrichedEvent event = read(
                "{\"contexts\":{\"data\":[{\"schema\":\"iglu:a/b/c/1-0-0\",\"data\":" + deep + "}]},\"app_id\":\"x\"}");

        assertThat(event.check().isPresent()).isEqualTo(depth > 512);
        assertThat(event.get(Field.APP_ID)).contains("x");
    }

    private static EnrichedEvent read(String json) {
        return EnrichedEvent.fromNestedJson(json.getBytes(UTF_8));
    }

    private static String columns(EnrichedEvent event) {
        return Field.all().stream()
                .filter(field -> event.text(field).isPresent())
                .map(field -> field + "=" + event.text(field).orElseThrow())
                .collect(Collectors.joining("|"));
    }
}
