package io.waybill.manifest.dynamodb;

import io.waybill.manifest.ManifestException;
import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.StoreAccessDeniedException;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.StoreSchemaMismatchException;
import io.waybill.manifest.StoreUnavailableException;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** What a failure of the SDK says about a request. */
final class Failures {

    private static final Set<String> DENIED = Set.of(
            "AccessDeniedException",
            "AccessDenied",
            "ExpiredTokenException",
            "IncompleteSignatureException",
            "InvalidSignatureException",
            "MissingAuthenticationTokenException",
            "NotAuthorized",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException");

    private static final Set<String> OTHER_SHAPE =
            Set.of("ValidationException", "ValidationError", "SerializationException");

    private static final Set<String> PASSING =
            Set.of("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded");

    private Failures() {}

    /** The exception for a request that only read, or that did nothing. */
    static ManifestException answered(String where, SdkException e) {
        if (e instanceof ResourceNotFoundException) {
            return new StoreMissingException(
                    where + ": the table does not exist, or is still being made: create it first", e);
        }
        if (isDenied(e)) {
            return new StoreAccessDeniedException(where + ": access was refused: " + message(e), e);
        }
        if (e instanceof AwsServiceException service && isOfOtherShape(service)) {
            return new StoreSchemaMismatchException(
                    where + ": the table has another shape than this version reads: " + message(e), e);
        }
        return new StoreUnavailableException(where + ": DynamoDB did not do it: " + message(e), e);
    }

    /**
     * The exception for a write.
     *
     * <p>Only an answer of the service to the first attempt tells that nothing was written: the SDK repeats what failed,
     * and its last failure says nothing of the attempts before.
     */
    static ManifestException unanswered(String where, SdkException e) {
        boolean refused = e instanceof AwsServiceException service && service.statusCode() < 500;
        if ((refused && isFirst(e)) || isWithoutCredentials(e)) {
            return answered(where, e);
        }
        return new OutcomeUnknownException(where + ": DynamoDB's answer to a write was lost: " + message(e), e);
    }

    /** Passes on that a write met another's transaction, unless it was sent just once and so surely did nothing. */
    static void requireOnce(String where, SdkException e) {
        if (!isFirst(e)) {
            throw unanswered(where, e);
        }
    }

    /** Whether the SDK has sent a request no more than once. */
    static boolean isFirst(SdkException e) {
        Integer attempts = e.numAttempts();
        return attempts == null || attempts <= 1;
    }

    /** Whether a transaction was refused because of what is stored. */
    static boolean isConditionFailed(TransactionCanceledException e) {
        return codes(e).contains("ConditionalCheckFailed");
    }

    /** Why a transaction was refused, where that passes: the SDK does not try those again. Passes on every other reason. */
    static String passing(String where, TransactionCanceledException e) {
        return codes(e).stream()
                .filter(PASSING::contains)
                .findFirst()
                .map(code -> "transactions were cancelled with " + code)
                .orElseThrow(() -> answered(where, e));
    }

    private static List<String> codes(TransactionCanceledException e) {
        return e.cancellationReasons().stream().map(CancellationReason::code).toList();
    }

    private static boolean isOfOtherShape(AwsServiceException e) {
        return OTHER_SHAPE.contains(code(e))
                || (e instanceof TransactionCanceledException cancelled
                        && codes(cancelled).stream().anyMatch(OTHER_SHAPE::contains));
    }

    private static boolean isDenied(SdkException e) {
        return isWithoutCredentials(e) || (e instanceof AwsServiceException service && DENIED.contains(code(service)));
    }

    /** Nothing is sent without credentials; the SDK has no exception of its own for that. */
    private static boolean isWithoutCredentials(SdkException e) {
        return String.valueOf(e.getMessage()).startsWith("Unable to load credentials");
    }

    private static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
    }

    private static String message(SdkException e) {
        return e instanceof AwsServiceException service && service.awsErrorDetails() != null
                ? "%s: %s".formatted(code(service), service.awsErrorDetails().errorMessage())
                : String.valueOf(e.getMessage());
    }
}
