package io.waybill.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.RunId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** Reading files from S3 over connections that break. {@code -Dwaybill.object.mb=200} reads larger ones. */
@Timeout(120)
class S3ReadingTest {

    private static final RunId RUN = new RunId("archive/run=2017-04-11-10-00-00/");
    private static final String KEY = RUN + "part 0+%é.gz";
    private static final int MEGABYTES = Integer.getInteger("waybill.object.mb", 8);

    private final StubS3 s3 = TestClients.stub();
    private final S3Client client = TestClients.of(s3.endpoint());
    private RunArchive archive = archive(client);

    private static RunArchive archive(S3Client client) {
        try {
            return RunArchive.at("s3://bucket/archive/").client(client).open();
        } catch (IOException e) {
            throw new AssertionError("nothing is asked of S3 yet", e);
        }
    }

    @BeforeEach
    void open() {
        archive = archive(client);
    }

    @AfterEach
    void stop() {
        archive.close();
        client.close();
        s3.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 100_000})
    void aPlainFileOfAnySizeIsReadAsItIs(int size) throws Exception {
        byte[] data = noise(size);
        s3.put(RUN + "part-0", data);
        try (InputStream in = archive.open(only())) {
            assertThat(in.readAllBytes()).isEqualTo(data);
        }
        assertThat(s3.requests()).hasSize(2);
    }

    @Test
    void aLargeGzipFileOfManyMembersIsExactHoweverOftenTheConnectionBreaks() throws Exception {
        byte[] data = noise(MEGABYTES << 20);
        byte[] packed = members(data, 700_001);
        s3.put(KEY, packed);
        s3.breakAfter("GET ", 3, packed.length / 5);
        s3.breakAfter("GET ", 1, 0);
        s3.breakAfter("GET ", 1, 1);
        LongAdder progress = new LongAdder();
        try (InputStream in = archive.open(only(), progress::add)) {
            assertSame(in, data);
        }
        assertThat(progress.sum()).isEqualTo(packed.length);
        assertThat(s3.count("GET ")).isEqualTo(6);
        assertThat(s3.requests()).contains("GET " + KEY + " bytes=%d-".formatted(packed.length / 5));
    }

    @Test
    void aConnectionMayBreakAtEveryByteOfASmallFile() throws Exception {
        byte[] data = "one\ntwo\nthree\n".getBytes(UTF_8);
        byte[] packed = members(data, 5);
        s3.put(KEY, packed);
        RunFile file = only();
        for (int at = 0; at <= packed.length; at++) {
            s3.breakAfter("GET ", 1, at);
            try (InputStream in = archive.open(file)) {
                assertThat(in.readAllBytes()).as("broken after %d bytes", at).isEqualTo(data);
            }
        }
    }

    @Test
    void aConnectionThatBreaksAgainAndAgainIsAnErrorAndNeverAShortFile() throws Exception {
        s3.put(KEY, members(noise(300_000), 1000));
        RunFile file = only();
        s3.breakAfter("GET ", 99, 1000);
        try (InputStream in = archive.open(file)) {
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("s3://bucket/%s: cannot be read at byte 6000: ", KEY)
                    .hasMessageContaining("the connection broke 6 times, last: ");
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
        }
        assertThat(s3.count("GET ")).isEqualTo(1 + S3ObjectStream.BREAKS);
    }

    @Test
    void aFileThatIsReplacedWhileItIsReadIsAnError() throws Exception {
        byte[] first = members(noise(300_000), 300_000);
        s3.put(KEY, first);
        RunFile file = only();
        s3.breakAfter("GET ", 1, 100_000);
        try (InputStream in = archive.open(file)) {
            s3.put(KEY, Arrays.copyOf(first, first.length + 1));
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("was replaced by another object since it was listed");
        }
        assertThatThrownBy(() -> archive.open(file)).hasMessageContaining("was replaced by another object");
        s3.delete(KEY);
        assertThatThrownBy(() -> archive.open(file))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage("s3://bucket/%s: is not there (any more)", KEY);
    }

    @Test
    void throttledAndRefusedReadsAreRepeatedOrSaid() throws Exception {
        s3.put(RUN + "part-0", new byte[] {1});
        RunFile file = only();
        s3.fail("GET ", 2, 503, "SlowDown");
        try (InputStream in = archive.open(file)) {
            assertThat(in.readAllBytes()).containsExactly(1);
        }
        s3.put(RUN + "part-0", new byte[] {1}, "GLACIER", null);
        assertThatThrownBy(() -> archive.open(file))
                .hasMessageContaining("is archived and must be restored first (status 403, InvalidObjectState");
        s3.fail("GET ", 1, 403, "AccessDenied");
        assertThatThrownBy(() -> archive.open(file))
                .hasMessageContaining("access was refused: status 403, AccessDenied");
    }

    @Test
    void aStreamThatIsClosedEarlyReadsNoMore() throws Exception {
        s3.put(KEY, members(noise(4 << 20), 1 << 20));
        InputStream in = archive.open(only());
        assertThat(in.read()).isNotNegative();
        in.close();
        in.close();
        assertThatThrownBy(in::read).hasMessageContaining("the stream is closed");
    }

    private RunFile only() throws IOException {
        return archive.inspect(RUN).files().get(0);
    }

    private static byte[] noise(int size) {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        return data;
    }

    private static byte[] members(byte[] data, int each) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (int from = 0; from < data.length; from += each) {
            try (OutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(data, from, Math.min(each, data.length - from));
            }
        }
        return packed.toByteArray();
    }

    private static void assertSame(InputStream in, byte[] expected) throws IOException {
        byte[] some = new byte[100_000];
        int at = 0;
        for (int count = in.read(some); count >= 0; count = in.read(some)) {
            assertThat(Arrays.equals(some, 0, count, expected, at, at + count))
                    .as("from byte %d", at)
                    .isTrue();
            at += count;
        }
        assertThat(at).isEqualTo(expected.length);
    }
}
