package io.waybill.manifest.dynamodb;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/** Counts what is sent, and asks the service what it charges for it. Safe for use by many threads. */
final class Requests implements ExecutionInterceptor {

    private static final ReturnConsumedCapacity TOTAL = ReturnConsumedCapacity.TOTAL;

    private final List<String> operations = Collections.synchronizedList(new ArrayList<>());
    private double units;

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        SdkRequest request = context.request();
        operations.add(request.getClass().getSimpleName().replace("Request", ""));
        if (request instanceof GetItemRequest r) {
            return r.toBuilder().returnConsumedCapacity(TOTAL).build();
        } else if (request instanceof BatchGetItemRequest r) {
            return r.toBuilder().returnConsumedCapacity(TOTAL).build();
        } else if (request instanceof QueryRequest r) {
            return r.toBuilder().returnConsumedCapacity(TOTAL).build();
        } else if (request instanceof ScanRequest r) {
            return r.toBuilder().returnConsumedCapacity(TOTAL).build();
        } else if (request instanceof PutItemRequest r) {
            return r.toBuilder().returnConsumedCapacity(TOTAL).build();
        } else if (request instanceof TransactGetItemsRequest r) {
            return r.toBuilder().returnConsumedCapacity(TOTAL).build();
        } else if (request instanceof TransactWriteItemsRequest r) {
            return r.toBuilder().returnConsumedCapacity(TOTAL).build();
        }
        return request;
    }

    @Override
    public synchronized void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        if (context.response() instanceof GetItemResponse r) {
            add(List.of(r.consumedCapacity()));
        } else if (context.response() instanceof BatchGetItemResponse r) {
            add(r.consumedCapacity());
        } else if (context.response() instanceof QueryResponse r) {
            add(List.of(r.consumedCapacity()));
        } else if (context.response() instanceof ScanResponse r) {
            add(List.of(r.consumedCapacity()));
        } else if (context.response() instanceof PutItemResponse r) {
            add(List.of(r.consumedCapacity()));
        } else if (context.response() instanceof TransactGetItemsResponse r) {
            add(r.consumedCapacity());
        } else if (context.response() instanceof TransactWriteItemsResponse r) {
            add(r.consumedCapacity());
        }
    }

    private void add(List<ConsumedCapacity> consumed) {
        units += consumed.stream().collect(Collectors.summingDouble(ConsumedCapacity::capacityUnits));
    }

    /** The operations sent since the last call, in their order. */
    List<String> operations() {
        synchronized (operations) {
            List<String> sent = List.copyOf(operations);
            operations.clear();
            return sent;
        }
    }

    /** The read and write units that were charged since the last call. */
    synchronized double units() {
        double charged = units;
        units = 0;
        return charged;
    }
}
