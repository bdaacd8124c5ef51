package io.waybill.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The bytes of one object as it was listed: all of them, in order, each once, or an exception.
 *
 * <p>A connection that breaks is followed by another, which asks for the bytes from where the first one stopped, on the
 * condition that they are still those of the same content. A request that is refused was repeated by the SDK already and
 * is not repeated here.
 */
final class S3ObjectStream extends CheckedStream {

    /** How many connections may break without one of them having brought {@link #ENOUGH} bytes. */
    static final int BREAKS = 5;

    /** What a connection must bring so that the breaks before it are forgotten. */
    static final long ENOUGH = 1 << 20;

    private final S3Connection connection;
    private final String bucket;
    private final String key;
    private final RunFile file;

    private ResponseInputStream<GetObjectResponse> body;
    private long position;
    private long begun;
    private int breaks;

    S3ObjectStream(S3Connection connection, String bucket, String key, RunFile file) throws IOException {
        super("s3://%s/%s".formatted(bucket, key));
        this.connection = connection;
        this.bucket = bucket;
        this.key = key;
        this.file = file;
        this.body = get();
    }

    @Override
    int readChecked(byte[] to, int offset, int length) throws IOException {
        while (true) {
            try {
                int count = body.read(to, offset, length);
                if (count > 0) {
                    position += count;
                    return count;
                }
                if (position == file.size()) {
                    return -1;
                }
                throw new EOFException("the connection ended");
            } catch (AbortedException | InterruptedIOException e) {
                if (Thread.currentThread().isInterrupted() || e instanceof AbortedException) {
                    throw stopped("interrupted", e);
                }
                reconnect(e); // a time-out
            } catch (SdkException e) {
                throw stopped("damaged on the way: " + e.getMessage(), e);
            } catch (IOException e) {
                if (position == file.size()) {
                    return -1; // it broke behind the last byte
                }
                reconnect(e);
            }
        }
    }

    private void reconnect(Exception why) throws IOException {
        breaks = position - begun >= ENOUGH ? 1 : breaks + 1;
        if (breaks > BREAKS) {
            throw stopped("the connection broke %d times, last: %s".formatted(breaks, why.getMessage()), why);
        }
        body.abort();
        body = get();
    }

    private ResponseInputStream<GetObjectResponse> get() throws IOException {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(bucket).key(key);
        if (!file.etag().isEmpty()) {
            request.ifMatch(file.etag());
        }
        if (position > 0) {
            request.range("bytes=%d-".formatted(position));
        }
        ResponseInputStream<GetObjectResponse> got;
        try {
            got = connection.client().getObject(request.build());
        } catch (SdkException e) {
            throw S3Failures.of("s3://%s/%s".formatted(bucket, key), e);
        }
        requireRest(got);
        begun = position;
        return got;
    }

    /** A server that ignores what it is asked for must not make lines double or lost. */
    private void requireRest(ResponseInputStream<GetObjectResponse> got) throws IOException {
        GetObjectResponse response = got.response();
        String range = response.contentRange();
        boolean fromHere = position == 0 || (range != null && range.startsWith("bytes %d-".formatted(position)));
        Long length = response.contentLength();
        if (!fromHere || length == null || length != file.size() - position) {
            got.abort();
            throw new IOException("s3://%s/%s: %d bytes were listed; asked for those from %d, S3 gave %s (range %s)"
                    .formatted(bucket, key, file.size(), position, length, range));
        }
    }

    private static IOException stopped(String what, Exception why) {
        return new IOException(Names.visible(what), why);
    }

    @Override
    void release() {
        body.abort(); // reading what is left, to use the connection again, could take long
    }
}
