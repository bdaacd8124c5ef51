package io.waybill.manifest.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreLocationTest {

    private static final Set<String> KNOWN = Set.of("region", "endpoint", "layout");

    private static StoreLocation parse(String location) {
        return StoreLocation.parse(location, Map.of(), KNOWN);
    }

    @Test
    void theAddressStandsBetweenTheSchemeAndTheQuestionMark() {
        assertThat(parse("memory:").address()).isEmpty();
        assertThat(parse("dynamodb:runs").address()).isEqualTo("runs");
        assertThat(parse("dynamodb:runs?region=eu-west-1").address()).isEqualTo("runs");
        assertThat(parse("x://host:80/a/b?region=r").address()).isEqualTo("//host:80/a/b");
    }

    @Test
    void optionsStandBehindTheQuestionMarkInTheirOrder() {
        StoreLocation location = parse("dynamodb:runs?region=eu-west-1&job=sessions&endpoint=http://h:1/?a=b");
        assertThat(location.options())
                .containsExactly(
                        Map.entry("region", "eu-west-1"),
                        Map.entry("job", "sessions"),
                        Map.entry("endpoint", "http://h:1/?a=b"));
        assertThat(location.job()).isEqualTo("sessions");
    }

    @Test
    void theJobIsDefaultUnlessItIsNamed() {
        assertThat(parse("dynamodb:runs").options()).isEmpty();
        assertThat(parse("dynamodb:runs").job()).isEqualTo("default");
    }

    @ParameterizedTest
    @CsvSource({
        "a%20b, a b",
        "a+b, a+b",
        "a%2Bb, a+b",
        "%26%3D%3F, &=?",
        "%F0%9F%9A%9A, 🚚",
        "é, é",
        "a=b, a=b",
        "'', ''"
    })
    void valuesArePercentDecodedAndAPlusIsAPlus(String written, String read) {
        assertThat(parse("memory:?job=" + written).job()).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({"%", "a%2", "%zz", "%-1"})
    void aBrokenEscapeIsRefusedAndItsValueNotShown(String value) {
        assertThatThrownBy(() -> parse("dynamodb:runs?job=s3cret" + value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("store location dynamodb:runs: option 'job' ")
                .hasMessageContaining("percent")
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @Test
    void optionsGivenBesideTheLocationWin() {
        Map<String, String> beside = new LinkedHashMap<>(Map.of("job", "beside", "layout", "%20+"));
        StoreLocation location = StoreLocation.parse("dynamodb:runs?job=inside&region=r", beside, KNOWN);
        beside.put("job", "changed");
        assertThat(location.options())
                .containsExactlyInAnyOrderEntriesOf(Map.of("job", "beside", "layout", "%20+", "region", "r"));
        Map<String, String> options = location.options();
        assertThatThrownBy(() -> options.put("job", "x")).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "memory:?, memory:, ''",
        "memory:?job, memory:, job",
        "memory:?job=a&, memory:, ''",
        "memory:?=a, memory:, =a",
        "dynamodb:runs?job=a&&region=b, dynamodb:runs, ''"
    })
    void whatIsNotNameAndValueIsNoOption(String location, String path, String option) {
        assertThatThrownBy(() -> parse(location))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("store location %s: '%s' is no option, want name=value", path, option);
    }

    @ParameterizedTest
    @CsvSource({"jobb, job", "Job, job", "regoin, region", "end-point, endpoint", "lay-out, layout", "l, job"})
    void anUnknownOptionNamesTheNearestValidOneAndAllOfThem(String unknown, String nearest) {
        String message = "store location dynamodb:runs: unknown option '%s', did you mean '%s'?"
                + " (valid: endpoint, job, layout, region)";
        assertThatThrownBy(() -> parse("dynamodb:runs?" + unknown + "=s3cret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message, unknown, nearest);
        assertThatThrownBy(() -> StoreLocation.parse("dynamodb:runs", Map.of(unknown, "s3cret"), KNOWN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message, unknown, nearest);
    }

    @Test
    void theJobIsAnOptionOfEveryBackend() {
        StoreLocation.requireKnown(Set.of("job"), Set.of(), "memory:");
        assertThatThrownBy(() -> StoreLocation.requireKnown(Set.of("table"), Set.of(), "memory:"))
                .hasMessage("store location memory:: unknown option 'table', did you mean 'job'? (valid: job)");
    }
}
