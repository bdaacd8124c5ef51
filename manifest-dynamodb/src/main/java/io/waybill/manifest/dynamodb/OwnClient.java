package io.waybill.manifest.dynamodb;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** A client that is made when it is first used, as that may ask the machine for its region, and that is ours to close. */
final class OwnClient implements Supplier<DynamoDbClient> {

    private final DynamoDbClientBuilder builder;
    private @Nullable DynamoDbClient client;
    private boolean closed;

    OwnClient(DynamoDbClientBuilder builder) {
        this.builder = builder;
    }

    @Override
    public synchronized DynamoDbClient get() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
        if (client == null) {
            client = builder.build();
        }
        return client;
    }

    synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
