package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class DynamoDbTest {

    @Test
    void theConsumerRunsOnDynamoDbLocal() throws Exception {
        String port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = Integer.toString(free.getLocalPort());
        }
        DynamoDBProxyServer server = ServerRunner.createServerFromCommandLineArgs(
                new String[] {"-inMemory", "-disableTelemetry", "-port", port});
        server.start();
        try {
            String location = "dynamodb:runs?region=eu-west-1&endpoint=http://localhost:" + port;
            assertEquals("false true true", RuntimeClassPath.run("dynamodb", location));
        } finally {
            server.stop();
        }
    }
}
