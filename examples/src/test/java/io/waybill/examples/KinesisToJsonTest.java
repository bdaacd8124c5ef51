package io.waybill.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import io.waybill.event.EventTransformer;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KinesisToJsonTest {

    private final ByteArrayOutputStream events = new ByteArrayOutputStream();
    private final ByteArrayOutputStream badRows = new ByteArrayOutputStream();
    private final TestContext context = new TestContext();

    @Test
    void eventsAreJsonAndBadRowsSayWhichRecordTheyWere() {
        KinesisEvent batch = LambdaProcess.batch(Lines.event("1", "a"), Lines.BAD, Lines.event("2", "b"));

        List<BatchItemFailure> failures =
                new KinesisToJson(events, badRows).handleRequest(batch, context).getBatchItemFailures();

        assertThat(failures).isEmpty();
        assertThat(events.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"app_id\":\"a\",\"event_id\":\"1\"}\n{\"app_id\":\"b\",\"event_id\":\"2\"}\n");
        assertThat(badRows.toString(StandardCharsets.UTF_8))
                .startsWith("{\"file\":\"1\",\"line\":1,\"columns\":1,\"errors\":[")
                .endsWith("}\n");
    }

    @Test
    void whatCannotBeWrittenComesAgainFromThatRecordOn() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space left");
            }
        };
        KinesisEvent batch = LambdaProcess.batch(Lines.BAD, Lines.event("1", "a"), Lines.event("2", "b"));

        List<BatchItemFailure> failures =
                new KinesisToJson(full, badRows).handleRequest(batch, context).getBatchItemFailures();

        assertThat(failures).extracting(BatchItemFailure::getItemIdentifier).containsExactly("1");
        assertThat(context.logged).containsExactly("cannot write record 1: java.io.IOException: no space left");
    }

    @Test
    void itNeedsNothingButTheTransformerAndLambdasOwnTypes() throws Exception {
        String classPath = Stream.of(
                        KinesisToJson.class,
                        LambdaProcess.class,
                        EventTransformer.class,
                        RequestHandler.class,
                        KinesisEvent.class)
                .map(type ->
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        LambdaProcess.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.lines()).hasSize(2).first().isEqualTo("{\"app_id\":\"a\",\"event_id\":\"1\"}");
    }

    @Test
    void thePageQuotesIt() throws IOException {
        Pages.assertQuote(KinesisToJson.class, "lambda", "docs/examples.md");
    }
}
