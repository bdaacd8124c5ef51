package io.waybill.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** The real client of the SDK, for a server in this process. */
final class TestClients {

    private TestClients() {}

    static StubS3 stub() {
        try {
            return new StubS3();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client that repeats as the SDK does by itself, but does not wait long for it. */
    static S3Client of(URI endpoint) {
        return builder(endpoint).build();
    }

    static S3ClientBuilder builder(URI endpoint) {
        BackoffStrategy soon = BackoffStrategy.fixedDelay(Duration.ofMillis(1));
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("local-identity", "local-credential")))
                .overrideConfiguration(configuration ->
                        configuration.retryStrategy(AwsRetryStrategy.forRetryMode(RetryMode.STANDARD).toBuilder()
                                .backoffStrategy(soon)
                                .throttlingBackoffStrategy(soon)
                                .build()));
    }
}
