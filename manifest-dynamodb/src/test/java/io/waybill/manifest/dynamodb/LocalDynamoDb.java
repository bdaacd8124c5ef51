package io.waybill.manifest.dynamodb;

import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import java.net.ServerSocket;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** One DynamoDB Local for all tests of this JVM, asked over HTTP as the real one is. It ends with the JVM. */
public final class LocalDynamoDb {

    /** Started by the first who asks, which no process that is told of another's does. */
    private static final class Shared {
        private static final URI ENDPOINT = start();
        private static final DynamoDbClient CLIENT = builder(ENDPOINT).build();
    }

    private LocalDynamoDb() {}

    /** Where it serves. */
    public static URI endpoint() {
        return Shared.ENDPOINT;
    }

    /** A client for everyone, which nobody closes. */
    public static DynamoDbClient client() {
        return Shared.CLIENT;
    }

    static DynamoDbClientBuilder builder() {
        return builder(endpoint());
    }

    /** Clients of a server, which may be that of another process. */
    static DynamoDbClientBuilder builder(URI endpoint) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.EU_WEST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("anyone", "no-secret")));
    }

    private static URI start() {
        try {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            // docs: start
            DynamoDBProxyServer server = ServerRunner.createServerFromCommandLineArgs(
                    new String[] {"-inMemory", "-disableTelemetry", "-port", Integer.toString(port)});
            server.start();
            // end
            return URI.create("http://localhost:" + port);
        } catch (Exception e) { // the server's methods declare no less
            throw new IllegalStateException("DynamoDB Local did not start", e);
        }
    }
}
