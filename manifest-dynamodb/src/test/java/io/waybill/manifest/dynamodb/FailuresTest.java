package io.waybill.manifest.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.StoreSchemaMismatchException;
import io.waybill.manifest.StoreUnavailableException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Why a transaction was cancelled, where DynamoDB Local gives no reason. */
class FailuresTest {

    @ParameterizedTest
    @CsvSource({"ValidationError, true", "ThrottlingError, false", "ProvisionedThroughputExceeded, false"})
    void aTransactionThatIsNotOfTheTablesShapeSaysSoAndAnyOtherMayBeTriedLater(String code, boolean otherShape) {
        TransactionCanceledException cancelled = TransactionCanceledException.builder()
                .message("cancelled")
                .cancellationReasons(
                        CancellationReason.builder().code("None").build(),
                        CancellationReason.builder().code(code).build())
                .build();
        assertThat(Failures.answered("there", cancelled))
                .isInstanceOf(otherShape ? StoreSchemaMismatchException.class : StoreUnavailableException.class)
                .hasMessageStartingWith("there: ")
                .hasCause(cancelled);
    }
}
