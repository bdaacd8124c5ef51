package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.event.EventTransformer.Form;
import io.waybill.event.EventTransformer.SchemaVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventTransformerTest {

    @Test
    void aTransformerCanBeSentToAnotherMachineWithItsLimits() throws Exception {
        EventTransformer sent =
                EventTransformer.builder().maxLineBytes(200).maxDepth(2).build();

        EventTransformer received = (EventTransformer) deserialize(serialize(sent));

        String deep = Line.of("contexts", "{\"data\":[{}]}").toString();
        String wide = Line.of("app_id", "x".repeat(100)).toString();
        assertThat(received.transform(deep)).isEqualTo(sent.transform(deep)).isInstanceOf(BadRow.class);
        assertThat(received.transform(wide)).isEqualTo(sent.transform(wide)).isInstanceOf(BadRow.class);
    }

    @Test
    void aTransformerCanBeSentToAnotherMachineWithAllItsOptions() throws Exception {
        Random random = new Random(18);
        List<EventTransformer> transformers = Stream.concat(
                        Stream.of(Form.values()).map(EventTransformer::of),
                        Stream.of(
                                EventTransformer.builder().nulls(true).build(),
                                EventTransformer.builder().instants(true).build(),
                                EventTransformer.builder().geoLocation(false).build(),
                                EventTransformer.builder().strict(true).build(),
                                EventTransformer.builder()
                                        .schemaVersion(SchemaVersion.URI)
                                        .build(),
                                EventTransformer.builder().wholeValues(true).build(),
                                EventTransformer.builder().maxLineBytes(3000).build(),
                                EventTransformer.builder().maxDepth(3).build()))
                .toList();
        assertThat(transformers).extracting(EventTransformer::toString).doesNotHaveDuplicates();

        for (EventTransformer sent : transformers) {
            EventTransformer received = (EventTransformer) deserialize(serialize(sent));

            assertThat(received).hasToString(sent.toString());
            for (int i = 0; i < 100; i++) {
                String line = RandomEvents.line(random).toString();
                assertThat(received.transform(line)).isEqualTo(sent.transform(line));
            }
        }
    }

    @Test
    void optionsThatNoBuilderTakesAreNotReceived() throws Exception {
        byte[] sent = serialize(EventTransformer.builder().maxDepth(0x01020304).build());
        ByteBuffer bytes = ByteBuffer.wrap(sent);
        int at = 0;
        while (bytes.getInt(at) != 0x01020304) {
            at++;
        }
        bytes.putInt(at, -1);

        assertThatThrownBy(() -> deserialize(sent))
                .isInstanceOf(InvalidObjectException.class)
                .hasMessageContaining("maxDepth is -1, want at least 1");
    }

    @Test
    void theTransformersOfAThreadDoNotMixTheirOptions() {
        Random random = new Random(19);
        List<EventTransformer> transformers = Stream.generate(() -> RandomEvents.transformer(random))
                .limit(20)
                .toList();
        List<String> lines = IntStream.range(0, 50)
                .mapToObj(i -> RandomEvents.line(random).toString())
                .toList();
        List<List<TransformResult>> oneAfterTheOther = transformers.stream()
                .map(transformer -> lines.stream().map(transformer::transform).toList())
                .toList();

        for (int line = 0; line < lines.size(); line++) {
            for (int i = 0; i < transformers.size(); i++) {
                assertThat(transformers.get(i).transform(lines.get(line)))
                        .isEqualTo(oneAfterTheOther.get(i).get(line));
            }
        }
    }

    @Test
    void threadsMayShareATransformer() {
        EventTransformer transformer = EventTransformer.flattened();
        Random random = new Random(17);
        List<String> lines = IntStream.range(0, 2_000)
                .mapToObj(i -> RandomEvents.line(random).toString())
                .toList();
        List<TransformResult> alone = lines.stream().map(transformer::transform).toList();

        List<TransformResult> together =
                lines.parallelStream().map(transformer::transform).toList();

        assertThat(together).isEqualTo(alone);
    }

    @Test
    void limitsOutOfRangeAreRefused() {
        EventTransformer.Builder builder = EventTransformer.builder();

        assertThatThrownBy(() -> builder.maxLineBytes(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxLineBytes is 0, want 1 to 268435456");
        assertThatThrownBy(() -> builder.maxLineBytes(Integer.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxDepth(0)).hasMessage("maxDepth is 0, want at least 1");
    }

    private static byte[] serialize(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    private static Object deserialize(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }
}
