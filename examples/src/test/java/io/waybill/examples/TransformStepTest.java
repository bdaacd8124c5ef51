package io.waybill.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.event.BadRow;
import io.waybill.event.EventTransformer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransformStepTest {

    private final List<String> events = new ArrayList<>();
    private final List<BadRow> badRows = new ArrayList<>();

    private void process(TransformStep step, String line) {
        step.process(
                line.getBytes(StandardCharsets.UTF_8),
                json -> events.add(new String(json, StandardCharsets.UTF_8)),
                badRows::add);
    }

    /** As a cluster does it: what was made on one machine is sent to another, in Java's own form. */
    private static TransformStep sent(TransformStep step) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(step);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (TransformStep) in.readObject();
        }
    }

    @Test
    void eventsAndBadRowsGoTheirWaysAlsoOnAnotherMachine() throws Exception {
        TransformStep step = sent(new TransformStep(EventTransformer.flattened()));

        process(step, Lines.event("1", "a"));
        process(step, Lines.BAD);
        process(step, Lines.event("2", "b"));

        assertThat(events)
                .containsExactly("{\"app_id\":\"a\",\"event_id\":\"1\"}", "{\"app_id\":\"b\",\"event_id\":\"2\"}");
        assertThat(badRows).extracting(BadRow::columns).containsExactly(1);
    }

    @Test
    void thePageQuotesIt() throws IOException {
        Pages.assertQuote(TransformStep.class, "step", "docs/examples.md");
    }
}
