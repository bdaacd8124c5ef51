package io.waybill.archive;

import io.waybill.manifest.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.OptionalObjectAttributes;
import software.amazon.awssdk.services.s3.model.RestoreStatus;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The objects of a bucket whose keys begin alike. */
final class S3Storage implements Storage {

    // the storage classes that must be restored before they are read; GLACIER_IR need not be
    private static final Set<String> COLD = Set.of("GLACIER", "DEEP_ARCHIVE");

    private final S3Location location;
    private final S3Connection connection;
    private final Consumer<String> onNothing;

    /** Is told where there is nothing at all, if so. */
    S3Storage(S3Location location, S3Connection connection, Consumer<String> onNothing) {
        this.location = location;
        this.connection = connection;
        this.onNothing = onNothing;
    }

    @Override
    public String root() {
        return location.prefix();
    }

    @Override
    public String location() {
        return location.toString();
    }

    @Override
    public String location(RunId run, String name) {
        String key = run.key();
        if (!key.startsWith(root()) || key.length() == root().length() || !key.endsWith("/")) {
            throw new IllegalArgumentException(
                    "run '%s' is none of archive %s: want an id such as %srun=…/".formatted(key, location, root()));
        }
        return location.of(key + name);
    }

    @Override
    public Optional<Path> folder() {
        return Optional.empty();
    }

    @Override
    public Iterator<Entry> list(String folder, String from) {
        String start = startAfter(folder, from);
        if (start == null && !from.startsWith(folder) && Names.BYTE_ORDER.compare(from, folder) > 0) {
            return Collections.emptyIterator(); // all of the folder comes before
        }
        ListObjectsV2Request.Builder request = ListObjectsV2Request.builder()
                .bucket(location.bucket())
                .prefix(folder)
                .delimiter("/")
                .startAfter(start);
        Runnable onEmpty = folder.equals(root()) && start == null
                ? () -> onNothing.accept(location + ": there is nothing below it")
                : () -> {};
        return new S3Listing(location, folder, () -> pages(request.build()), onEmpty);
    }

    /**
     * The greatest text known to stand before all keys from the given one on in this folder; null for the folder's start.
     *
     * <p>Servers differ on whether a start at {@code run=1/} leaves out that folder, which has a key behind its own. So
     * the start is before: the key without its last character and what follows the one before that.
     */
    private static @Nullable String startAfter(String folder, String from) {
        if (!from.startsWith(folder) || from.length() == folder.length()) {
            return null;
        }
        int slash = from.indexOf('/', folder.length());
        String name = slash < 0 ? from : from.substring(0, slash + 1);
        String shorter = name.substring(0, name.length() - 1);
        char last = name.charAt(name.length() - 1);
        if (last > '!' && last <= '~') {
            return shorter + (char) (last - 1) + "~";
        }
        return Character.isSurrogate(last) || shorter.length() == folder.length() ? null : shorter;
    }

    @Override
    public void look(RunId run, RunContents contents) throws IOException {
        ListObjectsV2Request request = ListObjectsV2Request.builder()
                .bucket(location.bucket())
                .prefix(run.key())
                .optionalObjectAttributes(OptionalObjectAttributes.RESTORE_STATUS)
                .build();
        boolean there = false;
        List<RunFile> undecided = new ArrayList<>();
        try {
            for (Iterator<ListObjectsV2Response> pages = pages(request); pages.hasNext(); ) {
                for (S3Object object : pages.next().contents()) {
                    there = true;
                    look(run, object, contents, undecided);
                }
            }
        } catch (SdkException e) {
            throw S3Failures.of(location.of(run.key()), e);
        }
        if (!there) {
            throw new NoSuchFileException(
                    location.of(run.key()), null, "the folder of run %s is not there (any more)".formatted(run));
        }
        // one that must be restored keeps the whole run, so the others need not be asked for
        for (int i = 0; i < undecided.size() && !contents.isArchived(); i++) {
            if (!isRestored(undecided.get(i))) {
                contents.archived(undecided.get(i).name(), "not restored");
            }
        }
    }

    private static void look(RunId run, S3Object object, RunContents contents, List<RunFile> undecided) {
        String name = object.key().substring(run.key().length());
        if (object.size() == 0 && (name.isEmpty() || name.endsWith("/"))) {
            contents.note(name); // stands for a folder
            return;
        }
        RunFile file = new RunFile(
                run, name, object.size(), object.lastModified(), object.eTag() == null ? "" : object.eTag());
        boolean input = contents.add(file);
        RestoreStatus restore = object.restoreStatus();
        if (!input || !COLD.contains(String.valueOf(object.storageClassAsString()))) {
            return;
        }
        if (restore == null) {
            undecided.add(file); // never restored, or a server that does not list it
        } else if (Boolean.TRUE.equals(restore.isRestoreInProgress())) {
            contents.archived(name, "being restored");
        } else if (restore.restoreExpiryDate() == null) {
            contents.archived(name, "not restored");
        }
    }

    private boolean isRestored(RunFile file) throws IOException {
        String key = file.run().key() + file.name();
        try {
            String restore = connection
                    .client()
                    .headObject(request -> request.bucket(location.bucket()).key(key))
                    .restore();
            return restore != null && restore.contains("ongoing-request=\"false\"");
        } catch (SdkException e) {
            throw S3Failures.of(location.of(key), e);
        }
    }

    @Override
    public InputStream open(RunFile file) throws IOException {
        String key = file.run().key() + file.name();
        return new S3ObjectStream(connection, location.bucket(), key, file);
    }

    @Override
    public void close() {
        connection.close();
    }

    @Override
    public String toString() {
        return location.toString();
    }

    /** Pages, each asked for when it is wanted. */
    private Iterator<ListObjectsV2Response> pages(ListObjectsV2Request request) {
        return connection.client().listObjectsV2Paginator(request).iterator();
    }
}
