package io.waybill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CandidateTest {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Keeps what comes in, up to a size that one pass over the data does not reach. */
    private static final class Kept extends Sink {
        private static final int MOST = 32 << 20;

        final ByteArrayOutputStream ndjson = new ByteArrayOutputStream();

        @Override
        public void write(byte[] bytes, int from, int count) {
            if (ndjson.size() < MOST) {
                ndjson.write(bytes, from, count);
            }
        }

        @Override
        void event(byte[] json) {
            write(json, 0, json.length);
            ndjson.write('\n');
        }
    }

    static Stream<Candidate> transforms() {
        return Arrays.stream(Candidate.values()).filter(c -> c.kind() != Candidate.Kind.LIMIT);
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void makesTheSameJsonOfGeneratedEventsAsTheTransformer(Candidate candidate) throws IOException {
        EventData data = EventData.of("events:6m");
        assertThat(data.count()).isGreaterThan(2_000);
        assertSameJson(candidate, data);
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void makesTheSameJsonOfOddEventsAsTheTransformer(Candidate candidate) throws IOException {
        EventData data = EventData.of("odd:2m");
        assertThat(data.count()).isGreaterThan(100);
        assertSameJson(candidate, data);
    }

    private static void assertSameJson(Candidate candidate, EventData data) throws IOException {
        List<String> wanted = output(Candidate.BYTES, data);
        List<String> made = output(candidate, data);
        assertThat(wanted).hasSize(data.count() + 1).last().isEqualTo("");
        assertThat(made).hasSizeGreaterThan(data.count());
        for (int i = 0; i < data.count(); i++) {
            assertThat(MAPPER.readTree(made.get(i)).equals(CandidateTest::byValue, MAPPER.readTree(wanted.get(i))))
                    .as("event %d: %s is %s", i, made.get(i), wanted.get(i))
                    .isTrue();
        }
    }

    private static List<String> output(Candidate candidate, EventData data) throws IOException {
        Kept kept = new Kept();
        candidate.over(data).run(kept);
        return Arrays.asList(kept.ndjson.toString(StandardCharsets.UTF_8).split("\n", -1));
    }

    /** Numbers are equal by their value, as the tree does not keep their digits; all else as it is. */
    private static int byValue(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    }
}
