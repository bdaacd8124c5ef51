package io.waybill.manifest.dynamodb;

import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.StoreSchemaMismatchException;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsUnavailableException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.Tag;

/** The table itself: which layout it has, and how it is made. */
final class TableShape {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final int MOST_LOOKS = 240;
    private static final int BACKUP_TRIES = 60;

    private final Table table;
    private final @Nullable Layout wanted;

    /** The shape of a table that is to have this layout, or any where it is null. */
    TableShape(Table table, @Nullable Layout wanted) {
        this.table = table;
        this.wanted = wanted;
    }

    /** Asks for the layout of the table. */
    Layout layout() {
        return layout(describe());
    }

    /** Makes the table if it is missing, waits until it is usable, and verifies its layout. */
    Layout ensure(Creation creation) {
        Optional<TableDescription> found = find();
        if (found.isPresent() && isUsable(found.get())) {
            return layout(found.get());
        }
        if (found.isEmpty()) {
            make(wanted == null ? Layout.NATIVE : wanted, creation);
        }
        Layout layout = layout(table.read(dynamo -> dynamo.waiter()
                        .waitUntilTableExists(
                                r -> r.tableName(table.name),
                                wait -> wait.maxAttempts(MOST_LOOKS)
                                        .backoffStrategyV2(BackoffStrategy.fixedDelay(BETWEEN_LOOKS)))
                        .matched()
                        .response()
                        .orElseThrow())
                .table());
        if (found.isEmpty() && creation.pointInTimeRecovery()) {
            recoverToAnyPointInTime();
        }
        return layout;
    }

    /** One that is being changed, for hours perhaps, serves requests meanwhile. */
    private static boolean isUsable(TableDescription description) {
        return description.tableStatus() != TableStatus.CREATING && description.tableStatus() != TableStatus.DELETING;
    }

    private Optional<TableDescription> find() {
        try {
            return Optional.of(describe());
        } catch (StoreMissingException e) {
            return Optional.empty();
        }
    }

    private TableDescription describe() {
        return table.read(dynamo -> dynamo.describeTable(r -> r.tableName(table.name)))
                .table();
    }

    /** Asks for the table to be made, unless another is making it. */
    private void make(Layout layout, Creation creation) {
        List<KeySchemaElement> keys = keys(layout);
        List<Tag> tags = new ArrayList<>();
        creation.tags()
                .forEach((key, value) ->
                        tags.add(Tag.builder().key(key).value(value).build()));
        CreateTableRequest request = CreateTableRequest.builder()
                .tableName(table.name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(keys)
                .attributeDefinitions(keys.stream().map(TableShape::text).toList())
                .deletionProtectionEnabled(creation.deletionProtection() ? true : null)
                .tags(tags.isEmpty() ? null : tags)
                .build();
        try {
            table.write(dynamo -> create(dynamo, request));
        } catch (OutcomeUnknownException e) {
            if (find().isEmpty()) { // there may be one soon, but nobody could say how long to wait for it
                throw e;
            }
        }
    }

    private static CreateTableResponse create(DynamoDbClient dynamo, CreateTableRequest request) {
        try {
            return dynamo.createTable(request);
        } catch (ResourceInUseException e) { // as good, and also what a request that was repeated is told
            return CreateTableResponse.builder().build();
        }
    }

    /** The service refuses this of a table that it has only just made, for a while. */
    private void recoverToAnyPointInTime() {
        for (int tries = 1; ; tries++) {
            try {
                table.read(dynamo -> dynamo.updateContinuousBackups(r -> r.tableName(table.name)
                        .pointInTimeRecoverySpecification(p -> p.pointInTimeRecoveryEnabled(true))));
                return;
            } catch (StoreUnavailableException e) {
                if (!(e.getCause() instanceof ContinuousBackupsUnavailableException)) {
                    throw e;
                }
                table.pause(tries, BACKUP_TRIES, "the table was made, but not yet its backups");
            }
        }
    }

    private Layout layout(TableDescription description) {
        String found = description.keySchema().stream()
                .map(key -> key.attributeName() + " " + key.keyType() + " " + type(key, description))
                .collect(Collectors.joining(", "));
        for (Layout layout : Layout.values()) {
            if (found.equals(described(layout)) && (wanted == null || wanted == layout)) {
                return layout;
            }
        }
        throw new StoreSchemaMismatchException("%s: the table's key is %s, want %s"
                .formatted(
                        table.where,
                        found,
                        wanted == null
                                ? described(Layout.NATIVE) + " or " + described(Layout.SEED)
                                : described(wanted)));
    }

    private static String type(KeySchemaElement key, TableDescription description) {
        return description.attributeDefinitions().stream()
                .filter(attribute -> attribute.attributeName().equals(key.attributeName()))
                .map(AttributeDefinition::attributeTypeAsString)
                .collect(Collectors.joining());
    }

    private static String described(Layout layout) {
        return keys(layout).stream()
                .map(key -> key.attributeName() + " " + key.keyType() + " " + ScalarAttributeType.S)
                .collect(Collectors.joining(", "));
    }

    private static List<KeySchemaElement> keys(Layout layout) {
        return layout == Layout.NATIVE
                ? List.of(key(RunItem.JOB, KeyType.HASH), key(RunItem.RUN_ID, KeyType.RANGE))
                : List.of(key(RunItem.RUN_ID, KeyType.HASH));
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeDefinition text(KeySchemaElement key) {
        return AttributeDefinition.builder()
                .attributeName(key.attributeName())
                .attributeType(ScalarAttributeType.S)
                .build();
    }
}
