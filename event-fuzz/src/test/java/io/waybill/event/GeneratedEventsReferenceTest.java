package io.waybill.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.EventGenerator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events as pipelines write them; {@code -Dwaybill.events=200000} takes more of them, {@code -Dwaybill.seed=…} others. */
class GeneratedEventsReferenceTest {

    private static final int EVENTS = Integer.getInteger("waybill.events", 4_000);
    private static final long SEED = Long.getLong("waybill.seed", 7);
    private static final int BATCH = 1_000;
    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
    private static final EventTransformer FLATTENED = EventTransformer.flattened();
    private static final EventTransformer NESTED = EventTransformer.of(EventTransformer.Form.NESTED);

    @Test
    void eachComesOutAsTheReferenceWritesItAndEachTimeTheSame() throws IOException {
        EventGenerator generator = new EventGenerator(SEED, START);
        for (int done = 0; done < EVENTS; done += BATCH) {
            List<byte[]> lines = take(generator);
            byte[] tsv = joined(lines);
            byte[] json = transform(tsv);
            assertThat(transform(tsv)).isEqualTo(json);
            String[] events = new String(json, UTF_8).split("\n", -1);
            for (int i = 0; i < BATCH; i++) {
                String line = new String(lines.get(i), UTF_8);
                assertThat(ReferenceTransformer.parse(events[i]).toString())
                        .as("event %d of seed %d: %s", done + i, SEED, line)
                        .isEqualTo(ReferenceTransformer.transform(line, FLATTENED.options())
                                .toString());
            }
        }
    }

    @Test
    void eachIsReadBackFromItsTsvAndFromItsNestedJson() {
        EventGenerator generator = new EventGenerator(SEED, START);
        for (int done = 0; done < EVENTS; done++) {
            byte[] line = generator.next();
            EnrichedEvent event = EnrichedEvent.parse(line);

            assertThat(event.toTsv()).isEqualTo(line);
            assertThat(EnrichedEvent.parse(event.toTsv())).isEqualTo(event);
            byte[] nested = json(NESTED.transform(line));
            EnrichedEvent back = EnrichedEvent.fromNestedJson(nested);
            assertThat(json(NESTED.transform(back))).isEqualTo(nested);
            assertThat(FLATTENED.transform(back))
                    .as("event %d of seed %d", done, SEED)
                    .isEqualTo(FLATTENED.transform(line));
        }
    }

    private static byte[] json(TransformResult result) {
        assertThat(result).isInstanceOf(TransformResult.Event.class);
        return ((TransformResult.Event) result).json();
    }

    private static List<byte[]> take(EventGenerator generator) {
        List<byte[]> lines = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            lines.add(generator.next());
        }
        return lines;
    }

    private static byte[] joined(List<byte[]> lines) {
        ByteArrayOutputStream tsv = new ByteArrayOutputStream();
        for (byte[] line : lines) {
            tsv.writeBytes(line);
            tsv.write('\n');
        }
        return tsv.toByteArray();
    }

    private static byte[] transform(byte[] tsv) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        TransformCounts counts = FLATTENED.transform(new ByteArrayInputStream(tsv), json, bad -> {
            throw new AssertionError(bad);
        });
        assertThat(counts.events()).isEqualTo(BATCH);
        return json.toByteArray();
    }
}
