package io.waybill.manifest.dynamodb;

import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.RunManifestStoreProvider;
import io.waybill.manifest.spi.StoreLocation;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * Opens {@code dynamodb:TABLE} locations, with credentials from the SDK's default chain.
 *
 * <p>Options, in the location behind a question mark or beside it: {@code job}, {@code region} (by default that of the
 * SDK's chain), {@code endpoint} (a URL, such as that of DynamoDB Local), {@code layout} ({@code native} or {@code seed}; by
 * default what the table has). A client of one's own goes with {@link DynamoDbRunManifestStore#builder}.
 */
public final class DynamoDbRunManifestStoreProvider implements RunManifestStoreProvider {

    private static final Set<String> OPTIONS = Set.of("region", "endpoint", "layout");

    /** For {@link java.util.ServiceLoader}. */
    public DynamoDbRunManifestStoreProvider() {}

    @Override
    public String scheme() {
        return "dynamodb";
    }

    @Override
    public RunManifestStore open(String location, Map<String, String> options) {
        StoreLocation parsed = StoreLocation.parse(location, options, OPTIONS);
        OwnClient client = new OwnClient(client(parsed.options())::build);
        DynamoDbRunManifestStore.Builder store = DynamoDbRunManifestStore.builder(
                        client, client::close, parsed.address())
                .job(parsed.job());
        String layout = parsed.options().get("layout");
        if (layout != null) {
            store.layout(layout(layout));
        }
        return store.build();
    }

    private static DynamoDbClientBuilder client(Map<String, String> options) {
        DynamoDbClientBuilder client = DynamoDbClient.builder();
        if (options.containsKey("region")) {
            client.region(Region.of(options.get("region")));
        }
        if (options.containsKey("endpoint")) {
            client.endpointOverride(endpoint(options.get("endpoint")));
        }
        return client;
    }

    private static URI endpoint(String url) {
        try {
            URI endpoint = new URI(url);
            if (endpoint.getHost() != null && endpoint.getUserInfo() == null) {
                return endpoint;
            }
        } catch (URISyntaxException e) {
            // told below; the text may hold a secret
        }
        throw new IllegalArgumentException(
                "the option 'endpoint' is no URL without a user, want one such as http://localhost:8000");
    }

    private static Layout layout(String name) {
        return Arrays.stream(Layout.values())
                .filter(layout -> name(layout).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the layout is '%s', want %s"
                        .formatted(
                                name,
                                Arrays.stream(Layout.values())
                                        .map(DynamoDbRunManifestStoreProvider::name)
                                        .collect(Collectors.joining(" or ")))));
    }

    private static String name(Layout layout) {
        return layout.name().toLowerCase(Locale.ROOT);
    }
}
