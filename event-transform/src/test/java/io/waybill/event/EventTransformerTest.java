package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
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
