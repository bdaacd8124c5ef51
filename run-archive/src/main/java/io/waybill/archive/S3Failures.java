package io.waybill.archive;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;

/** What a failure of the SDK says about a request. */
final class S3Failures {

    private static final Set<String> OTHER_REGION = Set.of(
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException",
            "PermanentRedirect",
            "TemporaryRedirect");

    private S3Failures() {}

    /** The exception for a request, which has the cause. */
    static IOException of(String where, SdkException e) {
        IOException told = told(where, e);
        told.initCause(e);
        return told;
    }

    private static IOException told(String where, SdkException e) {
        if (e instanceof AbortedException) {
            return new InterruptedIOException("%s: interrupted".formatted(where));
        }
        if (e instanceof NoSuchBucketException) {
            return new NoSuchFileException(where, null, "there is no such bucket");
        }
        if (e instanceof NoSuchUploadException) {
            return new IOException(
                    "%s: the upload is gone: given up by the next claim on the run, or by a lifecycle rule"
                            .formatted(where));
        }
        if (e instanceof AwsServiceException service) {
            return answered(where, service);
        }
        return isWithoutCredentials(e)
                ? new AccessDeniedException(where, null, "there are no AWS credentials: " + message(e))
                : new IOException("%s: S3 was not reached: %s".formatted(where, message(e)));
    }

    private static IOException answered(String where, AwsServiceException e) {
        String region = e.awsErrorDetails() == null
                ? ""
                : e.awsErrorDetails()
                        .sdkHttpResponse()
                        .firstMatchingHeader("x-amz-bucket-region")
                        .orElse("");
        if (OTHER_REGION.contains(code(e)) || e.statusCode() == 301 || e.statusCode() == 307) {
            String there = region.isEmpty() ? "another region" : "the region " + region;
            return new IOException(
                    "%s: the bucket is in %s: set AWS_REGION to it (%s)".formatted(where, there, message(e)));
        }
        return switch (e.statusCode()) {
            case 404 -> new NoSuchFileException(where, null, "is not there (any more)");
            case 412 -> new IOException("%s: was replaced by another object since it was listed".formatted(where));
            case 401, 403 ->
                code(e).equals("InvalidObjectState")
                        ? new IOException(
                                "%s: is archived and must be restored first (%s)".formatted(where, message(e)))
                        : new AccessDeniedException(where, null, "access was refused: " + message(e));
            default ->
                new IOException("%s: S3 did not do it, asked %s times: %s"
                        .formatted(where, e.numAttempts() == null ? 1 : e.numAttempts(), message(e)));
        };
    }

    private static boolean isWithoutCredentials(SdkException e) {
        return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).startsWith("unable to load credentials");
    }

    private static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
    }

    private static String message(SdkException e) {
        String message = e instanceof AwsServiceException service && service.awsErrorDetails() != null
                ? "status %d, %s: %s"
                        .formatted(
                                service.statusCode(),
                                code(service),
                                service.awsErrorDetails().errorMessage())
                : String.valueOf(e.getMessage());
        return Names.visible(message);
    }
}
