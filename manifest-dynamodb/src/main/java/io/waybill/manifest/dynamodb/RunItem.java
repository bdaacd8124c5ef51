package io.waybill.manifest.dynamodb;

import io.waybill.manifest.CorruptRecordException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A record as the attributes of an item, and both ways between them. What is empty or zero has no attribute. */
final class RunItem {

    static final String JOB = "Job";
    static final String RUN_ID = "RunId";
    static final String VERSION = "Version";

    private static final String STATE = "State";
    private static final String OWNER = "Owner";
    private static final String TOKEN = "Token";
    private static final String AT = "At";
    private static final String LEASE = "LeaseMs";
    private static final String ATTEMPTS = "Attempts";
    private static final String RETRY_AT = "RetryAt";
    private static final String DETAILS = "Details";

    private static final String ESCAPE = "\u0001";

    private RunItem() {}

    /** The item of a record, with its key. */
    static Map<String, AttributeValue> of(RunRecord record, Map<String, AttributeValue> key) {
        Map<String, AttributeValue> item = new HashMap<>(key);
        item.put(VERSION, number(record.version()));
        item.put(STATE, AttributeValue.fromS(record.state().name()));
        item.put(AT, number(record.at().toEpochMilli()));
        if (!record.owner().isEmpty()) {
            item.put(OWNER, AttributeValue.fromS(record.owner()));
        }
        if (!record.token().isEmpty()) {
            item.put(TOKEN, AttributeValue.fromS(record.token()));
        }
        if (!record.lease().isZero()) {
            item.put(LEASE, number(record.lease().toMillis()));
        }
        if (record.attempts() != 0) {
            item.put(ATTEMPTS, number(record.attempts()));
        }
        Instant retryAt = record.retryAt();
        if (retryAt != null) {
            item.put(RETRY_AT, number(retryAt.toEpochMilli()));
        }
        if (!record.details().isEmpty()) {
            Map<String, AttributeValue> details = new HashMap<>();
            record.details().forEach((name, text) -> details.put(attribute(name), AttributeValue.fromS(text)));
            item.put(DETAILS, AttributeValue.fromM(details));
        }
        return item;
    }

    /** The record of a run that an item holds. */
    static RunRecord read(String where, String run, Map<String, AttributeValue> item) {
        try {
            Map<String, String> details = new TreeMap<>();
            AttributeValue map = item.get(DETAILS);
            if (map != null) {
                map.m().forEach((name, text) -> details.put(detail(name), text.s()));
            }
            AttributeValue retryAt = item.get(RETRY_AT);
            return new RunRecord(
                    new RunId(run),
                    number(item, VERSION),
                    RunState.valueOf(text(item, STATE)),
                    text(item, OWNER),
                    text(item, TOKEN),
                    Instant.ofEpochMilli(number(item, AT)),
                    Duration.ofMillis(number(item, LEASE)),
                    Math.toIntExact(number(item, ATTEMPTS)),
                    retryAt == null ? null : Instant.ofEpochMilli(Long.parseLong(retryAt.n())),
                    details);
        } catch (IllegalArgumentException | NullPointerException | ArithmeticException | DateTimeException e) {
            throw new CorruptRecordException(
                    "%s: run '%s': the stored item is no record: %s".formatted(where, run, e.getMessage()), e);
        }
    }

    /** The attribute of a detail: no attribute's name is empty. */
    private static String attribute(String detail) {
        return detail.isEmpty() || detail.startsWith(ESCAPE) ? ESCAPE + detail : detail;
    }

    private static String detail(String attribute) {
        return attribute.startsWith(ESCAPE) ? attribute.substring(ESCAPE.length()) : attribute;
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    /** The run's key, or the part of it that an item of this table has. */
    static String runId(Map<String, AttributeValue> item) {
        return text(item, RUN_ID);
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value == null ? "" : value.s();
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value == null ? 0 : Long.parseLong(value.n());
    }
}
