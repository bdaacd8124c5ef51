package io.waybill.manifest.dynamodb;

import io.waybill.manifest.CorruptRecordException;
import io.waybill.manifest.InvalidRunIdException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.ItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * The layout of the older SDKs: the run's id is the hash key, and an item under it means that the run is done.
 *
 * <p>So the record of a run that needs no processing any more lies under the run's id, and every other under a key beside
 * it that no run can have. A record that changes sides does so in one transaction, and whoever writes beside makes sure
 * that nothing lies under the id. An older SDK may put its bare item there at any time: that item is a record of
 * {@link #BARE_VERSION}, which no claim has counted up to.
 *
 * <p>From that version on, that is for a run that was bare and was forgotten, the version of a record that is done also lies
 * beside: an older SDK's item may replace the record, and is then known to be the version after it.
 */
final class SeedItems implements RunItems {

    /** The version that an item without a record has, unless a later one lies beside. */
    static final long BARE_VERSION = 1L << 40;

    /** Who is said to have written an item without a record. */
    static final String BARE_OWNER = "older SDK";

    /** What the keys beside the runs' begin with: a control character, which no run's id holds. */
    private static final String BESIDE = "\u0001";

    private static final int RUNS_PER_SNAPSHOT = 50;
    private static final int GUESSES = 3;

    private static final String ABSENT = "attribute_not_exists(#run)";
    private static final String BARE = "attribute_exists(#run) AND attribute_not_exists(#version)";
    private static final String PREVIOUS = "#version = :previous";
    private static final String EARLIER = "attribute_not_exists(#version) OR #version < :previous";

    private final Table table;

    SeedItems(Table table) {
        this.table = table;
    }

    /** Where a stored record lies. */
    private enum Place {
        NOWHERE,
        BESIDE,
        DONE,
        BARE
    }

    /** What lies under a run's two keys at one moment. */
    private record Stored(RunId run, Map<String, AttributeValue> done, Map<String, AttributeValue> beside) {

        Place place() {
            if (!done.isEmpty()) {
                return done.containsKey(RunItem.VERSION) ? Place.DONE : Place.BARE;
            }
            return beside.isEmpty() ? Place.NOWHERE : Place.BESIDE;
        }
    }

    @Override
    public Optional<RunRecord> find(RunId run) {
        return record(snapshot(List.of(run)).get(0));
    }

    /**
     * Most runs that are listed are done, and need one key each; only what is not there is looked for at both places. So a
     * bare item is told as {@link #BARE_VERSION} here also where a later version lies beside: it is done all the same.
     */
    @Override
    public Map<RunId, RunRecord> findAll(List<RunId> runs) {
        Map<RunId, RunRecord> found = new HashMap<>();
        for (Map<String, AttributeValue> item :
                table.batchGet(runs.stream().map(run -> key(run.key())).toList())) {
            RunRecord record = done(RunItem.runId(item), item, Map.of());
            found.put(record.id(), record);
        }
        List<RunId> left =
                runs.stream().filter(Predicate.not(found::containsKey)).toList();
        for (Stored stored : snapshot(left)) {
            record(stored).ifPresent(record -> found.put(record.id(), record));
        }
        return found;
    }

    @Override
    public boolean compareAndPut(RunRecord next) {
        long previous = next.version() - 1;
        Place place = previous == 0 ? Place.NOWHERE : previous == BARE_VERSION ? Place.BARE : Place.BESIDE;
        for (int guess = 0; guess < GUESSES; guess++) {
            if (write(changes(next, place))) {
                return true;
            }
            Stored stored = snapshot(List.of(next.id())).get(0);
            if (version(stored) != previous) {
                return false;
            }
            place = stored.place();
        }
        return false; // others have written all the while
    }

    @Override
    public Stream<RunRecord> list(RunRange range) {
        return Stream.generate(() -> scan(range)).limit(1).flatMap(List::stream);
    }

    @Override
    public DynamoDbResponse anyRead(DynamoDbClient dynamo) {
        return dynamo.getItem(r -> r.tableName(table.name).key(key(BESIDE)));
    }

    @Override
    public List<TransactWriteItem> changes(RunRecord next) {
        Stored stored = snapshot(List.of(next.id())).get(0);
        return version(stored) == next.version() - 1 ? changes(next, stored.place()) : List.of();
    }

    private boolean write(List<TransactWriteItem> changes) {
        // what the SDK repeats is the same transaction by its token, and succeeds if it has taken place
        for (int tries = 1; ; tries++) {
            try {
                table.write(dynamo -> dynamo.transactWriteItems(r -> r.transactItems(changes)));
                return true;
            } catch (TransactionCanceledException e) {
                if (Failures.isConditionFailed(e)) {
                    return false;
                }
                Failures.requireOnce(table.where, e);
                table.pause(tries, Failures.passing(table.where, e));
            }
        }
    }

    /** What puts a record in the place of one of the version before that lies there. */
    private List<TransactWriteItem> changes(RunRecord next, Place place) {
        String id = next.id().key();
        String beside = BESIDE + id;
        AttributeValue previous = RunItem.number(next.version() - 1);
        Map<String, AttributeValue> item = RunItem.of(next, key(next.state().isDone() ? id : beside));
        if (!next.state().isDone()) {
            return switch (place) {
                case NOWHERE -> List.of(absent(id), put(item, ABSENT, null));
                case BESIDE -> List.of(absent(id), put(item, PREVIOUS, previous));
                case DONE -> List.of(delete(id, PREVIOUS, previous), put(item, null, null));
                case BARE -> List.of(delete(id, BARE, null), put(item, EARLIER, previous));
            };
        }
        Map<String, AttributeValue> mark = RunItem.of(mark(next), key(beside));
        boolean marked = next.version() > BARE_VERSION;
        return switch (place) {
            case NOWHERE -> List.of(absent(beside), put(item, ABSENT, null));
            case BESIDE ->
                List.of(
                        put(item, ABSENT, null),
                        marked ? put(mark, PREVIOUS, previous) : delete(beside, PREVIOUS, previous));
            case DONE ->
                marked
                        ? List.of(put(item, PREVIOUS, previous), put(mark, null, null))
                        : List.of(put(item, PREVIOUS, previous));
            case BARE -> List.of(put(item, BARE, null), put(mark, EARLIER, previous));
        };
    }

    /** A record's version without what it says: the run is new again should someone delete what lies under its id. */
    private static RunRecord mark(RunRecord done) {
        return new RunRecord(
                done.id(),
                done.version(),
                RunState.NEW,
                done.owner(),
                done.token(),
                done.at(),
                Duration.ZERO,
                0,
                null,
                Map.of());
    }

    private TransactWriteItem absent(String key) {
        return TransactWriteItem.builder()
                .conditionCheck(c -> c.tableName(table.name)
                        .key(key(key))
                        .conditionExpression(ABSENT)
                        .expressionAttributeNames(names(ABSENT)))
                .build();
    }

    private TransactWriteItem put(
            Map<String, AttributeValue> item, @Nullable String condition, @Nullable AttributeValue previous) {
        return TransactWriteItem.builder()
                .put(p -> p.tableName(table.name)
                        .item(item)
                        .conditionExpression(condition)
                        .expressionAttributeNames(names(condition))
                        .expressionAttributeValues(values(previous)))
                .build();
    }

    private TransactWriteItem delete(String key, @Nullable String condition, @Nullable AttributeValue previous) {
        return TransactWriteItem.builder()
                .delete(d -> d.tableName(table.name)
                        .key(key(key))
                        .conditionExpression(condition)
                        .expressionAttributeNames(names(condition))
                        .expressionAttributeValues(values(previous)))
                .build();
    }

    private static @Nullable Map<String, String> names(@Nullable String condition) {
        if (condition == null) {
            return null;
        }
        Map<String, String> names = new HashMap<>();
        Map.of("#run", RunItem.RUN_ID, "#version", RunItem.VERSION).forEach((name, attribute) -> {
            if (condition.contains(name)) {
                names.put(name, attribute);
            }
        });
        return names;
    }

    private static @Nullable Map<String, AttributeValue> values(@Nullable AttributeValue previous) {
        return previous == null ? null : Map.of(":previous", previous);
    }

    /** What lies under the keys of some runs, each run's two read at one moment. */
    private List<Stored> snapshot(List<RunId> runs) {
        List<Stored> all = new ArrayList<>();
        for (int from = 0; from < runs.size(); from += RUNS_PER_SNAPSHOT) {
            List<RunId> some = runs.subList(from, Math.min(runs.size(), from + RUNS_PER_SNAPSHOT));
            List<TransactGetItem> gets = some.stream()
                    .flatMap(run -> Stream.of(run.key(), BESIDE + run.key()))
                    .map(key -> TransactGetItem.builder()
                            .get(g -> g.tableName(table.name).key(key(key)))
                            .build())
                    .toList();
            List<ItemResponse> items = read(gets);
            for (int i = 0; i < some.size(); i++) {
                all.add(new Stored(
                        some.get(i),
                        items.get(2 * i).item(),
                        items.get(2 * i + 1).item()));
            }
        }
        return all;
    }

    private List<ItemResponse> read(List<TransactGetItem> gets) {
        for (int tries = 1; ; tries++) {
            try {
                return table.read(dynamo -> dynamo.transactGetItems(r -> r.transactItems(gets)))
                        .responses();
            } catch (TransactionCanceledException e) {
                table.pause(tries, Failures.passing(table.where, e));
            }
        }
    }

    private List<RunRecord> scan(RunRange range) {
        Map<RunId, Map<String, AttributeValue>> done = new TreeMap<>();
        Map<RunId, Map<String, AttributeValue>> beside = new TreeMap<>();
        Map<String, AttributeValue> last = Map.of();
        do {
            Map<String, AttributeValue> start = last;
            ScanResponse page = table.read(dynamo -> dynamo.scan(r ->
                    r.tableName(table.name).consistentRead(true).exclusiveStartKey(start.isEmpty() ? null : start)));
            for (Map<String, AttributeValue> item : page.items()) {
                String key = RunItem.runId(item);
                boolean besides = key.startsWith(BESIDE);
                RunId run = run(besides ? key.substring(BESIDE.length()) : key);
                if (range.contains(run)) {
                    (besides ? beside : done).put(run, item);
                }
            }
            last = page.lastEvaluatedKey();
        } while (!last.isEmpty());
        Map<RunId, RunRecord> records = new TreeMap<>();
        done.forEach((run, item) -> records.put(run, done(run.key(), item, beside.getOrDefault(run, Map.of()))));
        beside.forEach((run, item) -> records.computeIfAbsent(run, id -> RunItem.read(table.where, id.key(), item)));
        return List.copyOf(records.values());
    }

    private RunId run(String key) {
        try {
            return new RunId(key);
        } catch (InvalidRunIdException e) {
            throw new CorruptRecordException(
                    "%s: an item lies under '%s', which is no run".formatted(table.where, key), e);
        }
    }

    private long version(Stored stored) {
        return record(stored).map(RunRecord::version).orElse(0L);
    }

    private Optional<RunRecord> record(Stored stored) {
        String run = stored.run().key();
        return switch (stored.place()) {
            case NOWHERE -> Optional.empty();
            case BESIDE -> Optional.of(RunItem.read(table.where, run, stored.beside()));
            case DONE, BARE -> Optional.of(done(run, stored.done(), stored.beside()));
        };
    }

    private RunRecord done(String run, Map<String, AttributeValue> item, Map<String, AttributeValue> beside) {
        return item.containsKey(RunItem.VERSION)
                ? RunItem.read(table.where, run, item)
                : new RunRecord(
                        new RunId(run),
                        beside.isEmpty()
                                ? BARE_VERSION
                                : Math.max(
                                        BARE_VERSION,
                                        RunItem.read(table.where, run, beside).version() + 1),
                        RunState.PROCESSED,
                        BARE_OWNER,
                        "",
                        Instant.EPOCH,
                        Duration.ZERO,
                        0,
                        null,
                        Map.of());
    }

    private static Map<String, AttributeValue> key(String text) {
        return Map.of(RunItem.RUN_ID, AttributeValue.fromS(text));
    }
}
