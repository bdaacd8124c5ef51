package io.waybill.manifest.dynamodb;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** How the records of a job lie in a table as items. The methods are those of the store. */
interface RunItems {

    Optional<RunRecord> find(RunId run);

    /** The records of distinct runs. */
    Map<RunId, RunRecord> findAll(List<RunId> runs);

    boolean compareAndPut(RunRecord next);

    Stream<RunRecord> list(RunRange range);

    /** A request that costs little and tells the time. */
    DynamoDbResponse anyRead(DynamoDbClient dynamo);

    /**
     * What a transaction must do to put a record, which fails if the stored one is not of the version before by then.
     *
     * @return at most two changes; empty if another version is seen already
     */
    List<TransactWriteItem> changes(RunRecord next);
}
