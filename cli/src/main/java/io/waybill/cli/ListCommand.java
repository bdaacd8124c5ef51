package io.waybill.cli;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.RunState;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the records of the manifest. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the runs that the manifest knows, in the order of their names.")
final class ListCommand extends StoreCommand {

    @Option(
            names = "--state",
            split = ",",
            paramLabel = "STATE",
            description = "Only runs in these states: ${COMPLETION-CANDIDATES}.")
    private Set<RunState> states = EnumSet.allOf(RunState.class);

    @Option(names = "--prefix", paramLabel = "TEXT", defaultValue = "", description = "Only runs whose name begins so.")
    private String prefix = "";

    @Mixin
    private TimeRange range = new TimeRange();

    private ListCommand() {}

    @Override
    public Integer call() throws IOException {
        Predicate<RunId> inRange = range.filter();
        Table table = new Table("run", "state", "version", "failures", "at", "until", "owner", "details");
        String nothing;
        try (RunManifestStore store = readStore();
                Stream<RunRecord> records = RunManifest.over(store).records(RunRange.startingWith(prefix))) {
            records.filter(record -> states.contains(record.state()) && inRange.test(record.id()))
                    .forEach(record -> add(record, table));
            boolean allAreAskedFor = states.size() == RunState.values().length && prefix.isEmpty();
            nothing = allAreAskedFor ? store + " knows no run" : "there is no such run in " + store;
        }
        format().print(table, range.whyNone(nothing));
        return ExitCode.DONE;
    }

    private static void add(RunRecord record, Table table) {
        Map<String, String> shown = new TreeMap<>(record.details());
        Map<String, String> fields = new LinkedHashMap<>();
        if (record.retryAt() != null) {
            shown.put("retry_at", record.retryAt().toString());
            fields.put("retry_at", record.retryAt().toString());
        }
        record.details().forEach((name, value) -> fields.put("details." + name, value));
        String details = shown.entrySet().stream()
                .map(detail -> detail.getKey() + "=" + detail.getValue())
                .collect(Collectors.joining(" "));
        table.addWith(
                fields,
                record.id().key(),
                record.state(),
                record.version(),
                record.attempts(),
                record.at(),
                record.state() == RunState.PROCESSING ? record.leaseUntil() : null,
                record.owner(),
                details);
    }
}
