package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A large object, over connections that break. */
@Timeout(400)
class S3LargeObjectTest {

    private static final int BYTES = 200_000_000;
    private static final int EVENTS = 500; // of a member of the gzip file, which is repeated

    @TempDir
    private Path folder;

    @Test
    void aLargeObjectIsCompleteAndExactOrItsRunHasFailedAndNothingIsShort() throws Exception {
        try (S3Workbench work = new S3Workbench(folder)) {
            byte[] member = member(work.bench.events(EVENTS));
            int members = BYTES / member.length + 1;
            byte[] object = new byte[members * member.length];
            for (int i = 0; i < members; i++) {
                System.arraycopy(member, 0, object, i * member.length, member.length);
            }
            String whole = Workbench.run(0);
            String torn = Workbench.run(1);
            work.s3.put(S3Workbench.ROOT + "run=2000-01-01-00-00-00/part-0.gz", member);
            work.s3.put(S3Workbench.ROOT + whole + "/part-0.gz", object);
            work.s3.put(S3Workbench.ROOT + torn + "/part-0.gz", object);
            work.s3.breakAfter("GET " + S3Workbench.ROOT + whole, 1, object.length / 2);
            work.s3.breakAfter("GET " + S3Workbench.ROOT + whole, 1, 12_345);
            work.s3.breakAfter("GET " + S3Workbench.ROOT + torn, 1, object.length / 2);
            work.s3.breakAfter("GET " + S3Workbench.ROOT + torn, 99, 1_000);

            Result result = work.waybill("transform", S3Workbench.ARCHIVE, "--to=out", "--output=json");

            assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.SOME_RUNS_FAILED);
            String key = S3Workbench.ROOT + whole + "/";
            assertThat(result.results())
                    .containsEntry(key, "PROCESSED")
                    .containsEntry(S3Workbench.ROOT + torn + "/", "FAILED");
            assertThat(result.column("events")).containsEntry(key, Integer.toString(members * EVENTS));
            assertThat(result.column("bad_rows")).containsEntry(key, "0");
            assertRepeated(published("run=2000-01-01-00-00-00"), members, published(whole));
            assertThat(result.column("note").get(S3Workbench.ROOT + torn + "/"))
                    .contains("cannot be read at byte")
                    .contains("the connection broke 6 times");
            assertThat(folder.resolve("out").resolve(torn)).doesNotExist();
        }
    }

    private Path published(String run) {
        return folder.resolve("out").resolve(run).resolve("part-00000.ndjson");
    }

    /** The lines as gzip that is not compressed: it is as large as they are, and made in no time. */
    private static byte[] member(List<byte[]> lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes) {
            {
                def.setLevel(Deflater.NO_COMPRESSION);
            }
        }) {
            for (byte[] line : lines) {
                gzip.write(line);
                gzip.write('\n');
            }
        }
        return bytes.toByteArray();
    }

    private static void assertRepeated(Path once, int times, Path file) throws IOException {
        byte[] expected = Files.readAllBytes(once);
        assertThat(Files.size(file)).isEqualTo((long) times * expected.length);
        try (InputStream in = Files.newInputStream(file)) {
            for (int i = 0; i < times; i++) {
                assertThat(Arrays.equals(in.readNBytes(expected.length), expected))
                        .as("the events of member %d of %d", i, times)
                        .isTrue();
            }
        }
    }
}
