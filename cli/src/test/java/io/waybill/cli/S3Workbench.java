package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.archive.StubS3;
import io.waybill.cli.Workbench.Call;
import io.waybill.cli.Workbench.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A workbench whose archive, and whose output if it is wanted there, are in an S3 server of this process. */
final class S3Workbench implements AutoCloseable {

    static final String ROOT = "enriched/archive/";
    static final String ARCHIVE = "s3://bucket/" + ROOT;
    static final String OUTPUT = "s3://bucket/json/";

    final StubS3 s3 = new StubS3();
    final Workbench bench;

    S3Workbench(Path folder) throws IOException {
        bench = new Workbench(folder);
    }

    /** Writes runs as the workbench does, and uploads them; tells the ids of each run's events. */
    Map<String, List<String>> upload(int runs, int files) throws IOException {
        Map<String, List<String>> input = bench.writeRuns(runs, files);
        try (Stream<Path> paths = Files.walk(bench.archive)) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                s3.put(ROOT + bench.archive.relativize(file), Files.readAllBytes(file));
            }
        }
        return input;
    }

    /** A process of the command, which finds the server by its environment. */
    Call start(String... arguments) throws IOException {
        return bench.start(
                List.of(
                        "env",
                        "AWS_ENDPOINT_URL_S3=" + s3.endpoint(),
                        "AWS_REGION=eu-west-1",
                        "AWS_ACCESS_KEY_ID=id",
                        "AWS_SECRET_ACCESS_KEY=secret"),
                List.of(),
                arguments);
    }

    Result waybill(String... arguments) throws IOException, InterruptedException {
        return start(arguments).end();
    }

    /** The folder that the marker of each published run names, by the run's name. */
    Map<String, String> folders() throws IOException {
        Map<String, String> folders = new TreeMap<>();
        for (String key : s3.keys("json/")) {
            if (key.endsWith("/_SUCCESS")) {
                List<JsonNode> marker = Workbench.lines(key, s3.bytes(key));
                assertThat(marker).as(key).hasSize(1);
                String run = key.substring(0, key.length() - "_SUCCESS".length());
                folders.put(
                        run.split("/", -1)[1], run + marker.get(0).get("folder").asText());
            }
        }
        return folders;
    }

    /** The published runs as a reader finds them who follows the markers: the event ids of each. */
    Map<String, List<String>> published() throws IOException {
        Map<String, List<String>> runs = new TreeMap<>();
        for (Map.Entry<String, String> run : folders().entrySet()) {
            List<String> ids = new ArrayList<>();
            for (String key : s3.keys(run.getValue() + "part-")) {
                for (JsonNode event : Workbench.lines(key, s3.bytes(key))) {
                    ids.add(event.get("event_id").asText());
                }
            }
            runs.put(run.getKey(), ids);
        }
        return runs;
    }

    @Override
    public void close() {
        s3.close();
    }
}
