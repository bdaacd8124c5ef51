package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.dynamodb.LocalDynamoDb;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The item of docs/dynamodb.md: the store reads it, and writes it so. */
@Timeout(120)
class StoredItemTest {

    private static final Path PAGE = Path.of("..", "docs").resolve("dynamodb.md");
    private static final RunId RUN = new RunId("enriched/archive/run=2017-04-11-10-00-00/");
    private static final RunRecord RECORD = new RunRecord(
            RUN,
            2,
            RunState.PROCESSED,
            "etl@ip-10-0-12-34#4242",
            "0f8fad5bd9cb469fa16570867728950e",
            Instant.ofEpochMilli(1_775_901_600_123L),
            Duration.ZERO,
            0,
            null,
            Map.of("rows", "420000"));

    @Test
    void theItemOfThePageIsReadAndWritten() throws IOException {
        Map<String, AttributeValue> item = itemOfThePage();
        String table = PostgresServer.newName();
        System.setProperty("aws.accessKeyId", "anyone");
        System.setProperty("aws.secretAccessKey", "no-secret");
        DynamoDbClient client = LocalDynamoDb.client();
        try (RunManifestStore store = RunManifestStores.open(
                "dynamodb:%s?region=eu-west-1&endpoint=%s".formatted(table, LocalDynamoDb.endpoint()))) {
            store.create();
            client.putItem(r -> r.tableName(table).item(item));
            assertThat(store.find(RUN)).contains(RECORD);

            Map<String, AttributeValue> before = new HashMap<>(item);
            before.put("Version", AttributeValue.fromN("1"));
            client.putItem(r -> r.tableName(table).item(before));
            assertThat(store.compareAndPut(RECORD)).isTrue();
            assertThat(client.scan(r -> r.tableName(table)).items()).containsExactly(item);
        }
    }

    private static Map<String, AttributeValue> itemOfThePage() throws IOException {
        String item = Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.startsWith("<!-- checked by ") || !line.contains("StoredItemTest"))
                .skip(2)
                .takeWhile(line -> !line.equals("```"))
                .collect(Collectors.joining("\n"));
        return attributes(new ObjectMapper().readTree(item));
    }

    private static Map<String, AttributeValue> attributes(JsonNode object) {
        Map<String, AttributeValue> attributes = new HashMap<>();
        object.properties().forEach(attribute -> attributes.put(attribute.getKey(), attribute(attribute.getValue())));
        return attributes;
    }

    private static AttributeValue attribute(JsonNode typed) {
        assertThat(typed).hasSize(1);
        Map.Entry<String, JsonNode> value = typed.properties().iterator().next();
        return switch (value.getKey()) {
            case "S" -> AttributeValue.fromS(value.getValue().asText());
            case "N" -> AttributeValue.fromN(value.getValue().asText());
            case "M" -> AttributeValue.fromM(attributes(value.getValue()));
            default -> throw new IllegalArgumentException("no type of an attribute: " + typed);
        };
    }
}
