package io.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.dynamodb.LocalDynamoDb;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkPojo;
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

        System.setProperty("aws.accessKeyId", "anyone");
        System.setProperty("aws.secretAccessKey", "no-secret");
        DynamoDbClient client = LocalDynamoDb.client();
        client.createTable(((CreateTableRequest.Builder) request).build());
        try (RunManifestStore store =
                RunManifestStores.open("dynamodb:runs?region=eu-west-1&endpoint=" + LocalDynamoDb.endpoint())) {
            store.create(); // takes it, as its key is right
            assertThat(client.describeTable(r -> r.tableName("runs")).table().keySchema())
                    .hasSize(2);
        } finally {
            client.deleteTable(r -> r.tableName("runs"));
        }
    }
}
