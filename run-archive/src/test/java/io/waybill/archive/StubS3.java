package io.waybill.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One bucket, {@code bucket}, behind the calls that reading an archive takes: {@code ListObjectsV2}, {@code GetObject} with
 * a range and {@code If-Match}, {@code HeadObject}; and behind those that publishing takes, as {@link StubS3Writes} has them.
 * It keeps a log of the requests, and fails, waits or breaks where it is told to.
 */
public final class StubS3 implements AutoCloseable {

    /** When every object was last modified. */
    public static final Instant WRITTEN = Instant.parse("2017-04-11T11:00:00Z");

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // or each answer waits for 40 ms
    }

    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    /** An object: its bytes, its storage class, and what its restoring is, as in the header {@code x-amz-restore}. */
    private static final class Stored {
        final byte[] bytes;
        final String storageClass;
        final @Nullable String restore;
        final Map<String, String> metadata;
        final String etag;

        Stored(byte[] bytes, String storageClass, @Nullable String restore, Map<String, String> metadata) {
            this.metadata = metadata;
            this.bytes = bytes;
            this.storageClass = storageClass;
            this.restore = restore;
            CRC32 crc = new CRC32();
            crc.update(bytes);
            this.etag = "\"%s%08x\"".formatted(HexFormat.of().toHexDigits(bytes.length), crc.getValue());
        }
    }

    /** What goes wrong for the next requests that start so: the status and code to answer, or where to break. */
    private static final class Fault {
        static final long LOST = -2; // done, and no answer

        final String request;
        final int status;
        final String code;
        final String region;
        final long breakAt;
        int times;

        Fault(String request, int times, int status, String code, String region, long breakAt) {
            this.request = request;
            this.times = times;
            this.status = status;
            this.code = code;
            this.region = region;
            this.breakAt = breakAt;
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>(Names.BYTE_ORDER);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, Runnable> hooks = new ConcurrentHashMap<>();
    private final StubS3Writes writes = new StubS3Writes(this);
    private volatile Map.Entry<Integer, Runnable> numbered = Map.entry(Integer.MAX_VALUE, () -> {});
    private volatile boolean dead;
    private volatile int pageSize = 1000;
    private volatile boolean listsRestoring = true;

    /** Starts serving. */
    public StubS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Where it serves. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Puts an object, in the place of an earlier one. */
    public StubS3 put(String key, byte[] bytes) {
        return put(key, bytes, "STANDARD", null);
    }

    /** Puts an object of a storage class, which was restored or not. */
    public StubS3 put(String key, byte[] bytes, String storageClass, @Nullable String restore) {
        objects.put(key, new Stored(bytes, storageClass, restore, Map.of()));
        return this;
    }

    /** Puts an object with the headers that go with it, and tells its etag. */
    String put(String key, byte[] bytes, Map<String, String> metadata) {
        Stored stored = new Stored(bytes, "STANDARD", null, metadata);
        objects.put(key, stored);
        return stored.etag;
    }

    @Nullable
    String etag(String key) {
        Stored stored = objects.get(key);
        return stored == null ? null : stored.etag;
    }

    /** The keys that begin so, in their order. */
    public List<String> keys(String prefix) {
        return objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    /** What an object holds. */
    public byte[] bytes(String key) {
        Stored stored = objects.get(key);
        if (stored == null) {
            throw new IllegalArgumentException("there is no object " + key);
        }
        return stored.bytes;
    }

    /** The keys of the uploads that were begun and have not ended. */
    public List<String> uploads() {
        return writes.uploads();
    }

    /** How long the longest body was that was sent. */
    public long largestBody() {
        return writes.largestBody();
    }

    /** Deletes an object. */
    public void delete(String key) {
        objects.remove(key);
    }

    /** Gives no more than so many entries on a page. */
    public void pageSize(int entries) {
        pageSize = entries;
    }

    int pageSize() {
        return pageSize;
    }

    /** Does as servers do that know nothing of restoring in listings. */
    public void listsNoRestoring() {
        listsRestoring = false;
    }

    /** Answers the next requests that start so with an error. */
    public synchronized void fail(String request, int times, int status, String code) {
        fail(request, times, status, code, "");
    }

    /** Answers the next requests that start so with an error, and says which region the bucket is in. */
    public synchronized void fail(String request, int times, int status, String code, String region) {
        faults.add(new Fault(request, times, status, code, region, -1));
    }

    /** Breaks the connection of the next requests that start so when so many bytes of the body are sent. */
    public synchronized void breakAfter(String request, int times, long bytes) {
        faults.add(new Fault(request, times, 0, "", "", bytes));
    }

    /** Does what the next requests that start so ask for, and breaks the connection instead of answering. */
    public synchronized void loseAnswers(String request, int times) {
        faults.add(new Fault(request, times, 0, "", "", Fault.LOST));
    }

    /** Has an action run, once, before a request that starts so is looked at. */
    public void before(String request, Runnable action) {
        hooks.put(request, action);
    }

    /** Has an action run before the request that will be this one in the log; if it throws, the requests from there on break. */
    void beforeRequest(int number, Runnable action) {
        dead = false;
        numbered = Map.entry(number, action);
    }

    /** The requests so far, such as {@code LIST prefix=a/ delimiter=/ start-after=a/b}, {@code GET a/b bytes=5-}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** How many requests start so. */
    public long count(String start) {
        return requests.stream().filter(request -> request.startsWith(start)).count();
    }

    /** Forgets the requests so far. */
    public void forgetRequests() {
        requests.clear();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring(1);
            int slash = path.indexOf('/');
            String key = slash < 0 ? "" : path.substring(slash + 1);
            Map<String, String> query = query(exchange);
            String range = exchange.getRequestHeaders().getFirst("Range");
            String write = StubS3Writes.words(exchange.getRequestMethod(), key, query);
            String request = write != null
                    ? write
                    : key.isEmpty()
                            ? "LIST" + words(query)
                            : exchange.getRequestMethod() + " " + key + (range == null ? "" : " " + range);
            byte[] body = write == null ? new byte[0] : StubS3Writes.body(exchange);
            requests.add(request);
            if (dead) {
                return;
            }
            runHooks(request);
            Fault fault = faultFor(request);
            if (fault != null && fault.breakAt == -1) {
                if (!fault.region.isEmpty()) {
                    exchange.getResponseHeaders().set("x-amz-bucket-region", fault.region);
                }
                error(exchange, fault.status, fault.code);
            } else if (!path.equals("bucket") && !path.startsWith("bucket/")) {
                error(exchange, 404, "NoSuchBucket");
            } else if (write != null) {
                StubS3Writes.Answer answer = writes.answer(exchange, key, query, body);
                if (fault == null) {
                    answer.headers().forEach(exchange.getResponseHeaders()::set);
                    send(exchange, answer.status(), answer.body().getBytes(UTF_8), 0, -1);
                }
            } else if (key.isEmpty()) {
                send(exchange, 200, list(query).getBytes(UTF_8), 0, -1);
            } else {
                object(exchange, key, range, fault == null ? -1 : fault.breakAt);
            }
        }
    }

    private void runHooks(String request) {
        hooks.keySet().stream()
                .filter(request::startsWith)
                .toList()
                .forEach(start -> Objects.requireNonNull(hooks.remove(start)).run());
        Map.Entry<Integer, Runnable> next = numbered;
        if (requests.size() == next.getKey()) {
            numbered = Map.entry(Integer.MAX_VALUE, () -> {});
            try {
                next.getValue().run();
            } catch (RuntimeException e) {
                dead = true;
                throw e;
            }
        }
    }

    private synchronized @Nullable Fault faultFor(String request) {
        Optional<Fault> found = faults.stream()
                .filter(fault -> fault.times > 0 && request.startsWith(fault.request))
                .findFirst();
        found.ifPresent(fault -> fault.times--);
        return found.orElse(null);
    }

    private void object(HttpExchange exchange, String key, @Nullable String range, long breakAt) throws IOException {
        Stored stored = objects.get(key);
        String wanted = exchange.getRequestHeaders().getFirst("If-Match");
        if (stored == null) {
            error(exchange, 404, "NoSuchKey");
        } else if (wanted != null && !wanted.equals(stored.etag)) {
            error(exchange, 412, "PreconditionFailed");
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            stored.metadata.forEach(exchange.getResponseHeaders()::set);
            if (stored.restore != null) {
                exchange.getResponseHeaders().set("x-amz-restore", stored.restore);
            }
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(stored.bytes.length));
            exchange.sendResponseHeaders(200, -1);
        } else if (isCold(stored)) {
            error(exchange, 403, "InvalidObjectState");
        } else {
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
            exchange.getResponseHeaders().set("ETag", stored.etag);
            if (range != null) {
                int size = stored.bytes.length;
                exchange.getResponseHeaders().set("Content-Range", "bytes %d-%d/%d".formatted(from, size - 1, size));
            }
            send(exchange, range == null ? 200 : 206, stored.bytes, from, breakAt);
        }
    }

    private static boolean isCold(Stored stored) {
        boolean restored = stored.restore != null && stored.restore.contains("\"false\"");
        return List.of("GLACIER", "DEEP_ARCHIVE").contains(stored.storageClass) && !restored;
    }

    /** Sends the bytes from an offset, or so many of them and no more, in pieces of many sizes. */
    private static void send(HttpExchange exchange, int status, byte[] bytes, int from, long breakAt)
            throws IOException {
        exchange.sendResponseHeaders(status, bytes.length == from ? -1 : bytes.length - from);
        int end = breakAt < 0 ? bytes.length : (int) Math.min(bytes.length, from + breakAt);
        OutputStream out = exchange.getResponseBody();
        int piece = 1;
        for (int at = from; at < end; at += piece) {
            piece = Math.min(end - at, 1 + (at + 30_011) % 65_521);
            out.write(bytes, at, piece);
        }
        out.flush();
        if (end == bytes.length) {
            out.close();
        }
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        String told = "<Error><Code>%s</Code><Message>told by the stub</Message></Error>".formatted(code);
        send(exchange, status, told.getBytes(UTF_8), 0, -1);
    }

    private String list(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        String delimiter = query.get("delimiter");
        int limit = Math.min(pageSize, Integer.parseInt(query.getOrDefault("max-keys", "1000")));
        String token = query.get("continuation-token");
        String cursor = token == null
                ? query.getOrDefault("start-after", "")
                : new String(HexFormat.of().parseHex(token), UTF_8);
        StringBuilder entries = new StringBuilder();
        int count = 0;
        String key = next(prefix, cursor);
        for (; key != null && count < limit; count++) {
            int end = delimiter == null ? -1 : key.indexOf(delimiter, prefix.length());
            if (end < 0) {
                entries.append(contents(key, objects.get(key)));
                cursor = key;
            } else {
                String folder = key.substring(0, end + 1);
                entries.append("<CommonPrefixes><Prefix>%s</Prefix></CommonPrefixes>".formatted(encoded(folder)));
                cursor = folder + LAST;
            }
            key = next(prefix, cursor);
        }
        String more = key == null
                ? ""
                : "<NextContinuationToken>%s</NextContinuationToken>"
                        .formatted(HexFormat.of().formatHex(cursor.getBytes(UTF_8)));
        return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult><EncodingType>url</EncodingType>"
                        + "<IsTruncated>%s</IsTruncated>%s%s</ListBucketResult>")
                .formatted(key != null, more, entries);
    }

    private @Nullable String next(String prefix, String cursor) {
        String key =
                Names.BYTE_ORDER.compare(cursor, prefix) < 0 ? objects.ceilingKey(prefix) : objects.higherKey(cursor);
        return key != null && key.startsWith(prefix) ? key : null;
    }

    private String contents(String key, @Nullable Stored stored) {
        if (stored == null) {
            return ""; // deleted meanwhile
        }
        String restore = stored.restore;
        String restored = restore == null || !listsRestoring
                ? ""
                : "<RestoreStatus><IsRestoreInProgress>%s</IsRestoreInProgress>%s</RestoreStatus>"
                        .formatted(
                                restore.contains("\"true\""),
                                restore.contains("\"true\"")
                                        ? ""
                                        : "<RestoreExpiryDate>2037-01-01T00:00:00.000Z</RestoreExpiryDate>");
        return ("<Contents><Key>%s</Key><LastModified>%s</LastModified><ETag>%s</ETag><Size>%d</Size>"
                        + "<StorageClass>%s</StorageClass>%s</Contents>")
                .formatted(
                        encoded(key),
                        DateTimeFormatter.ISO_INSTANT.format(WRITTEN.atOffset(ZoneOffset.UTC)),
                        stored.etag.replace("\"", "&quot;"),
                        stored.bytes.length,
                        stored.storageClass,
                        restored);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new TreeMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String word : raw == null ? new String[0] : raw.split("&", -1)) {
            String[] parts = word.split("=", 2);
            query.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], UTF_8));
        }
        return query;
    }

    private static String words(Map<String, String> query) {
        StringBuilder words = new StringBuilder();
        for (String name : List.of("prefix", "delimiter", "start-after")) {
            if (query.containsKey(name)) {
                words.append(' ').append(name).append('=').append(query.get(name));
            }
        }
        return words.append(query.containsKey("continuation-token") ? " more" : "")
                .toString();
    }
}
