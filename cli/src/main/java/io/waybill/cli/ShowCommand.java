package io.waybill.cli;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows one run. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows all that the manifest knows of a run, and what can be done about it.")
final class ShowCommand extends StoreCommand {

    @Parameters(paramLabel = "RUN", description = "The run as 'list' and 'pending' name it.")
    private String run = "";

    private ShowCommand() {}

    @Override
    public Integer call() throws IOException {
        RunId named = new RunId(run);
        try (RunManifestStore store = readStore()) {
            RunManifest manifest = RunManifest.over(store);
            RunRecord record = manifest.find(named)
                    .or(() -> run.endsWith("/") ? Optional.empty() : manifest.find(new RunId(run + "/")))
                    .orElseGet(() -> RunRecord.none(named));
            format().printFields(tableOf(record, store.now()));
        }
        return ExitCode.DONE;
    }

    private static Table tableOf(RunRecord record, Instant now) {
        boolean known = record.version() > 0;
        boolean processing = record.state() == RunState.PROCESSING;
        List<String> columns = new ArrayList<>(List.of(
                "run", "state", "version", "failures", "at", "age", "owner", "until", "retry_at", "token", "next"));
        List<@Nullable Object> cells = new ArrayList<>();
        cells.add(record.id());
        cells.add(record.state());
        cells.add(record.version());
        cells.add(record.attempts());
        cells.add(known ? record.at() : null);
        cells.add(known ? Durations.show(nonNegative(Duration.between(record.at(), now))) : null);
        cells.add(known ? record.owner() : null);
        cells.add(processing ? record.leaseUntil() : null);
        cells.add(record.retryAt());
        cells.add(known ? record.token() : null);
        cells.add(next(record, now));
        record.details().forEach((name, value) -> {
            columns.add("details." + name);
            cells.add(value);
        });
        Table table = new Table(columns.toArray(String[]::new));
        table.add(cells.toArray());
        return table;
    }

    /** What can be done about a run in this state. */
    static String next(RunRecord record, Instant now) {
        return switch (record.state()) {
            case NEW ->
                record.version() == 0
                        ? "nothing is known of it: the next pass takes it if it is there"
                        : "the next pass takes it";
            case PROCESSING ->
                record.isHeldAt(now)
                        ? "a worker has it; 'waybill release' takes it away from one that is known to be gone"
                        : "its worker is gone or stopped: the next pass takes it over";
            case FAILED ->
                record.retryAt() == null
                        ? "has failed too often: 'waybill retry' when the reason is mended, or 'waybill mark --as skipped'"
                        : "the next pass from " + record.retryAt() + " on tries it again; 'waybill retry' at once";
            case PROCESSED -> "done; 'waybill forget' has it processed once more";
            case SKIPPED -> "not to be processed; 'waybill forget' takes that back";
        };
    }

    private static Duration nonNegative(Duration span) {
        return span.isNegative() ? Duration.ZERO : span;
    }
}
