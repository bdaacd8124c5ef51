package io.waybill.manifest.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.StoreSchemaMismatchException;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;

@Timeout(120)
class DynamoDbRunManifestStoreProviderTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");

    private final String table = TestTables.newName();

    @BeforeEach
    void giveTheDefaultChainCredentials() {
        System.setProperty("aws.accessKeyId", "anyone");
        System.setProperty("aws.secretAccessKey", "no-secret");
    }

    @AfterEach
    void takeThemBack() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    private static RunManifestStore open(String location) {
        return RunManifestStores.open(location, Map.of());
    }

    private String local(String options) {
        return "dynamodb:%s?region=eu-west-1&endpoint=%s%s".formatted(table, LocalDynamoDb.endpoint(), options);
    }

    @Test
    void aLocationIsAllThatIsNeeded() {
        try (RunManifestStore sessions = open(local("&job=sessions"));
                RunManifestStore others = open(local(""))) {
            RunManifest manifest = RunManifest.over(sessions);
            manifest.create();
            assertThat(manifest.add(RUN)).isTrue();
            assertThat(RunManifest.over(others).contains(RUN)).as("another job").isFalse();
            assertThat(sessions).hasToString("DynamoDB table %s job sessions", table);
        }
    }

    @Test
    void theLayoutCanBeSaid() {
        try (RunManifestStore seed = open(local("&layout=seed"));
                RunManifestStore found = open(local(""));
                RunManifestStore wrong = open(local("&layout=native"))) {
            seed.create();
            assertThat(RunManifest.over(seed).add(RUN)).isTrue();
            assertThat(RunManifest.over(found).contains(RUN)).isTrue();
            assertThatThrownBy(wrong::create).isInstanceOf(StoreSchemaMismatchException.class);
            assertThatThrownBy(() -> wrong.find(RUN)).isInstanceOf(StoreSchemaMismatchException.class);
        }
    }

    @Test
    void optionsBesideTheLocationWin() {
        try (RunManifestStore store = RunManifestStores.open(local("&job=inside"), Map.of("job", "beside"))) {
            assertThat(store).hasToString("DynamoDB table %s job beside", table);
        }
    }

    @Test
    void nothingIsSentBeforeTheFirstOperation() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(400, -1);
            exchange.close();
        });
        server.start();
        try (RunManifestStore store = open("dynamodb:runs?region=eu-west-1&endpoint=http://localhost:%d"
                .formatted(server.getAddress().getPort()))) {
            RunManifest manifest = RunManifest.over(store);
            assertThat(manifest).asString().contains("DynamoDB table runs");
            assertThat(requests).hasValue(0);
            assertThatThrownBy(() -> manifest.contains(RUN)).isInstanceOf(StoreUnavailableException.class);
            assertThat(requests).hasValue(1);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void whereNoClientCanBeMadeTheWayOutIsTold() {
        OwnClient none = new OwnClient(() -> {
            throw SdkClientException.create("Unable to load region");
        });
        try (DynamoDbRunManifestStore store = DynamoDbRunManifestStore.builder(none, none::close, table)
                .layout(Layout.NATIVE)
                .build()) {
            assertThatThrownBy(() -> store.find(RUN))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("region=eu-west-1 in the location or AWS_REGION: Unable to load region");
        }
    }

    @Test
    void aStoreThatIsClosedSendsNothing() {
        RunManifestStore store = open(local(""));
        store.create();
        store.close();
        store.close();
        assertThatThrownBy(() -> store.find(RUN))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the store is closed");
    }

    @Test
    void aClientOfTheUsersIsNotClosed() {
        DynamoDbRunManifestStore store = TestTables.created(LocalDynamoDb.client(), Layout.NATIVE);
        store.close();
        assertThat(store.find(RUN)).isEmpty();
    }

    @Test
    void aServiceThatIsNotThereIsUnavailableAndNoSecretIsTold() throws IOException {
        int nobody;
        try (ServerSocket free = new ServerSocket(0)) {
            nobody = free.getLocalPort();
        }
        try (RunManifestStore store =
                open("dynamodb:runs?region=eu-west-1&endpoint=http://localhost:%d".formatted(nobody))) {
            assertThatThrownBy(() -> store.find(RUN))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageStartingWith("DynamoDB table runs job default: DynamoDB did not do it: ")
                    .hasMessageNotContaining("no-secret")
                    .hasStackTraceContaining("Connection refused");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dynamodb:ab                      | 'ab' is no table name, want 3 to 255 letters, digits, dots, hyphens and underscores",
                "dynamodb:                        | '' is no table name, want 3 to 255 letters, digits, dots, hyphens and underscores",
                "dynamodb:my/runs                 | 'my/runs' is no table name, want 3 to 255 letters, digits, dots, hyphens and underscores",
                "dynamodb:runs?layout=nativ       | the layout is 'nativ', want native or seed",
                "dynamodb:runs?layout=            | the layout is '', want native or seed",
                "dynamodb:runs?job=               | '' is no job name, want 1 to 255 characters",
                "dynamodb:runs?regoin=eu-west-1   | store location dynamodb:runs: unknown option 'regoin', did you mean 'region'? (valid: endpoint, job, layout, region)",
                "dynamodb:runs?endpoint=localhost | the option 'endpoint' is no URL without a user, want one such as http://localhost:8000"
            })
    void whatIsNotUnderstoodIsRefusedWithWhatWouldBeRight(String location, String message) {
        assertThatThrownBy(() -> open(location))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://me:s3cret@localhost:8000", "http://localhost:80 00/s3cret"})
    void aSecretInAnEndpointIsNotTold(String endpoint) {
        assertThatThrownBy(() -> open("dynamodb:runs?endpoint=" + endpoint))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }
}
