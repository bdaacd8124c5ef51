package io.waybill.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CommonPrefix;

/** The published runs in a place, as a reader finds them: by their markers. */
final class S3Publications {

    private final S3Connection connection;
    private final S3Location location;
    private final S3Writes bucket;

    S3Publications(S3Connection connection, S3Location location) {
        this.connection = connection;
        this.location = location;
        this.bucket = new S3Writes(connection, location);
    }

    /** The folder that the marker of a run names, if there is a marker, and something in the folder. */
    Optional<String> find(String run) throws IOException {
        Optional<S3Marker> marker = marker(run);
        if (marker.isEmpty()) {
            return Optional.empty();
        }
        String folder = location.prefix() + run + S3Marker.folder(marker.get().fence());
        return isEmpty(folder) ? Optional.empty() : Optional.of(location.of(folder));
    }

    /** The paths, of no more than so many folders, of the runs that an archive published and that are not among the known. */
    List<String> unknown(Predicate<String> isKnown, int depth, String archive) throws IOException {
        List<String> unknown = new ArrayList<>();
        addUnknown("", isKnown, depth, S3Marker.of(0, "", archive).archive(), unknown);
        return unknown;
    }

    private void addUnknown(String folder, Predicate<String> isKnown, int depth, String archive, List<String> unknown)
            throws IOException {
        for (String path : folders(folder)) {
            if (isKnown.test(path)) {
                continue;
            }
            Optional<S3Writes.Content> there = bucket.read(location.prefix() + path + S3Output.MARKER);
            if (there.isEmpty()) {
                if (depth > 1) {
                    addUnknown(path, isKnown, depth - 1, archive, unknown);
                }
            } else if (S3Marker.parse(there.get().text())
                    .filter(marker -> marker.archive().equals(archive))
                    .isPresent()) {
                unknown.add(path);
            }
        }
    }

    private Optional<S3Marker> marker(String run) throws IOException {
        return bucket.read(location.prefix() + run + S3Output.MARKER)
                .flatMap(content -> S3Marker.parse(content.text()));
    }

    private List<String> folders(String folder) throws IOException {
        String prefix = location.prefix() + folder;
        try {
            return connection
                    .client()
                    .listObjectsV2Paginator(request ->
                            request.bucket(location.bucket()).prefix(prefix).delimiter("/"))
                    .commonPrefixes()
                    .stream()
                    .map(CommonPrefix::prefix)
                    .map(key -> key.substring(location.prefix().length()))
                    .distinct()
                    .toList();
        } catch (SdkException e) {
            throw S3Failures.of(location.of(prefix), e);
        }
    }

    private boolean isEmpty(String folder) throws IOException {
        try {
            return connection
                    .client()
                    .listObjectsV2(request ->
                            request.bucket(location.bucket()).prefix(folder).maxKeys(1))
                    .contents()
                    .isEmpty();
        } catch (SdkException e) {
            throw S3Failures.of(location.of(folder), e);
        }
    }
}
