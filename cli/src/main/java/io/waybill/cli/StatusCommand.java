package io.waybill.cli;

import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Counts the records of the manifest. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Counts the runs that the manifest knows by what is to be done about them.")
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private StoreChoice storeChoice = new StoreChoice();

    @Mixin
    private FormatChoice format = new FormatChoice();

    private StatusCommand() {}

    private record Count(long runs, String first, String last) {
        Count plus(Count later) {
            return new Count(runs + later.runs, first, later.last);
        }
    }

    @Override
    public Integer call() throws IOException {
        Map<String, Count> counts = new TreeMap<>();
        try (RunManifestStore store = storeChoice.open();
                Stream<RunRecord> records = RunManifest.over(store).records(RunRange.all())) {
            Instant now = store.now();
            for (Iterator<RunRecord> each = records.iterator(); each.hasNext(); ) {
                RunRecord record = each.next();
                String run = record.id().key();
                counts.merge(kind(record, now), new Count(1, run, run), Count::plus);
            }
        }
        Table table = new Table("state", "runs", "first", "last");
        counts.forEach((kind, count) -> table.add(kind, count.runs(), count.first(), count.last()));
        format.print(table, "the manifest knows no run");
        return ExitCode.DONE;
    }

    private static String kind(RunRecord record, Instant now) {
        if (record.state() == RunState.PROCESSING && !record.isHeldAt(now)) {
            return "PROCESSING, lease over";
        }
        if (record.state() == RunState.FAILED && record.retryAt() == null) {
            return "FAILED for good";
        }
        return record.state().name();
    }
}
