package io.waybill.archive;

import io.waybill.archive.Storage.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The listing of one folder, page by page; no more than one page is held. */
final class S3Listing implements Iterator<Entry> {

    private static final String FOLDER = "_$folder$";

    private final S3Location location;
    private final String folder;
    private final Supplier<Iterator<ListObjectsV2Response>> request;
    private final Runnable onEmpty;

    private @Nullable Iterator<ListObjectsV2Response> pages;
    private Iterator<String> page = Collections.emptyIterator();
    private @Nullable String last;
    private @Nullable String next;

    /** Tells when there is nothing in the folder, and no folder either. */
    S3Listing(S3Location location, String folder, Supplier<Iterator<ListObjectsV2Response>> request, Runnable onEmpty) {
        this.location = location;
        this.folder = folder;
        this.request = request;
        this.onEmpty = onEmpty;
    }

    @Override
    public boolean hasNext() {
        while (next == null && (page.hasNext() || turnPage())) {
            if (page.hasNext()) {
                accept(page.next());
            }
        }
        return next != null;
    }

    @Override
    public Entry next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        Entry entry = new Entry(next, null);
        next = null;
        return entry;
    }

    private boolean turnPage() {
        try {
            boolean first = pages == null;
            Iterator<ListObjectsV2Response> responses = pages == null ? request.get() : pages;
            pages = responses;
            if (!responses.hasNext()) {
                return false;
            }
            ListObjectsV2Response response = responses.next();
            TreeSet<String> keys = new TreeSet<>(Names.BYTE_ORDER);
            response.commonPrefixes().stream().map(CommonPrefix::prefix).forEach(keys::add);
            response.contents().stream().map(S3Object::key).forEach(keys::add);
            if (first && keys.isEmpty() && !Boolean.TRUE.equals(response.isTruncated())) {
                onEmpty.run();
            }
            keys.remove(folder); // the object that stands for the folder itself
            page = keys.iterator();
            return true;
        } catch (SdkException e) {
            throw unlisted(S3Failures.of(location.of(folder), e));
        }
    }

    private void accept(String key) {
        String before = last;
        if (before != null && Names.BYTE_ORDER.compare(key, before) < 0) {
            throw unlisted(new IOException(
                    "%s: listed '%s' after '%s', so not in the order of bytes, as directory buckets do: not served"
                            .formatted(location.of(folder), key, before)));
        }
        // a folder may come again on the next page; and its marker, as Hadoop writes it, comes behind it
        boolean again = before != null
                && (key.equals(before)
                        || (before.endsWith("/") && key.equals(before.substring(0, before.length() - 1) + FOLDER)));
        if (!again) {
            last = key;
            next = key;
        }
    }

    private UncheckedIOException unlisted(IOException cause) {
        return new UncheckedIOException("cannot list the runs in %s: %s".formatted(location, cause), cause);
    }
}
