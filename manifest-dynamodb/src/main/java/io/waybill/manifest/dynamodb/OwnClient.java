package io.waybill.manifest.dynamodb;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A client that is made when it is first used, as that may ask the machine for its region, and that is ours to close. */
final class OwnClient implements Supplier<DynamoDbClient> {

    private final Supplier<DynamoDbClient> builder;
    private @Nullable DynamoDbClient client;
    private boolean closed;

    OwnClient(Supplier<DynamoDbClient> builder) {
        this.builder = builder;
    }

    @Override
    public synchronized DynamoDbClient get() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
        if (client == null) {
            client = build();
        }
        return client;
    }

    private DynamoDbClient build() {
        try {
            return builder.get();
        } catch (SdkClientException e) {
            throw new IllegalArgumentException(
                    "there is no client for DynamoDB; a region may be missing, such as region=eu-west-1 in the location or AWS_REGION: "
                            + e.getMessage(),
                    e);
        }
    }

    synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
