package io.waybill.cli;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;

/** Takes runs from workers that are known to be gone. */
@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        description =
                "Makes runs that are being processed new again, without waiting for their leases, where a worker is"
                        + " known to be gone. One that still works loses its claim; failures before are still counted.")
final class ReleaseCommand extends OperatorCommand {

    private ReleaseCommand() {}

    @Override
    boolean applies(RunRecord record) {
        return record.state() == RunState.PROCESSING;
    }

    /** Only the claim that was seen is taken: a commit, or another claim, that comes in between wins. */
    @Override
    boolean decide(RunManifest manifest, RunManifestStore store, RunRecord seen) {
        return applies(seen)
                && store.compareAndPut(new RunRecord(
                        seen.id(),
                        seen.version() + 1,
                        RunState.NEW,
                        "waybill release",
                        UUID.randomUUID().toString(),
                        store.now(),
                        Duration.ZERO,
                        seen.attempts(),
                        null,
                        Map.of()));
    }

    @Override
    RunState done() {
        return RunState.NEW;
    }
}
