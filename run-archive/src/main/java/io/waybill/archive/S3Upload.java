package io.waybill.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** An object that is uploaded in parts while it is written, and cannot be seen before it is completed. */
final class S3Upload extends OutputStream {

    /** How large each part is but the last; more than this is never kept in memory. */
    static final int PART = 8 << 20;

    private static final int MOST_PARTS = 10_000; // S3's limit
    private static final int FIRST_BUFFER = 64 * 1024;

    private final S3Writes bucket;
    private final String key;
    private final String draft;
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] buffer = new byte[FIRST_BUFFER];
    private int count;
    private boolean closed;
    private boolean whole;
    private volatile boolean aborted;
    private volatile @Nullable String id;

    S3Upload(S3Writes bucket, String key, String draft) {
        this.bucket = bucket;
        this.key = key;
        this.draft = draft;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        if (closed) {
            throw new IOException("%s: is closed, or could not be written".formatted(bucket.where(key)));
        }
        int at = offset;
        for (int left = length; left > 0; ) {
            if (count == PART) {
                sendPart();
            }
            int some = Math.min(left, PART - count);
            if (count + some > buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(PART, Math.max(2 * buffer.length, count + some)));
            }
            System.arraycopy(from, at, buffer, count, some);
            count += some;
            at += some;
            left -= some;
        }
    }

    /** Sends what is left. The object is whole now, if no write failed, but not completed. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            if (count > 0 || parts.isEmpty()) { // an empty object is one empty part
                sendPart();
            }
            end();
            whole = true;
        }
    }

    private void sendPart() throws IOException {
        boolean sent = false;
        try {
            String upload = id;
            if (upload == null) {
                requireWanted();
                upload = bucket.begin(key, draft);
                id = upload; // from now on it can be aborted
            }
            requireWanted();
            if (parts.size() == MOST_PARTS) {
                throw new IOException("%s: would have more than %,d parts of %,d bytes, which S3 does not take"
                        .formatted(bucket.where(key), MOST_PARTS, PART));
            }
            parts.add(bucket.send(key, upload, parts.size() + 1, buffer, count));
            count = 0;
            sent = true;
        } finally {
            if (!sent) {
                end();
            }
        }
    }

    private void requireWanted() throws IOException {
        if (aborted) {
            throw new IOException("%s: the output was withdrawn".formatted(bucket.where(key)));
        }
    }

    private void end() {
        closed = true;
        buffer = new byte[0];
    }

    /** Makes the object appear. */
    void complete() throws IOException {
        String upload = id;
        if (!whole || upload == null) {
            throw new IllegalStateException("%s was not written to its end".formatted(bucket.where(key)));
        }
        bucket.complete(key, upload, parts, draft);
        id = null;
    }

    /** Gives up what was uploaded and not completed, if anything was; may be called again, and while a part is sent. */
    void abort() throws IOException {
        aborted = true;
        String upload = id;
        if (upload != null) {
            bucket.abort(key, upload);
            id = null;
        }
    }
}
