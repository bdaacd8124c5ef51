package io.waybill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One program in four processes, of which only the location and the backend on the class path differ. */
@Timeout(300)
class SameProgramTest {

    /** What every process has: the program, and the API with what it needs. */
    private static final String PROGRAM =
            "benchmarks.target.test-classes$|.manifest-api.target.|.slf4j-api.|.jspecify.";

    private static final String JDBC = ".manifest-jdbc.target.|.org.jdbi.|.geantyref.|";

    // DynamoDB Local brings other HTTP clients to this test's own class path
    private static final String DYNAMODB =
            ".manifest-dynamodb.target.|.software.amazon.(?!awssdk.(apache|netty))|.reactive-streams.";

    @TempDir
    private Path folder;

    @Test
    void theSameProgramSaysTheSameOnEveryBackend() throws Exception {
        Map<String, String> outputs = new LinkedHashMap<>();
        DynamoDBProxyServer dynamo = null;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            dynamo = ServerRunner.createServerFromCommandLineArgs(
                    new String[] {"-inMemory", "-disableTelemetry", "-port", Integer.toString(port)});
            dynamo.start();

            outputs.put("in-memory", run("memory:", ".manifest-inmemory.target."));
            outputs.put("H2", run("jdbc:h2:" + folder.resolve("runs"), JDBC + ".h2database."));
            outputs.put(
                    "PostgreSQL",
                    run(postgres.getJdbcUrl("postgres", "postgres"), JDBC + ".org.postgresql.postgresql."));
            outputs.put("DynamoDB", run("dynamodb:runs?region=eu-west-1&endpoint=http://localhost:" + port, DYNAMODB));
        } finally {
            if (dynamo != null) {
                dynamo.stop();
            }
        }
        assertThat(outputs.get("in-memory"))
                .startsWith("processing run=2017-04-11-10-00-00/\nadded true\nskipping run=2017-04-11-11-00-00/\n")
                .contains("\nagain false\n")
                .endsWith("run=2017-04-11-14-00-00/ PROCESSED 1\n");
        outputs.forEach((backend, output) -> assertThat(output).as(backend).isEqualTo(outputs.get("in-memory")));
    }

    private String run(String location, String backend) throws Exception {
        Pattern wanted = Pattern.compile(PROGRAM + "|" + backend);
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> wanted.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", classPath, LoopProgram.class.getName(), location));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("AWS_ACCESS_KEY_ID", "anyone");
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "no-secret");
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("%s: %s", location, Files.readString(err))
                .isZero();
        return Files.readString(out);
    }
}
