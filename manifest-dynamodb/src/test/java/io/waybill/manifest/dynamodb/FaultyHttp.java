package io.waybill.manifest.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * The real HTTP client, over which some requests or answers get lost, or are answered as the service does in bad times.
 * Safe for use by many threads.
 */
final class FaultyHttp implements SdkHttpClient {

    private final SdkHttpClient http = UrlConnectionHttpClient.create();
    private final Map<String, Deque<Fault>> planned = new ConcurrentHashMap<>();
    private final Map<String, Fault> lasting = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile UnaryOperator<SdkHttpResponse> answers = UnaryOperator.identity();

    /** What may happen to a request. */
    enum Fault {
        NONE,
        /** The connection ends before the request is there. */
        LOST_BEFORE,
        /** The request is carried out, and the connection ends before the answer is there. */
        LOST_AFTER,
        /** No answer comes until the client gives up waiting. */
        SILENCE,
        /** The request is carried out, and no answer comes until the client gives up waiting. */
        SILENCE_AFTER,
        THROTTLED(400, "ProvisionedThroughputExceededException"),
        TOO_MANY(400, "ThrottlingException"),
        LIMITED(400, "RequestLimitExceeded"),
        BROKEN(500, "InternalServerError"),
        UNAVAILABLE(503, "ServiceUnavailableException"),
        /** The request is carried out, and the service says that it failed. */
        BROKEN_AFTER(500, "InternalServerError"),
        DENIED(400, "AccessDeniedException"),
        EXPIRED(400, "ExpiredTokenException"),
        CONFLICT(400, "TransactionConflictException"),
        CANCELLED(400, "TransactionCanceledException"),
        CANCELLED_THROTTLED(400, "TransactionCanceledException", "ThrottlingError"),
        CANCELLED_EXCEEDED(400, "TransactionCanceledException", "ProvisionedThroughputExceeded"),
        IN_PROGRESS(400, "TransactionInProgressException"),
        BACKUPS_UNAVAILABLE(400, "ContinuousBackupsUnavailableException"),
        /** Not sent, and answered as if it was carried out: what DynamoDB Local cannot do. */
        PRETENDED(200, "");

        private final int status;
        private final String code;
        private final String reason;

        Fault() {
            this(0, "");
        }

        Fault(int status, String code) {
            this(status, code, "TransactionConflict");
        }

        Fault(int status, String code, String reason) {
            this.status = status;
            this.code = code;
            this.reason = reason;
        }
    }

    /** Plans what happens to the next requests of an operation, such as {@code PutItem}. */
    void on(String operation, Fault... faults) {
        planned.put(operation, new ArrayDeque<>(List.of(faults)));
    }

    /** Plans what happens to every request of an operation that nothing else is planned for. */
    void always(String operation, Fault fault) {
        lasting.put(operation, fault);
    }

    /** Changes the heads of all answers. */
    void answers(UnaryOperator<SdkHttpResponse> change) {
        answers = change;
    }

    void heal() {
        planned.clear();
        lasting.clear();
        answers = UnaryOperator.identity();
        requests.clear();
    }

    /** The operations of all requests that were sent, those that were lost included. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        String target =
                request.httpRequest().firstMatchingHeader("X-Amz-Target").orElse("");
        String operation = target.substring(target.indexOf('.') + 1);
        return new Sent(operation, http.prepareRequest(request));
    }

    @Override
    public void close() {
        http.close();
    }

    private synchronized Fault next(String operation) {
        Deque<Fault> faults = planned.get(operation);
        return faults == null || faults.isEmpty() ? lasting.getOrDefault(operation, Fault.NONE) : faults.remove();
    }

    private final class Sent implements ExecutableHttpRequest {

        private final String operation;
        private final ExecutableHttpRequest request;
        private final CountDownLatch aborted = new CountDownLatch(1);

        Sent(String operation, ExecutableHttpRequest request) {
            this.operation = operation;
            this.request = request;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            requests.add(operation);
            Fault fault = next(operation);
            switch (fault) {
                case NONE -> {
                    HttpExecuteResponse answer = request.call();
                    return HttpExecuteResponse.builder()
                            .response(answers.apply(answer.httpResponse()))
                            .responseBody(answer.responseBody().orElse(null))
                            .build();
                }
                case LOST_BEFORE -> throw new SocketException("injected: the connection was reset");
                case LOST_AFTER -> {
                    request.call();
                    throw new SocketException("injected: the connection was reset");
                }
                case SILENCE_AFTER -> {
                    request.call();
                    throw silence();
                }
                case SILENCE -> throw silence();
                case BROKEN_AFTER -> {
                    request.call();
                    return refusal(fault);
                }
                default -> {
                    return refusal(fault);
                }
            }
        }

        @Override
        public void abort() {
            aborted.countDown();
            request.abort();
        }

        private IOException silence() {
            try {
                aborted.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new SocketException("injected: given up");
        }
    }

    private static HttpExecuteResponse refusal(Fault fault) {
        byte[] body = """
                {"__type": "com.amazonaws.dynamodb.v20120810#%s", "message": "injected",
                 "CancellationReasons": [{"Code": "%s"}, {"Code": "None"}]}
                """.formatted(fault.code, fault.reason).getBytes(UTF_8);
        return HttpExecuteResponse.builder()
                .response(SdkHttpFullResponse.builder()
                        .statusCode(fault.status)
                        .putHeader("Content-Type", "application/x-amz-json-1.0")
                        .putHeader("Content-Length", Integer.toString(body.length))
                        .build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
                .build();
    }
}
