package io.waybill.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** The requests that writing to a bucket takes, and what S3's answers mean. The SDK repeats them where that may help. */
final class S3Writes {

    private static final String DRAFT = "waybill-draft"; // metadata of each object: the id of the draft it is part of
    private static final int LONGEST_MARKER = 16 * 1024;

    private final S3Connection connection;
    private final S3Location location;

    S3Writes(S3Connection connection, S3Location location) {
        this.connection = connection;
        this.location = location;
    }

    /** What an object holds, or the beginning of it, and the etag that is the condition to replace it. */
    record Content(String text, String etag) {}

    /** Where an object is, as a person would write it. */
    String where(String key) {
        return location.of(key);
    }

    Optional<Content> read(String key) throws IOException {
        try (ResponseInputStream<GetObjectResponse> body =
                client().getObject(request -> request.bucket(bucket()).key(key))) {
            byte[] bytes = body.readNBytes(LONGEST_MARKER);
            body.abort(); // who knows how long it is
            return Optional.of(
                    new Content(new String(bytes, UTF_8), body.response().eTag()));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw S3Failures.of(where(key), e);
        }
    }

    /**
     * Writes an object if it is still what was read; false if it is not.
     *
     * @param there what was read, null for nothing
     */
    boolean replace(String key, @Nullable Content there, String text) throws IOException {
        return holds(
                key,
                () -> client().putObject(
                                request -> request.bucket(bucket())
                                        .key(key)
                                        .contentType("application/json")
                                        .ifNoneMatch(there == null ? "*" : null)
                                        .ifMatch(there == null ? null : there.etag()),
                                RequestBody.fromString(text)));
    }

    /** Deletes an object if it is still what was read; false if it is not. */
    boolean delete(String key, Content there) throws IOException {
        return holds(
                key,
                () -> client().deleteObject(
                                request -> request.bucket(bucket()).key(key).ifMatch(there.etag())));
    }

    /** Whether a request was not refused for its condition. */
    private boolean holds(String key, Runnable request) throws IOException {
        try {
            request.run();
            return true;
        } catch (AwsServiceException e) {
            // 412: it does not hold; 409: somebody else is changing the object; no such key: there is nothing to match
            if (e.statusCode() == 412 || e.statusCode() == 409 || e instanceof NoSuchKeyException) {
                return false;
            }
            throw S3Failures.of(where(key), e);
        } catch (SdkException e) {
            throw S3Failures.of(where(key), e);
        }
    }

    /** Begins the upload of an object; the answer is its id. S3 then wants the same checksum with each part, and again at the end. */
    String begin(String key, String draft) throws IOException {
        return asked(
                key,
                () -> client().createMultipartUpload(request -> request.bucket(bucket())
                                .key(key)
                                .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                                .metadata(Map.of(DRAFT, draft)))
                        .uploadId());
    }

    /** Sends a part, whose bytes must stay as they are meanwhile: it may be sent more than once. */
    CompletedPart send(String key, String upload, int number, byte[] bytes, int length) throws IOException {
        RequestBody body = RequestBody.fromContentProvider(
                () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
        String checksum = crc32(bytes, length);
        UploadPartResponse sent = asked(
                key,
                () -> client().uploadPart(
                                request -> request.bucket(bucket())
                                        .key(key)
                                        .uploadId(upload)
                                        .partNumber(number)
                                        .checksumCRC32(checksum),
                                body));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(sent.eTag())
                .checksumCRC32(checksum)
                .build();
    }

    private static String crc32(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        byte[] sum =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
        return Base64.getEncoder().encodeToString(sum);
    }

    /** Makes an object of its parts, in a place where there is none. */
    void complete(String key, String upload, List<CompletedPart> parts, String draft) throws IOException {
        try {
            client().completeMultipartUpload(request -> request.bucket(bucket())
                    .key(key)
                    .uploadId(upload)
                    .ifNoneMatch("*")
                    .multipartUpload(completed -> completed.parts(parts)));
        } catch (AwsServiceException e) {
            // an answer was lost, the SDK asked again, and the upload had ended by then?
            boolean inTheWay = e.statusCode() == 412;
            if ((inTheWay || e instanceof NoSuchUploadException) && isPartOf(draft, key)) {
                return;
            }
            throw inTheWay
                    ? new IOException(
                            "%s: is there already: does another manifest or job write here?".formatted(where(key)), e)
                    : S3Failures.of(where(key), e);
        } catch (SdkException e) {
            throw S3Failures.of(where(key), e);
        }
    }

    private boolean isPartOf(String draft, String key) throws IOException {
        try {
            return draft.equals(
                    client().headObject(request -> request.bucket(bucket()).key(key))
                            .metadata()
                            .get(DRAFT));
        } catch (NoSuchKeyException e) {
            return false;
        } catch (SdkException e) {
            throw S3Failures.of(where(key), e);
        }
    }

    /** Gives an upload up, unless it has ended. */
    void abort(String key, String upload) throws IOException {
        try {
            client().abortMultipartUpload(
                            request -> request.bucket(bucket()).key(key).uploadId(upload));
        } catch (NoSuchUploadException e) {
            return;
        } catch (SdkException e) {
            throw S3Failures.of(where(key), e);
        }
    }

    /**
     * Gives up uploads and deletes objects whose keys begin so: in this order, so that what is completed just then does not
     * stay.
     */
    void remove(String prefix, Predicate<String> isUploadToAbort, Predicate<String> isObjectToDelete)
            throws IOException {
        try {
            for (MultipartUpload upload : client().listMultipartUploadsPaginator(
                            request -> request.bucket(bucket()).prefix(prefix))
                    .uploads()) {
                if (isUploadToAbort.test(upload.key())) {
                    abort(upload.key(), upload.uploadId());
                }
            }
            for (ListObjectsV2Response page : client().listObjectsV2Paginator(
                            request -> request.bucket(bucket()).prefix(prefix))) {
                List<ObjectIdentifier> objects = page.contents().stream()
                        .map(S3Object::key)
                        .filter(isObjectToDelete)
                        .map(key -> ObjectIdentifier.builder().key(key).build())
                        .toList();
                if (!objects.isEmpty()) {
                    delete(objects);
                }
            }
        } catch (SdkException e) {
            throw S3Failures.of(where(prefix), e);
        }
    }

    private void delete(List<ObjectIdentifier> objects) throws IOException {
        List<S3Error> kept = client().deleteObjects(request -> request.bucket(bucket())
                        .delete(delete -> delete.objects(objects).quiet(true)))
                .errors();
        if (!kept.isEmpty()) {
            S3Error first = kept.get(0);
            throw new IOException("%s: was not deleted: %s, %s"
                    .formatted(where(first.key()), first.code(), Names.visible(String.valueOf(first.message()))));
        }
    }

    private <T> T asked(String key, Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (SdkException e) {
            throw S3Failures.of(where(key), e);
        }
    }

    private S3Client client() {
        return connection.client();
    }

    private String bucket() {
        return location.bucket();
    }
}
