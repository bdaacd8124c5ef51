package io.waybill.manifest.dynamodb;

import io.waybill.manifest.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/** Requests to one table: what their failures mean, and what their answers tell about the service's clock. */
final class Table {

    /** The most keys that a {@code BatchGetItem} takes. */
    static final int BATCH = 100;

    /** How often something is asked for again that the service has put off, without any progress. */
    static final int TRIES = 10;

    private static final BackoffStrategy BACKOFF =
            BackoffStrategy.exponentialDelay(Duration.ofMillis(25), Duration.ofSeconds(2));

    final String name;
    final String where;
    private final Supplier<DynamoDbClient> client;
    private volatile boolean tellsNoTime;
    private final ServiceClock clock;

    Table(Supplier<DynamoDbClient> client, String name, String where, InstantSource host) {
        this.client = client;
        this.name = name;
        this.where = where;
        this.clock = new ServiceClock(System::nanoTime, host);
    }

    /** Sends a request that changes nothing, or that may be sent again. */
    <R extends DynamoDbResponse> R read(Function<DynamoDbClient, R> request) {
        try {
            return heard(request.apply(client.get()));
        } catch (TransactionCanceledException e) {
            throw heard(e);
        } catch (SdkException e) {
            throw Failures.answered(where, heard(e));
        }
    }

    /** Sends a write. A condition that does not hold is the caller's to explain. */
    <R extends DynamoDbResponse> R write(Function<DynamoDbClient, R> request) {
        try {
            return heard(request.apply(client.get()));
        } catch (ConditionalCheckFailedException | TransactionCanceledException | TransactionConflictException e) {
            throw heard(e);
        } catch (SdkException e) {
            throw Failures.unanswered(where, heard(e));
        }
    }

    /** The items of some keys, read consistently, in any order; those that do not exist are left out. */
    List<Map<String, AttributeValue>> batchGet(List<Map<String, AttributeValue>> keys) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += BATCH) {
            List<Map<String, AttributeValue>> batch = keys.subList(from, Math.min(keys.size(), from + BATCH));
            Map<String, KeysAndAttributes> wanted = Map.of(
                    name,
                    KeysAndAttributes.builder().keys(batch).consistentRead(true).build());
            int idle = 0;
            while (!wanted.isEmpty()) {
                Map<String, KeysAndAttributes> asked = wanted;
                BatchGetItemResponse answer = read(dynamo -> dynamo.batchGetItem(r -> r.requestItems(asked)));
                items.addAll(answer.responses().getOrDefault(name, List.of()));
                wanted = answer.unprocessedKeys();
                if (!wanted.isEmpty()) { // keys that were read and have no item are progress too
                    idle = keys(wanted) < keys(asked) ? 1 : idle + 1;
                    pause(idle, "some keys were not read");
                }
            }
        }
        return items;
    }

    private static int keys(Map<String, KeysAndAttributes> wanted) {
        return wanted.values().stream().mapToInt(keys -> keys.keys().size()).sum();
    }

    /** Waits before something is tried again, at most {@link #TRIES} times. */
    void pause(int tries, String why) {
        pause(tries, TRIES, why);
    }

    /**
     * Waits before something is tried again.
     *
     * @param tries how often it was tried without success
     * @throws StoreUnavailableException after the most tries, or where the thread is interrupted
     */
    void pause(int tries, int most, String why) {
        if (tries >= most) {
            throw new StoreUnavailableException("%s: %s in %d tries, try again later".formatted(where, why, tries));
        }
        try {
            Thread.sleep(BACKOFF.computeDelay(tries).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("%s: %s, and the thread was interrupted".formatted(where, why), e);
        }
    }

    /** The service's time, for which it is asked with a request where no answer has told it lately; else the host's. */
    Instant now(Function<DynamoDbClient, DynamoDbResponse> request) {
        if (clock.now().isEmpty() && !tellsNoTime) {
            read(request);
            tellsNoTime = clock.now().isEmpty();
        }
        return clock.now().orElseGet(clock::hostTime);
    }

    private <R extends DynamoDbResponse> R heard(R response) {
        hear(response.sdkHttpResponse());
        return response;
    }

    private <E extends SdkException> E heard(E failure) {
        if (failure instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            hear(service.awsErrorDetails().sdkHttpResponse());
        }
        return failure;
    }

    private void hear(SdkHttpResponse response) {
        if (response != null) {
            response.firstMatchingHeader("Date").ifPresent(clock::hear);
        }
    }
}
