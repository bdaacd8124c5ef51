package io.waybill.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The same requests on a server that others wrote, as our own stand-in may share our mistakes. */
@Timeout(120)
class S3ProxyTest {

    private static final String RUN = "run=2017-04-11-10-00-00/";

    private final S3Proxy server = S3Proxy.builder()
            .blobStore(BlobStores.create("transient-nio2", new Properties()))
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "local-identity", "local-credential")
            .ignoreUnknownHeaders(true)
            .build();
    private S3Client client = TestClients.of(URI.create("http://127.0.0.1:1"));

    @BeforeEach
    void start() throws Exception {
        server.start();
        // the server closes connections on which bodies came in pieces, without a word, which the client finds out too
        // late
        client = TestClients.builder(URI.create("http://127.0.0.1:" + server.getPort()))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .serviceConfiguration(configuration -> configuration.chunkedEncodingEnabled(false))
                .build();
        client.createBucket(request -> request.bucket("bucket"));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.stop();
    }

    @Test
    void runsAreListedInPagesAndRangesAndTheirFilesRead() throws Exception {
        List<String> runs = IntStream.range(0, 1_100)
                .mapToObj("archive +%%é/run=2017-04-11-10-00-00-%04d/"::formatted)
                .toList();
        for (String run : runs) {
            put(run + "part 0+%é", run.getBytes(UTF_8));
        }
        try (RunArchive archive =
                RunArchive.at("s3://bucket/archive +%é").client(client).open()) {
            try (Stream<RunId> all = archive.runs(RunRange.all());
                    Stream<RunId> tail = archive.runs(new RunRange(runs.get(1_000), null))) {
                assertThat(all.map(RunId::key)).isEqualTo(runs);
                assertThat(tail.map(RunId::key)).isEqualTo(runs.subList(1_000, 1_100));
            }
            RunInspection look = archive.inspect(new RunId(runs.get(7)));
            try (InputStream in = archive.open(look.files().get(0))) {
                assertThat(in).hasContent(runs.get(7));
            }
        }
    }

    @Test
    void aRunIsPublishedReplacedAndWithdrawn() throws Exception {
        byte[] data = new byte[2 * S3Upload.PART + 5];
        new Random(7).nextBytes(data);
        try (S3Output output = S3Output.at("s3://bucket/json +%é", "a", client)) {
            publish(output, 3, "part-0", data).close();
            S3Draft left = output.begin(RUN, 4);
            write(left, "part-0", data);

            S3Draft second = publish(output, 5, "part 0+%é", data);

            assertThat(keys()).containsExactly("json +%é/" + RUN + "_SUCCESS", "json +%é/" + RUN + "fence=5/part 0+%é");
            assertThat(client.getObjectAsBytes(
                                    request -> request.bucket("bucket").key(keys().get(1)))
                            .asByteArray())
                    .isEqualTo(data);
            assertThatThrownBy(() -> left.publish(() -> {})).isInstanceOf(IOException.class);
            left.close();
            assertThatThrownBy(() -> output.begin(RUN, 4)).hasMessageContaining("under the fence 5");
            assertThat(keys()).hasSize(2);

            second.withdraw();
            assertThat(keys()).isEmpty();
        }
    }

    private static S3Draft publish(S3Output output, long fence, String name, byte[] data) throws IOException {
        try (S3Draft draft = output.begin(RUN, fence)) {
            write(draft, name, data);
            draft.publish(() -> {});
            return draft;
        }
    }

    private static void write(S3Draft draft, String name, byte[] data) throws IOException {
        try (OutputStream out = draft.create(name)) {
            out.write(data);
        }
    }

    private List<String> keys() {
        return client.listObjectsV2(request -> request.bucket("bucket")).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private void put(String key, byte[] bytes) {
        client.putObject(request -> request.bucket("bucket").key(key), RequestBody.fromBytes(bytes));
    }
}
