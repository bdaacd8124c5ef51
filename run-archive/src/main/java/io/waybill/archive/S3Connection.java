package io.waybill.archive;

import java.net.URI;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** A client: the caller's, or one that is made when it is first used, as that may ask the machine for its region. */
final class S3Connection implements AutoCloseable {

    private final Supplier<S3Client> maker;
    private final boolean own;
    private @Nullable S3Client client;
    private boolean closed;

    private S3Connection(Supplier<S3Client> maker, boolean own) {
        this.maker = maker;
        this.own = own;
    }

    /** Uses the caller's client, and does not close it. */
    static S3Connection to(S3Client client) {
        return new S3Connection(() -> client, false);
    }

    /** Makes a client from what is given and the SDK's own chain. */
    static S3Connection own(@Nullable Region region, @Nullable URI endpoint) {
        S3ClientBuilder builder = S3Client.builder().forcePathStyle(endpoint != null || isOtherServer());
        if (region != null) {
            builder.region(region);
        }
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        return new S3Connection(builder::build, true);
    }

    /** Whether the environment names another server than Amazon's: few of them serve each bucket under a host of its own. */
    private static boolean isOtherServer() {
        return Stream.of("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL").anyMatch(name -> System.getenv(name) != null)
                || Stream.of("aws.endpointUrlS3", "aws.endpointUrl").anyMatch(name -> System.getProperty(name) != null);
    }

    synchronized S3Client client() {
        if (closed) {
            throw new IllegalStateException("the archive is closed");
        }
        if (client == null) {
            client = maker.get();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null && own) {
            client.close();
        }
        client = null;
    }
}
