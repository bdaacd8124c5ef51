package io.waybill.manifest.dynamodb;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/** Lets batches and pages end after so many keys or items, as the service may at any place. */
final class PartialAnswers implements ExecutionInterceptor {

    private static final ExecutionAttribute<Map<String, KeysAndAttributes>> LEFT = new ExecutionAttribute<>("left");

    private final int most;
    final List<SdkRequest> requests = new CopyOnWriteArrayList<>();

    /**
     * Cuts answers short.
     *
     * @param most how many keys or items are answered; 0 for no key of a batch at all
     */
    PartialAnswers(int most) {
        this.most = most;
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        requests.add(context.request());
        if (context.request() instanceof BatchGetItemRequest batch) {
            Map.Entry<String, KeysAndAttributes> asked =
                    batch.requestItems().entrySet().iterator().next();
            List<Map<String, AttributeValue>> keys = asked.getValue().keys();
            int answered = Math.min(keys.size(), most);
            if (answered < keys.size()) {
                attributes.putAttribute(LEFT, part(asked, keys.subList(answered, keys.size())));
            }
            return answered == 0
                    ? batch
                    : batch.toBuilder()
                            .requestItems(part(asked, keys.subList(0, answered)))
                            .build();
        } else if (context.request() instanceof QueryRequest query) {
            return query.toBuilder().limit(Math.max(1, most)).build();
        } else if (context.request() instanceof ScanRequest scan) {
            return scan.toBuilder().limit(Math.max(1, most)).build();
        }
        return context.request();
    }

    private static Map<String, KeysAndAttributes> part(
            Map.Entry<String, KeysAndAttributes> asked, List<Map<String, AttributeValue>> keys) {
        return Map.of(asked.getKey(), asked.getValue().toBuilder().keys(keys).build());
    }

    @Override
    public SdkResponse modifyResponse(Context.ModifyResponse context, ExecutionAttributes attributes) {
        Map<String, KeysAndAttributes> left = attributes.getAttribute(LEFT);
        if (left != null && context.response() instanceof BatchGetItemResponse batch) {
            return batch.toBuilder()
                    .unprocessedKeys(left)
                    .responses(most == 0 ? Map.of() : batch.responses())
                    .build();
        }
        return context.response();
    }
}
