package io.waybill.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output of one run under one claim, from its first byte until it is published or given up.
 *
 * <p>Its objects are multipart uploads, which nobody sees until they are completed. Publishing completes them, points the
 * run's marker at them, and removes what earlier fences left: their objects, and their uploads, so that a worker whose claim
 * was taken over cannot complete them any more. Safe for use by many threads, that of a heartbeat among them.
 */
public final class S3Draft implements AutoCloseable {

    private static final int TRIES = 10;
    private static final Logger log = LoggerFactory.getLogger(S3Draft.class);

    private enum State {
        HIDDEN,
        APPEARING,
        PUBLISHED,
        GONE
    }

    private final S3Writes bucket;
    private final String run;
    private final long fence;
    private final S3Marker mine;
    private final List<S3Upload> uploads = new ArrayList<>(); // guarded by itself
    private S3Writes.@Nullable Content marker; // as last read; guarded by this
    private State state = State.HIDDEN; // guarded by this

    S3Draft(S3Writes bucket, String run, long fence, String archive) {
        this.bucket = bucket;
        this.run = run;
        this.fence = fence;
        this.mine = S3Marker.of(fence, UUID.randomUUID().toString(), archive);
    }

    /**
     * Where the output can be seen when it is published.
     *
     * @return {@code s3://bucket/} and the key of the folder that has the fence in its name
     */
    public String location() {
        return bucket.where(folder());
    }

    /**
     * Begins an object. A few megabytes of it are kept in memory.
     *
     * @param name its path below {@link #location}
     * @return where to write it; the caller closes it, and what was not closed without an exception is not published
     */
    public OutputStream create(String name) {
        S3Upload upload = new S3Upload(bucket, folder() + name, mine.id());
        synchronized (uploads) {
            uploads.add(upload);
        }
        return upload;
    }

    /**
     * Publishes what was written, in the place of what an earlier fence published. If it throws, {@link #close} takes back
     * what can be seen already.
     *
     * @param stillOurs renews the claim, or throws: asked for before anything can be seen
     * @throws IOException if S3 refuses or does not answer, or somebody else has published the run meanwhile
     * @throws IllegalStateException if an object was not written to its end, or the draft was withdrawn
     */
    public synchronized void publish(Runnable stillOurs) throws IOException {
        if (state != State.HIDDEN) {
            throw new IllegalStateException("%s is %s".formatted(location(), state));
        }
        stillOurs.run();
        state = State.APPEARING;
        for (S3Upload upload : uploads()) {
            upload.complete();
        }
        pointMarkerHere();
        state = State.PUBLISHED;
        removeEarlier();
    }

    /** Gives up what was not published. A failure to do so is logged: what is left is removed with the next publication. */
    @Override
    public synchronized void close() {
        if (state != State.PUBLISHED) {
            try {
                withdraw();
            } catch (IOException e) {
                log.warn("{} was not removed yet: {}", location(), e.getMessage());
            }
        }
    }

    /**
     * Takes back what was published or uploaded, for a claim that was lost. The marker is left alone if it is another's.
     *
     * @throws IOException if S3 refuses or does not answer
     */
    public synchronized void withdraw() throws IOException {
        boolean interrupted = Thread.interrupted(); // the SDK asks nothing for a thread that is
        try {
            boolean visible = state == State.APPEARING || state == State.PUBLISHED;
            if (visible) {
                removeMarker(); // first, as it must not point at nothing
            }
            for (S3Upload upload : uploads()) {
                upload.abort();
            }
            if (visible) {
                bucket.remove(folder(), key -> true, key -> true);
            }
            state = State.GONE;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Reads the marker, which must not be one that this draft cannot replace. */
    synchronized void requireReplaceable() throws IOException {
        Optional<S3Writes.Content> there = bucket.read(markerKey());
        marker = there.orElse(null);
        if (there.isEmpty()) {
            return;
        }
        String where = bucket.where(markerKey());
        S3Marker found = S3Marker.parse(there.get().text())
                .orElseThrow(() -> new IOException(
                        "%s is there already and was not written by waybill: move it away, or choose another output"
                                .formatted(where)));
        if (!found.archive().equals(mine.archive())) {
            throw new IOException("%s was published from another archive (%s): choose another output, or move it away"
                    .formatted(where, found.archive()));
        }
        if (found.fence() >= fence && !found.id().equals(mine.id())) {
            throw new IOException(
                    ("%s was published under the fence %d, and this claim's is %d: another has taken the run"
                                    + " over; or another manifest or job wrote it, or this manifest was begun anew: then choose"
                                    + " another output, or move it away")
                            .formatted(where, found.fence(), fence));
        }
    }

    private void pointMarkerHere() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            if (bucket.replace(markerKey(), marker, mine.toJson())) {
                return;
            }
            requireReplaceable();
            if (isMine(marker)) { // an answer was lost, and the SDK asked again
                return;
            }
        }
        throw new IOException(
                "%s was changed by others %d times meanwhile".formatted(bucket.where(markerKey()), TRIES));
    }

    private void removeMarker() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Optional<S3Writes.Content> there = bucket.read(markerKey());
            if (there.isEmpty() || !isMine(there.get()) || bucket.delete(markerKey(), there.get())) {
                return;
            }
        }
        throw new IOException(
                "%s was changed by others %d times meanwhile".formatted(bucket.where(markerKey()), TRIES));
    }

    private boolean isMine(S3Writes.@Nullable Content content) {
        return content != null
                && S3Marker.parse(content.text()).filter(mine::equals).isPresent();
    }

    /** What earlier fences left does not count any more, so a failure to remove it is not the run's. */
    private void removeEarlier() {
        try {
            // no upload of this fence is needed any more: one may be left of which the SDK did not get the answer
            bucket.remove(run + S3Marker.folders(), key -> fenceOf(key) <= fence, key -> fenceOf(key) < fence);
        } catch (IOException e) {
            log.warn("{}: what earlier fences left was not removed: {}", bucket.where(run), e.getMessage());
        }
    }

    private long fenceOf(String key) {
        return S3Marker.fenceOf(key.substring(run.length())).orElse(Long.MAX_VALUE);
    }

    private List<S3Upload> uploads() {
        synchronized (uploads) {
            return List.copyOf(uploads);
        }
    }

    private String folder() {
        return run + S3Marker.folder(fence);
    }

    private String markerKey() {
        return run + S3Output.MARKER;
    }

    @Override
    public String toString() {
        return "draft of " + location();
    }
}
