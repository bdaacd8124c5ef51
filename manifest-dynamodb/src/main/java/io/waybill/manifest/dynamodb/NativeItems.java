package io.waybill.manifest.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/** Waybill's own layout: the job is the hash key, the run's id the range key, so that a range of runs is one query. */
final class NativeItems implements RunItems {

    private final Table table;
    private final AttributeValue job;

    NativeItems(Table table, String job) {
        this.table = table;
        this.job = AttributeValue.fromS(job);
    }

    @Override
    public Optional<RunRecord> find(RunId run) {
        Map<String, AttributeValue> item = table.read(dynamo -> dynamo.getItem(
                        r -> r.tableName(table.name).key(key(run)).consistentRead(true)))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(record(item));
    }

    /**
     * One batch of keys costs a read unit each, however small the items; a query of the span between the first and the last
     * one costs what lies there. So up to a batch is asked for by keys, more by a query, which is given up for keys where
     * it has cost as many requests as they would.
     */
    @Override
    public Map<RunId, RunRecord> findAll(List<RunId> runs) {
        Map<RunId, RunRecord> found = new HashMap<>();
        List<RunId> left = runs;
        if (runs.size() > Table.BATCH) {
            List<RunId> sorted = runs.stream().sorted().toList();
            // by their text, as what others may have put between them need not be a run's
            Set<String> wanted = runs.stream().map(RunId::key).collect(Collectors.toSet());
            Pages pages =
                    new Pages(sorted.get(0).key(), sorted.get(sorted.size() - 1).key());
            for (int requests = 0; pages.hasNext() && requests < runs.size() / Table.BATCH; requests++) {
                for (Map<String, AttributeValue> item : pages.next()) {
                    if (wanted.contains(RunItem.runId(item))) {
                        RunRecord record = record(item);
                        found.put(record.id(), record);
                    }
                }
            }
            left = sorted.stream().filter(pages::isAhead).toList();
        }
        for (Map<String, AttributeValue> item :
                table.batchGet(left.stream().map(this::key).toList())) {
            RunRecord record = record(item);
            found.put(record.id(), record);
        }
        return found;
    }

    @Override
    public boolean compareAndPut(RunRecord next) {
        Put put = put(next);
        for (int tries = 1; ; tries++) {
            try {
                table.write(dynamo -> dynamo.putItem(r -> r.tableName(table.name)
                        .item(put.item())
                        .conditionExpression(put.conditionExpression())
                        .expressionAttributeNames(put.expressionAttributeNames())
                        .expressionAttributeValues(
                                put.hasExpressionAttributeValues() ? put.expressionAttributeValues() : null)
                        .returnValuesOnConditionCheckFailure(put.returnValuesOnConditionCheckFailure())));
                return true;
            } catch (ConditionalCheckFailedException e) {
                return isOwn(next, e);
            } catch (TransactionConflictException e) {
                Failures.requireOnce(table.where, e);
                table.pause(tries, "a transaction is changing the same run");
            }
        }
    }

    /**
     * Whether a refused write was made after all: the SDK repeats what got no answer, and may have met its own first
     * attempt. Where others have written since, nobody knows.
     */
    private boolean isOwn(RunRecord next, ConditionalCheckFailedException e) {
        if (Failures.isFirst(e) || !e.hasItem()) {
            return false;
        }
        RunRecord stored = record(e.item());
        if (stored.version() > next.version()) {
            throw new OutcomeUnknownException(
                    "%s: run %s: an answer to the write of version %d was lost, and now version %d is there"
                            .formatted(table.where, next.id(), next.version(), stored.version()),
                    e);
        }
        return stored.equals(next);
    }

    @Override
    public Stream<RunRecord> list(RunRange range) {
        if (isEmpty(range)) { // which a query refuses
            return Stream.of();
        }
        Pages pages = new Pages(range.from(), range.to());
        return Stream.generate(pages::nextOrNone)
                .takeWhile(Optional::isPresent)
                .flatMap(page -> page.orElseThrow().stream())
                .map(this::record)
                .filter(record -> range.contains(record.id()));
    }

    @Override
    public DynamoDbResponse anyRead(DynamoDbClient dynamo) {
        return dynamo.getItem(
                r -> r.tableName(table.name).key(Map.of(RunItem.JOB, job, RunItem.RUN_ID, AttributeValue.fromS("\0"))));
    }

    @Override
    public List<TransactWriteItem> changes(RunRecord next) {
        return List.of(TransactWriteItem.builder().put(put(next)).build());
    }

    private static boolean isEmpty(RunRange range) {
        String to = range.to();
        return to != null && compare(range.from(), to) >= 0;
    }

    private static int compare(String key, String other) {
        return Arrays.compareUnsigned(key.getBytes(UTF_8), other.getBytes(UTF_8));
    }

    private Put put(RunRecord next) {
        boolean first = next.version() == 1;
        return Put.builder()
                .tableName(table.name)
                .item(RunItem.of(next, key(next.id())))
                .conditionExpression(first ? "attribute_not_exists(#version)" : "#version = :previous")
                .expressionAttributeNames(Map.of("#version", RunItem.VERSION))
                .expressionAttributeValues(first ? null : Map.of(":previous", RunItem.number(next.version() - 1)))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }

    private Map<String, AttributeValue> key(RunId run) {
        return Map.of(RunItem.JOB, job, RunItem.RUN_ID, AttributeValue.fromS(run.key()));
    }

    private RunRecord record(Map<String, AttributeValue> item) {
        return RunItem.read(table.where, RunItem.runId(item), item);
    }

    /** The items between two keys, both included, in their order. */
    private final class Pages {

        private final QueryRequest query;
        private Map<String, AttributeValue> last = Map.of();
        private boolean begun;

        Pages(String from, @Nullable String to) {
            Map<String, String> names = new HashMap<>(Map.of("#job", RunItem.JOB));
            Map<String, AttributeValue> values = new HashMap<>(Map.of(":job", job));
            String condition = "#job = :job";
            if (!from.isEmpty() || to != null) {
                names.put("#run", RunItem.RUN_ID);
                // no key is empty, and none is longer than an id may be
                values.put(":from", AttributeValue.fromS(from.isEmpty() ? "\0" : shortened(from)));
                condition += " AND #run >= :from";
            }
            if (to != null) {
                values.put(":to", AttributeValue.fromS(shortened(to)));
                condition = "#job = :job AND #run BETWEEN :from AND :to";
            }
            query = QueryRequest.builder()
                    .tableName(table.name)
                    .consistentRead(true)
                    .keyConditionExpression(condition)
                    .expressionAttributeNames(names)
                    .expressionAttributeValues(values)
                    .build();
        }

        boolean hasNext() {
            return !begun || !last.isEmpty();
        }

        /** Whether a run's place is behind all pages so far. */
        boolean isAhead(RunId run) {
            return hasNext() && (!begun || compare(RunItem.runId(last), run.key()) < 0);
        }

        List<Map<String, AttributeValue>> next() {
            QueryRequest page =
                    begun ? query.toBuilder().exclusiveStartKey(last).build() : query;
            QueryResponse answer = table.read(dynamo -> dynamo.query(page));
            begun = true;
            last = answer.lastEvaluatedKey();
            return answer.items();
        }

        Optional<List<Map<String, AttributeValue>>> nextOrNone() {
            return hasNext() ? Optional.of(next()) : Optional.empty();
        }

        /** The bound, or the longest part of it that a key could be: none lies between the two. */
        private String shortened(String bound) {
            int end = 0;
            int bytes = 0;
            while (end < bound.length()) {
                int c = bound.codePointAt(end);
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
                if (bytes > RunId.MAX_BYTES) {
                    break;
                }
                end += Character.charCount(c);
            }
            return bound.substring(0, end);
        }
    }
}
