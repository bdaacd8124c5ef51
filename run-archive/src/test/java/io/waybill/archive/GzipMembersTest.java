package io.waybill.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GzipMembersTest {

    private static final byte[] ONE = gzip("one\n");
    private static final byte[] TWO = gzip("two\ntwo\n");
    private static final byte[] NONE = gzip("");

    @Test
    void oneMemberIsItsData() throws Exception {
        assertThat(text(ONE)).isEqualTo("one\n");
        assertThat(text(NONE)).isEmpty();
    }

    @Test
    void manyMembersAreTheirDataInOrderAlsoThoseWithout() throws Exception {
        assertThat(text(join(ONE, TWO))).isEqualTo("one\ntwo\ntwo\n");
        assertThat(text(join(NONE, ONE, NONE, NONE, TWO, NONE))).isEqualTo("one\ntwo\ntwo\n");
        byte[][] thousand = new byte[1000][];
        Arrays.fill(thousand, ONE);
        assertThat(text(join(thousand))).isEqualTo("one\n".repeat(1000));
    }

    @Test
    void singleBytesAndSmallReadsGiveTheSameData() throws Exception {
        try (InputStream in = new GzipMembers(new ByteArrayInputStream(join(ONE, new byte[0], TWO)), "f")) {
            StringBuilder text = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                text.append((char) c);
            }
            assertThat(text).hasToString("one\ntwo\ntwo\n");
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(new byte[3])).isEqualTo(-1);
        }
        try (InputStream in = new GzipMembers(new ByteArrayInputStream(gzip(new byte[] {(byte) 0xff})), "f")) {
            assertThat(in.read()).isEqualTo(0xff);
        }
        try (InputStream in = new GzipMembers(new ByteArrayInputStream(ONE), "f")) {
            byte[] into = new byte[9];
            assertThat(in.read(into, 2, 0)).isZero();
            assertThat(in.read(into, 2, 3)).isEqualTo(3);
            assertThat(new String(into, UTF_8)).isEqualTo("\0\0one\0\0\0\0");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10, 17, 18, 4096})
    void aMemberBoundaryMayFallOnEveryOffsetOfWhatTheSourceGives(int step) throws Exception {
        byte[] members = join(ONE, NONE, withAllHeaderFields("three"), TWO, new byte[5]);
        for (int first = 1; first <= members.length; first++) {
            InputStream source = new Stingy(members, first, step);
            assertThat(text(source)).as("first read of %d bytes", first).isEqualTo("one\nthreetwo\ntwo\n");
        }
    }

    @Test
    void aMemberBoundaryMayFallOnEveryOffsetAroundTheEndOfTheBuffer() throws Exception {
        byte[] noise = new byte[GzipMembers.BUFFER];
        new Random(11).nextBytes(noise);
        for (int cut = 0; cut < 90; cut++) {
            byte[] data = Arrays.copyOf(noise, noise.length - cut); // stored blocks: each byte less is a byte less
            byte[] member = gzip(data);
            byte[] read = bytes(new ByteArrayInputStream(join(member, TWO, NONE, ONE)));
            assertThat(read).isEqualTo(join(data, "two\ntwo\none\n".getBytes(UTF_8)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1 << 16})
    void aFileCutShortAnywhereButAtTheEndOfAMemberIsAnError(int step) throws Exception {
        byte[][] parts = {ONE, withAllHeaderFields("three"), NONE, TWO};
        byte[] members = join(parts);
        Set<Integer> ends = new HashSet<>();
        int end = 0;
        for (byte[] part : parts) {
            end += part.length;
            ends.add(end);
        }
        for (int length = 0; length <= members.length; length++) {
            byte[] cut = Arrays.copyOf(members, length);
            int at = length;
            if (ends.contains(length)) {
                assertThatCode(() -> bytes(new Stingy(cut, step, step)))
                        .as("%d bytes", at)
                        .doesNotThrowAnyException();
            } else {
                assertThatThrownBy(() -> bytes(new Stingy(cut, step, step)))
                        .as("%d bytes", length)
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("f.gz: ")
                        .hasMessageEndingWith("at byte %d of the compressed file", length);
            }
        }
    }

    @Test
    void aFlippedBitIsAnErrorOrMakesNoDifferenceToTheData() throws Exception {
        byte[] members = join(ONE, TWO);
        for (int bit = 0; bit < members.length * 8; bit++) {
            byte[] flipped = members.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            String read;
            try {
                read = text(flipped);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("of the compressed file");
                continue;
            }
            assertThat(read).as("bit %d", bit).isEqualTo("one\ntwo\ntwo\n"); // such as the time in the header
        }
    }

    @Test
    void everyFlippedBitOfATrailerIsAnErrorThatNamesWhatWasThere() {
        for (int bit = 0; bit < 64; bit++) {
            byte[] flipped = join(ONE, TWO);
            int at = ONE.length - 8 + bit / 8;
            flipped[at] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> text(flipped))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching(
                            bit < 32
                                    ? "f.gz: checksum [0-9a-f]{8}, but the data's is %08x, at byte %d of.*"
                                            .formatted(crc("one\n"), ONE.length - 8)
                                    : "f.gz: length \\d+, but the data have 4 bytes, at byte %d of.*"
                                            .formatted(ONE.length - 4));
        }
    }

    @Test
    void everyFlippedBitOfAHeaderWithItsOwnChecksumIsAnError() {
        byte[] member = withAllHeaderFields("three");
        int header = member.length - gzip("three").length + 10;
        for (int bit = 0; bit < header * 8; bit++) {
            byte[] flipped = member.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> text(flipped)).as("bit %d", bit).isInstanceOf(IOException.class);
        }
    }

    @Test
    void zeroBytesBehindTheLastMemberAreAllowed() throws Exception {
        for (int zeros : new int[] {1, 2, 511, GzipMembers.BUFFER, 200_000}) {
            assertThat(text(join(ONE, TWO, new byte[zeros]))).isEqualTo("one\ntwo\ntwo\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "78 | garbage after the last gzip member: the bytes 78",
                "1f78 | garbage after the last gzip member: the bytes 1f 78",
                "1f | truncated in a gzip member's header",
            })
    void anythingElseBehindTheLastMemberIsAnError(String garbage, String message) {
        byte[] file = join(ONE, TWO, HexFormat.of().parseHex(garbage));
        assertThatThrownBy(() -> text(file)).isInstanceOf(IOException.class).hasMessageContaining(message);
    }

    @Test
    void aMemberOrGarbageBehindZeroBytesIsAnError() {
        String message =
                "f.gz: garbage after the last gzip member: the bytes 00 and later %s, at byte %d of the compressed file";
        assertThatThrownBy(() -> text(join(ONE, new byte[3], TWO))).hasMessage(message, "1f", ONE.length);
        assertThatThrownBy(() -> text(join(ONE, new byte[100_000], new byte[] {1})))
                .hasMessage(message, "01", ONE.length);
    }

    @Test
    void dataThatDoNotStartAsGzipAreAnError() {
        assertThatThrownBy(() -> text(new byte[0])).hasMessageContaining("the file is empty");
        assertThatThrownBy(() -> text("plain".getBytes(UTF_8)))
                .hasMessageContaining("starts with the bytes 70, want 1f 8b");
        assertThatThrownBy(() -> text(new byte[4])).hasMessageContaining("starts with the bytes 00, want 1f 8b");
        assertThatThrownBy(() -> text(new byte[] {0x1f, 'a'}))
                .hasMessageContaining("starts with the bytes 1f 61, want 1f 8b");
    }

    @Test
    void anUnknownMethodAndReservedFlagsAreErrors() {
        byte[] method = ONE.clone();
        method[2] = 7;
        assertThatThrownBy(() -> text(method)).hasMessageContaining("compression method 7", "at byte 2 ");
        byte[] flags = ONE.clone();
        flags[3] = 0x20;
        assertThatThrownBy(() -> text(flags)).hasMessageContaining("reserved flags set in the header (20), at byte 3 ");
    }

    @Test
    void afterAnErrorTheStreamNeverEndsQuietly() throws Exception {
        byte[] garbled = join(ONE, "x".getBytes(UTF_8));
        try (InputStream in = new GzipMembers(new ByteArrayInputStream(garbled), "f.gz")) {
            assertThat(in.readNBytes(4)).asString(UTF_8).isEqualTo("one\n");
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThatThrownBy(in::read)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("garbage after the last gzip member");
            }
        }
    }

    @Test
    void closingClosesTheSourceOnceAndEndsTheReading() throws Exception {
        int[] closed = {0};
        InputStream source = new FilterInputStream(new ByteArrayInputStream(ONE)) {
            @Override
            public void close() {
                closed[0]++;
            }
        };
        InputStream in = new GzipMembers(source, "f.gz");
        in.close();
        in.close();
        assertThat(closed).containsExactly(1);
        assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessage("f.gz: the stream is closed");
    }

    @Test
    void theLengthOfAMemberCountsModulo2To32() throws Exception {
        // 4 GiB of zeros and three more: the length field holds 3
        byte[] zeros = new byte[1 << 20];
        CRC32 crc = new CRC32();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(ONE, 0, 10);
        byte[] block = deflated(zeros, zeros.length, false);
        for (int i = 0; i < 4096; i++) {
            file.writeBytes(block);
            crc.update(zeros);
        }
        file.writeBytes(deflated(zeros, 3, true));
        crc.update(zeros, 0, 3);
        for (long field : new long[] {crc.getValue(), 3}) {
            for (int shift = 0; shift < 32; shift += 8) {
                file.write((int) (field >> shift));
            }
        }
        long read = 0;
        try (InputStream in = new GzipMembers(new ByteArrayInputStream(join(file.toByteArray(), ONE)), "f.gz")) {
            byte[] into = new byte[1 << 16];
            for (int n = in.read(into); n >= 0; n = in.read(into)) {
                read += n;
            }
        }
        assertThat(read).isEqualTo((1L << 32) + 3 + 4);
    }

    @Test
    void whateverTheJdkCompressesIsReadBack() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            int members = 1 + random.nextInt(6);
            for (int member = 0; member < members; member++) {
                byte[] part = new byte[random.nextInt(4) == 0 ? random.nextInt(200_000) : random.nextInt(50)];
                if (random.nextBoolean()) {
                    random.nextBytes(part);
                }
                data.writeBytes(part);
                file.writeBytes(random.nextInt(4) == 0 ? withAllHeaderFields(part) : gzip(part));
            }
            file.writeBytes(new byte[random.nextInt(3)]);
            int step = 1 + random.nextInt(random.nextBoolean() ? 8 : 100_000);
            byte[] read = bytes(new Stingy(file.toByteArray(), step, step));
            assertThat(Arrays.equals(read, data.toByteArray()))
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    /** A source that gives few bytes at a time and says that none is available. */
    private static final class Stingy extends InputStream {
        private final byte[] bytes;
        private final int step;
        private int limit;
        private int position;

        Stingy(byte[] bytes, int first, int step) {
            this.bytes = bytes;
            this.limit = first;
            this.step = step;
        }

        @Override
        public int read() {
            throw new AssertionError("one byte at a time");
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            int count = Math.min(length, Math.min(limit, bytes.length) - position);
            if (position == bytes.length) {
                return -1;
            }
            System.arraycopy(bytes, position, to, offset, count);
            position += count;
            limit = position + step;
            return count;
        }

        @Override
        public int available() {
            return 0;
        }
    }

    /** Deflated data that can stand behind any other: without references to what was before. */
    private static byte[] deflated(byte[] data, int length, boolean last) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        deflater.setInput(data, 0, length);
        if (last) {
            deflater.finish();
        }
        byte[] to = new byte[1 << 20];
        int count = deflater.deflate(to, 0, to.length, last ? Deflater.NO_FLUSH : Deflater.FULL_FLUSH);
        deflater.end();
        return Arrays.copyOf(to, count);
    }

    private static String text(byte[] file) throws IOException {
        return text(new ByteArrayInputStream(file));
    }

    private static String text(InputStream source) throws IOException {
        return new String(bytes(source), UTF_8);
    }

    private static byte[] bytes(InputStream source) throws IOException {
        try (InputStream in = new GzipMembers(source, "f.gz")) {
            return in.readAllBytes();
        }
    }

    private static byte[] gzip(String text) {
        return gzip(text.getBytes(UTF_8));
    }

    static byte[] gzip(byte[] data) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(file)) {
            gzip.write(data);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return file.toByteArray();
    }

    private static byte[] withAllHeaderFields(String text) {
        return withAllHeaderFields(text.getBytes(UTF_8));
    }

    /** A member with extra field, name, comment and header checksum, the rest as the JDK makes it. */
    private static byte[] withAllHeaderFields(byte[] data) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 0x1e, 1, 2, 3, 4, 0, 3});
        file.writeBytes(new byte[] {0x04, 0x01});
        file.writeBytes(new byte[0x104]);
        file.writeBytes("part-0.tsv\0 a comment\0".getBytes(UTF_8));
        CRC32 crc = new CRC32();
        crc.update(file.toByteArray());
        file.write((int) crc.getValue());
        file.write((int) (crc.getValue() >> 8));
        byte[] plain = gzip(data);
        file.write(plain, 10, plain.length - 10);
        return file.toByteArray();
    }

    private static long crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(UTF_8));
        return crc.getValue();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
