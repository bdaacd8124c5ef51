package io.waybill.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The calls that writing takes, as S3 answers them: {@code PutObject} and {@code DeleteObject} with their conditions,
 * {@code DeleteObjects}, and multipart uploads with their checksums, least sizes and conditions.
 */
final class StubS3Writes {

    private static final int LEAST_PART = 5 << 20;
    private static final Pattern PART = Pattern.compile("<Part>(.*?)</Part>", Pattern.DOTALL);
    private static final Pattern KEY = Pattern.compile("<Key>(.*?)</Key>", Pattern.DOTALL);

    /** An upload that was begun and has not ended. */
    private static final class Upload {
        final String key;
        final boolean checked;
        final Map<String, String> metadata;
        final TreeMap<Integer, byte[]> parts = new TreeMap<>();

        Upload(String key, boolean checked, Map<String, String> metadata) {
            this.key = key;
            this.checked = checked;
            this.metadata = metadata;
        }
    }

    /** An answer: a status with a body, or with the code of an error. */
    record Answer(int status, String body, Map<String, String> headers) {

        static Answer of(String body) {
            return new Answer(200, body, Map.of());
        }

        static Answer error(int status, String code) {
            return new Answer(
                    status,
                    "<Error><Code>%s</Code><Message>told by the stub</Message></Error>".formatted(code),
                    Map.of());
        }
    }

    private final StubS3 s3;
    private final TreeMap<String, Upload> uploads = new TreeMap<>(); // by their ids
    private int begun;
    private long largestBody;

    StubS3Writes(StubS3 s3) {
        this.s3 = s3;
    }

    synchronized List<String> uploads() {
        return uploads.values().stream().map(upload -> upload.key).sorted().toList();
    }

    synchronized long largestBody() {
        return largestBody;
    }

    /** The words of the log for a request that writes, or null if it is none. */
    static @Nullable String words(String method, String key, Map<String, String> query) {
        if (query.containsKey("uploads")) {
            return method.equals("POST") ? "BEGIN " + key : "LIST UPLOADS prefix=" + query.get("prefix");
        }
        if (query.containsKey("delete")) {
            return "DELETE SEVERAL";
        }
        if (query.containsKey("uploadId")) {
            return switch (method) {
                case "PUT" -> "PART %s %s".formatted(key, query.get("partNumber"));
                case "POST" -> "COMPLETE " + key;
                default -> "ABORT " + key;
            };
        }
        return List.of("PUT", "DELETE").contains(method) ? method + " " + key : null;
    }

    /** Does what a request asks for, whose body was read. */
    synchronized Answer answer(HttpExchange exchange, String key, Map<String, String> query, byte[] body) {
        largestBody = Math.max(largestBody, body.length);
        String method = exchange.getRequestMethod();
        if (query.containsKey("uploads")) {
            return method.equals("POST") ? begin(exchange, key) : list(query);
        }
        if (query.containsKey("delete")) {
            matches(KEY, body).forEach(found -> s3.delete(unescaped(found.group(1))));
            return Answer.of("<DeleteResult/>");
        }
        if (query.containsKey("uploadId")) {
            return upload(exchange, method, key, query, body);
        }
        return unlessRefused(exchange, key, () -> {
            if (method.equals("DELETE")) {
                s3.delete(key);
                return new Answer(204, "", Map.of());
            }
            return new Answer(200, "", Map.of("ETag", s3.put(key, body, metadata(exchange))));
        });
    }

    private interface Change {
        Answer make();
    }

    private Answer unlessRefused(HttpExchange exchange, String key, Change change) {
        String etag = s3.etag(key);
        String match = exchange.getRequestHeaders().getFirst("If-Match");
        if (match != null && etag == null && exchange.getRequestMethod().equals("PUT")) {
            return Answer.error(404, "NoSuchKey");
        }
        boolean refused = (match != null && !match.equals(etag))
                || (exchange.getRequestHeaders().containsKey("If-None-Match") && etag != null);
        return refused ? Answer.error(412, "PreconditionFailed") : change.make();
    }

    private Answer begin(HttpExchange exchange, String key) {
        boolean checked = "CRC32".equals(exchange.getRequestHeaders().getFirst("x-amz-checksum-algorithm"));
        String id = "upload-%06d".formatted(++begun);
        uploads.put(id, new Upload(key, checked, metadata(exchange)));
        return Answer.of(("<InitiateMultipartUploadResult><Bucket>bucket</Bucket><UploadId>%s</UploadId>"
                        + "</InitiateMultipartUploadResult>")
                .formatted(id));
    }

    private Answer upload(HttpExchange exchange, String method, String key, Map<String, String> query, byte[] body) {
        String id = Objects.requireNonNull(query.get("uploadId"));
        Upload upload = uploads.get(id);
        if (upload == null || !upload.key.equals(key)) {
            return Answer.error(404, "NoSuchUpload");
        }
        return switch (method) {
            case "PUT" -> part(exchange, upload, Integer.parseInt(query.getOrDefault("partNumber", "")), body);
            case "DELETE" -> {
                uploads.remove(id);
                yield new Answer(204, "", Map.of());
            }
            default -> unlessRefused(exchange, key, () -> complete(id, upload, body));
        };
    }

    /** The checksum that the upload was begun with comes with each part, and no other. */
    private static Answer part(HttpExchange exchange, Upload upload, int number, byte[] body) {
        String checksum = exchange.getRequestHeaders().getFirst("x-amz-checksum-crc32");
        boolean checked = checksum != null || exchange.getRequestHeaders().containsKey("x-amz-trailer");
        if (checked != upload.checked) {
            return Answer.error(400, "InvalidRequest");
        }
        if (checksum != null && !checksum.equals(crc32(body))) {
            return Answer.error(400, "BadDigest");
        }
        upload.parts.put(number, body);
        return new Answer(200, "", Map.of("ETag", etag(body), "x-amz-checksum-crc32", crc32(body)));
    }

    private Answer complete(String id, Upload upload, byte[] body) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        List<MatchResult> wanted = matches(PART, body);
        if (wanted.isEmpty()) {
            return Answer.error(400, "MalformedXML");
        }
        for (int i = 0; i < wanted.size(); i++) {
            String xml = wanted.get(i).group(1);
            int number = Integer.parseInt(element("PartNumber", xml));
            byte[] bytes = upload.parts.get(number);
            if (bytes == null || !element("ETag", xml).equals(etag(bytes))) {
                return Answer.error(400, "InvalidPart");
            }
            if (upload.checked && !element("ChecksumCRC32", xml).equals(crc32(bytes))) {
                return Answer.error(400, "InvalidRequest");
            }
            if (bytes.length < LEAST_PART && i < wanted.size() - 1) {
                return Answer.error(400, "EntityTooSmall");
            }
            whole.writeBytes(bytes);
        }
        uploads.remove(id);
        String etag = s3.put(upload.key, whole.toByteArray(), upload.metadata);
        return Answer.of("<CompleteMultipartUploadResult><ETag>%s</ETag></CompleteMultipartUploadResult>"
                .formatted(etag.replace("\"", "&quot;")));
    }

    private Answer list(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        List<Map.Entry<String, Upload>> left =
                uploads.tailMap(query.getOrDefault("upload-id-marker", ""), false).entrySet().stream()
                        .filter(upload -> upload.getValue().key.startsWith(prefix))
                        .toList();
        List<Map.Entry<String, Upload>> page = left.subList(0, Math.min(left.size(), s3.pageSize()));
        StringBuilder entries = new StringBuilder();
        for (Map.Entry<String, Upload> upload : page) {
            entries.append("<Upload><Key>%s</Key><UploadId>%s</UploadId></Upload>"
                    .formatted(StubS3.encoded(upload.getValue().key), upload.getKey()));
        }
        if (page.size() < left.size()) {
            Map.Entry<String, Upload> last = page.get(page.size() - 1);
            entries.append("<NextKeyMarker>%s</NextKeyMarker><NextUploadIdMarker>%s</NextUploadIdMarker>"
                    .formatted(StubS3.encoded(last.getValue().key), last.getKey()));
        }
        return Answer.of(("<ListMultipartUploadsResult><EncodingType>url</EncodingType><IsTruncated>%s</IsTruncated>"
                        + "%s</ListMultipartUploadsResult>")
                .formatted(page.size() < left.size(), entries));
    }

    /** The bytes that a body means, which may come in pieces with a checksum behind them. */
    static byte[] body(HttpExchange exchange) throws IOException {
        InputStream in = exchange.getRequestBody();
        String sum = exchange.getRequestHeaders().getFirst("x-amz-content-sha256");
        if (sum == null || !sum.startsWith("STREAMING-")) {
            return in.readAllBytes();
        }
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        while (true) {
            int length = Integer.parseInt(line(in).replaceFirst(";.*", ""), 16);
            if (length == 0) {
                break;
            }
            byte[] piece = in.readNBytes(length);
            if (piece.length < length) {
                throw new EOFException();
            }
            data.writeBytes(piece);
            line(in);
        }
        byte[] bytes = data.toByteArray();
        for (String trailer = line(in); !trailer.isEmpty(); trailer = line(in)) {
            if (trailer.startsWith("x-amz-checksum-crc32:") && !trailer.endsWith(":" + crc32(bytes))) {
                throw new IOException("the checksum is %s, that of the bytes %s".formatted(trailer, crc32(bytes)));
            }
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    private static Map<String, String> metadata(HttpExchange exchange) {
        Map<String, String> metadata = new TreeMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (name.toLowerCase(java.util.Locale.ROOT).startsWith("x-amz-meta-")) {
                metadata.put(name, values.get(0));
            }
        });
        return metadata;
    }

    private static List<MatchResult> matches(Pattern pattern, byte[] xml) {
        return new ArrayList<>(pattern.matcher(new String(xml, UTF_8)).results().toList());
    }

    private static String element(String name, String xml) {
        List<MatchResult> found = matches(Pattern.compile("<%s>(.*?)</%s>".formatted(name, name)), xml.getBytes(UTF_8));
        return found.isEmpty() ? "" : unescaped(found.get(0).group(1));
    }

    private static String unescaped(String xml) {
        return xml.replace("&quot;", "\"")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }

    private static String etag(byte[] bytes) {
        return "\"" + new String(Base64.getEncoder().encode(crc(bytes)), ISO_8859_1) + "\"";
    }

    private static String crc32(byte[] bytes) {
        return Base64.getEncoder().encodeToString(crc(bytes));
    }

    private static byte[] crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
    }
}
