package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.cli.Workbench.Result;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What scripts rely on: every exit code, and that standard output holds the documented JSON and nothing else. */
@EnabledOnOs({OS.LINUX, OS.MAC}) // others cannot run commands
class ScriptingTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "scripting.md");
    private static final String FIRST = Workbench.run(0) + "/";
    private static final String SECOND = Workbench.run(1) + "/";

    @TempDir
    private Path folder;

    private Workbench bench;

    @BeforeEach
    void init() throws IOException {
        bench = Workbench.initialised(folder);
        bench.writeRuns(4, 1);
    }

    /** 130 is that of {@link InterruptTest} and {@link RunCommandTest}, which need a process. */
    @Test
    void everyExitCodeIsThatOfTheDocument() throws IOException {
        String archive = bench.archive.toString();
        Map<Integer, Result> results = new TreeMap<>();
        results.put(0, bench.waybill("list"));
        results.put(1, bench.waybill("pending", folder.resolve("nowhere").toString()));
        results.put(2, bench.waybill("list", "--no-such-option"));
        results.put(3, bench.waybill("run", archive, "--until=2026-03-01T01:00:00Z", "--", "false"));
        bench.waybill("run", archive, "--until=2026-03-01T01:00:00Z", "--max-attempts=1", "--", "false");
        results.put(4, bench.waybill("status", "--fail-on=failed"));
        results.put(10, bench.waybill("list", "--store=jdbc:h2:file:" + folder.resolve("none")));
        try (RunManifestStore store = RunManifestStores.open(bench.store)) {
            RunManifest.over(store).claim(new RunId(SECOND), Duration.ofHours(1));
        }
        results.put(11, bench.waybill("mark", SECOND));
        String table = PostgresServer.newName();
        String role = PostgresServer.newName();
        Workbench.call("init", "--store", PostgresServer.url("postgres") + "&table=" + table);
        PostgresServer.sql("CREATE ROLE %s LOGIN".formatted(role));
        results.put(12, Workbench.call("list", "--store", PostgresServer.url(role) + "&table=" + table));

        results.forEach((code, result) -> {
            assertThat(result.code()).as(result.err()).isEqualTo(code);
            if (code != 0 && code != 3) {
                assertThat(result.err()).contains("waybill: ");
            }
        });
        assertThat(codesOf(Files.readString(DOCUMENT)))
                .isEqualTo(Set.of(0, 1, 2, 3, 4, 10, 11, 12, 130))
                .isEqualTo(codesOf(Workbench.call("--help").out()));
    }

    @Test
    void theJsonOfEveryCommandHasTheFieldsOfTheDocumentAndStandardOutputNothingElse() throws IOException {
        Map<String, Set<String>> documented = documentedFields();
        String archive = bench.archive.toString();
        String target = "jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(PostgresServer.newName());
        Workbench.call("init", "--store", target);
        Map<String, Result> results = new TreeMap<>();

        results.put("pending", bench.waybill("pending", archive, "--output=json"));
        Files.writeString(bench.archive.resolve(SECOND).resolve("broken.gz"), "none");
        results.put("transform", bench.transform("--until=2026-03-01T02:00:00Z", "--max-attempts=1"));
        results.put(
                "run",
                bench.waybill(
                        "run", archive, "--until=2026-03-01T03:00:00Z", "--output=json", "--", "sh", "-c", "echo x"));
        try (RunManifestStore store = RunManifestStores.open(bench.store)) {
            RunManifest.over(store).claim(new RunId(Workbench.run(3) + "/"), Duration.ofMillis(1));
        }
        results.put("list", bench.waybill("list", "--output=json"));
        results.put("show", bench.waybill("show", SECOND, "--output=json"));
        results.put("status", bench.waybill("status", "--output=json"));
        results.put("status --grid", bench.waybill("status", "--grid", "--output=json"));
        results.put("doctor", bench.waybill("doctor", "--output=json"));
        results.put("report", bench.waybill("report", "--html=" + folder.resolve("r.html"), "--output=json"));
        results.put("copy", bench.waybill("copy", "--target", target, "--output=json"));
        Path backup = Files.writeString(
                folder.resolve("backup"), bench.waybill("export").out());
        results.put("import", bench.waybill("import", backup.toString(), "--output=json"));
        results.put("mark", bench.waybill("mark", "some/", "--output=json"));
        results.put("retry", bench.waybill("retry", SECOND, "--output=json"));
        results.put("forget", bench.waybill("forget", "some/", "--output=json"));
        results.put("release", bench.waybill("release", Workbench.run(3) + "/", "--output=json"));
        bench.write(FIRST + "late", bench.events(1));
        results.put("verify", bench.waybill("verify", archive, "--output=json"));

        for (Map.Entry<String, Result> call : results.entrySet()) {
            List<JsonNode> rows = call.getValue().rows(); // which is strict
            assertThat(rows).as(call.getKey()).isNotEmpty();
            Set<String> fields = documented.get(call.getKey());
            assertThat(fields).as(call.getKey()).isNotNull();
            for (JsonNode row : rows) {
                row.fieldNames()
                        .forEachRemaining(
                                field -> assertThat(fields).as(call.getKey()).contains(withoutName(field)));
            }
        }
        assertThat(results.keySet()).as("all that are documented").isEqualTo(documented.keySet());
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : Workbench.call("completion")
                .out()
                .lines()
                .filter(line ->
                        line.startsWith("  local commands=\"doctor") || line.startsWith("  local commands=\"demo"))
                .findFirst()
                .orElse("")
                .replaceFirst(".*\"(.*)\".*", "$1")
                .split(" ", -1)) {
            Result help = Workbench.call(command, "--help");
            assertThat(help.code()).as(command).isZero();
            assertThat(help.out()).as(command).contains("Usage: waybill " + command);
        }
    }

    /** The details of a run have names of their own. */
    private static String withoutName(String field) {
        return field.startsWith("details.") ? "details.NAME" : field;
    }

    /** The rows {@code | `command` | `field`, `field` |} of the document. */
    private static Map<String, Set<String>> documentedFields() throws IOException {
        Map<String, Set<String>> fields = new TreeMap<>();
        Pattern row = Pattern.compile("\\| (`[a-z`, -]+`) \\| (`[^|]*`)[^|]*\\|");
        Files.readString(DOCUMENT)
                .lines()
                .forEach(line -> row.matcher(line).results().forEach(match -> {
                    for (String command : match.group(1).replace("`", "").split(", ", -1)) {
                        fields.put(
                                command,
                                new TreeSet<>(
                                        List.of(match.group(2).replace("`", "").split(", ", -1))));
                    }
                }));
        return fields;
    }

    private static Set<Integer> codesOf(String text) {
        Set<Integer> codes = new TreeSet<>();
        Pattern.compile("(?m)^(?:\\| | {2})(\\d+) +(?:\\| )?\\w")
                .matcher(text)
                .results()
                .forEach(match -> codes.add(Integer.valueOf(match.group(1))));
        return codes;
    }
}
