package io.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.dynamodb.LocalDynamoDb;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;

/** The table that docs/dynamodb.md has AWS's own command line make. */
@Timeout(120)
class TableCommandTest {

    @Test
    void theTableThatIsMadeByTheCommandOfThePageIsTheStores() throws IOException {
        List<String> words = Page.read("docs/dynamodb.md").blocks().stream()
                .flatMap(block -> Shell.lines(block.lines()).stream())
                .filter(line -> line.startsWith("aws dynamodb create-table "))
                .flatMap(line -> Shell.commands(line).stream())
                .findFirst()
                .orElseThrow();
        SdkPojo request = AwsCommand.check(words.subList(1, words.size()));

        String credentials = "anyone";
        System.setProperty("aws.accessKeyId", credentials);
        System.setProperty("aws.secretAccessKey", credentials);
        try (DynamoDbClient client = DynamoDbClient.builder()
                        .endpointOverride(LocalDynamoDb.endpoint())
                        .region(Region.EU_WEST_1)
                        .build();
                RunManifestStore store = RunManifestStores.open(
                        "dynamodb:runs?region=eu-west-1&endpoint=" + LocalDynamoDb.endpoint(), Map.of())) {
            client.createTable(((CreateTableRequest.Builder) request).build());
            assertThat(client.describeTable(r -> r.tableName("runs")).table().keySchema())
                    .hasSize(2);
            store.create(); // takes it, as its key is right
        }
    }
}
