package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Call;
import io.waybill.cli.Workbench.Result;
import io.waybill.manifest.dynamodb.LocalDynamoDb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From S3 to a folder and to S3, with the manifest in DynamoDB, in processes that are killed or stopped. */
@Timeout(400)
class S3KillTest {

    private static final int RUNS = 6;

    @TempDir
    private Path folder;

    private final String store =
            "dynamodb:runs-%s?region=eu-west-1&endpoint=%s".formatted(UUID.randomUUID(), LocalDynamoDb.endpoint());
    private S3Workbench work;
    private Map<String, List<String>> input = Map.of();

    @BeforeEach
    void open() throws Exception {
        work = new S3Workbench(folder);
        input = work.upload(RUNS, 2);
        System.setProperty("aws.accessKeyId", "id"); // for the commands in this process
        System.setProperty("aws.secretAccessKey", "secret");
        Result init = Workbench.call("init", "--store", store);
        assertThat(init.code()).as(init.err()).isZero();
    }

    @AfterEach
    void close() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        work.close();
    }

    @Test
    void howeverOftenTheProcessIsKilledEachRunIsInTheFolderOnce() throws Exception {
        for (String moment : List.of("GET " + run(0), "GET " + run(3))) {
            killedBefore(moment, work.bench.output.toString());
            assertThat(input).containsAllEntriesOf(work.bench.published());
        }
        finish(work.bench.output.toString());

        assertThat(work.bench.published()).isEqualTo(input);
        assertThat(work.bench.workFolders()).isEmpty();
        assertThat(outputs())
                .hasSize(RUNS)
                .allSatisfy((run, output) -> assertThat(output)
                        .isEqualTo(work.bench.output.resolve(run).toString()));
    }

    @Test
    void howeverOftenTheProcessIsKilledEachRunIsInS3Once() throws Exception {
        for (String moment : List.of("PART json/", "COMPLETE json/", "PUT json/", "LIST UPLOADS prefix=json/")) {
            killedBefore(moment, S3Workbench.OUTPUT);
            assertThat(input).containsAllEntriesOf(work.published());
            assertThat(work.folders()).containsAllEntriesOf(outputs());
        }
        finish(S3Workbench.OUTPUT);

        assertThatEachRunIsThereOnce();
    }

    @Test
    void aProcessThatIsStoppedAndOvertakenChangesNothingWhenItGoesOn() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch overtaken = new CountDownLatch(1);
        CompletableFuture<Call> call = new CompletableFuture<>();
        work.s3.before("PUT json/", () -> {
            signal("STOP", call);
            stopped.countDown();
            await(overtaken); // so long its request is on its way
        });
        call.complete(transform(S3Workbench.OUTPUT));
        await(stopped);
        finish(S3Workbench.OUTPUT);
        signal("CONT", call);
        overtaken.countDown();
        Result late = call.join().end();

        assertThat(late.results()).as(late.err()).containsValue("LOST");
        assertThatEachRunIsThereOnce();
    }

    private void assertThatEachRunIsThereOnce() throws Exception {
        assertThat(work.published()).isEqualTo(input);
        assertThat(outputs()).isEqualTo(work.folders());
        assertThat(work.s3.uploads()).isEmpty();
        assertThat(work.s3.keys("json/"))
                .as("also for those who look at no marker")
                .containsExactlyInAnyOrderElementsOf(work.folders().entrySet().stream()
                        .flatMap(run -> Stream.of(
                                "json/" + run.getKey() + "/_SUCCESS",
                                run.getValue() + "part-00000.ndjson",
                                run.getValue() + "part-00001.ndjson"))
                        .toList());
    }

    private static String run(int number) {
        return S3Workbench.ROOT + Workbench.run(number);
    }

    private Call transform(String to) throws IOException {
        return work.start(
                "transform",
                S3Workbench.ARCHIVE,
                "--to=" + to,
                "--store=" + store,
                "--lease=2s",
                "--threads=2",
                "--output=json");
    }

    private void killedBefore(String request, String to) throws Exception {
        CompletableFuture<Call> call = new CompletableFuture<>();
        work.s3.before(request, () -> kill(call));
        call.complete(transform(to));
        Result result = call.join().end();
        assertThat(result.code()).as("%s: %s", request, result.err()).isEqualTo(Workbench.KILLED);
    }

    /** Returns when it is dead: what it has asked for by then is done all the same. */
    private static void kill(CompletableFuture<Call> call) {
        signal("KILL", call);
        call.join().process().onExit().join();
    }

    private static void signal(String name, CompletableFuture<Call> call) {
        try {
            String process = Long.toString(call.join().process().pid());
            assertThat(new ProcessBuilder("kill", "-" + name, process).start().waitFor())
                    .isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(3, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Starts the command until no run is held by a process that is gone or stopped. */
    private void finish(String to) throws Exception {
        Result last = transform(to).end();
        for (int i = 0; i < 50 && last.results().containsValue("HELD"); i++) { // a lease lasts as long as some calls
            last = transform(to).end();
        }
        assertThat(last.code()).as(last.err()).isZero();
        assertThat(last.results()).doesNotContainValue("HELD");
    }

    /** Where the manifest says that the output of each processed run is, by the run's name. */
    private Map<String, String> outputs() throws Exception {
        Result list = Workbench.call("list", "--store", store, "--output=json");
        assertThat(list.code()).as(list.err()).isZero();
        Map<String, String> outputs = new TreeMap<>();
        for (var row : list.rows()) {
            if (row.get("state").asText().equals("PROCESSED")) {
                String run = row.get("run").asText();
                String output = row.get("details").asText().replaceFirst(".*\\boutput=(\\S+).*", "$1");
                outputs.put(run.replaceFirst(".*/(.*)/", "$1"), output.replace("s3://bucket/", ""));
            }
        }
        return outputs;
    }
}
