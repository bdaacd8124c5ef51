package io.waybill.cli;

import io.waybill.manifest.RunProcessor;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How a command claims runs, and what it makes of those that fail. */
final class ClaimChoice {

    @Option(
            names = "--lease",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "How long a claim outlives this process if it is killed; renewed meanwhile. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Duration lease = RunProcessor.DEFAULT_LEASE;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often a run may fail before it needs 'waybill retry'. Default: ${DEFAULT-VALUE}.")
    private int maxAttempts;

    @Option(
            names = "--retry-after",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "How long a failed run waits for its next attempt. Default: ${DEFAULT-VALUE}.")
    private Duration retryAfter = Duration.ZERO;

    @Option(names = "--in-order", description = "One run at a time, and none while an earlier one is not done.")
    private boolean inOrder;

    Duration lease() {
        return lease;
    }

    int maxAttempts() {
        return maxAttempts;
    }

    Duration retryAfter() {
        return retryAfter;
    }

    boolean inOrder() {
        return inOrder;
    }
}
