package io.waybill.cli;

import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** One DynamoDB Local for all tests of this JVM, asked over HTTP as the real one is. It ends with the JVM. */
final class LocalDynamoDb {

    private static final class Shared {
        private static final URI ENDPOINT = start();
    }

    private LocalDynamoDb() {}

    /** The location of a table; who opens it needs the credentials of {@link #setCredentials}. */
    static String location(String table, String layout) {
        return "dynamodb:%s?region=eu-west-1&layout=%s&endpoint=%s".formatted(table, layout, Shared.ENDPOINT);
    }

    /** Sets what the SDK's own chain finds in this JVM. */
    static void setCredentials() {
        System.setProperty("aws.accessKeyId", "anyone");
        System.setProperty("aws.secretAccessKey", "no-secret");
    }

    static DynamoDbClient client() {
        return DynamoDbClient.builder()
                .endpointOverride(Shared.ENDPOINT)
                .region(Region.EU_WEST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("anyone", "no-secret")))
                .build();
    }

    private static URI start() {
        try {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            DynamoDBProxyServer server = ServerRunner.createServerFromCommandLineArgs(
                    new String[] {"-inMemory", "-disableTelemetry", "-port", Integer.toString(port)});
            server.start();
            return URI.create("http://localhost:" + port);
        } catch (IOException e) {
            throw new IllegalStateException("no port is free", e);
        } catch (Exception e) { // the server's methods declare no less
            throw new IllegalStateException("DynamoDB Local did not start", e);
        }
    }
}
