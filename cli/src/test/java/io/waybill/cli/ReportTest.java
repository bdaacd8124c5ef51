package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.HtmlReport.Trouble;
import io.waybill.cli.RunCensus.Gap;
import io.waybill.cli.RunCensus.Kind;
import io.waybill.cli.Workbench.Result;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code report}, and {@code status} with its grid and its alarms. */
class ReportTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void thePageShowsEachStateTheReasonsAndTheNextCommand() throws IOException {
        Workbench bench = new Workbench(folder);
        bench.waybill("init");
        bench.writeRuns(6, 1);
        bench.transform("--until=2026-03-01T02:00:00Z");
        bench.write(Workbench.run(0) + "/late", bench.events(1));
        try (RunManifestStore store = RunManifestStores.open(bench.store)) {
            RunManifest manifest = RunManifest.builder(store).maxAttempts(1).build();
            ClaimResult.Granted claim =
                    (ClaimResult.Granted) manifest.claim(new RunId(Workbench.run(2) + "/"), Duration.ofHours(1));
            manifest.fail(claim.claim(), new IOException("<script>alert(1)</script> & \"more\""), Duration.ZERO);
            manifest.claim(new RunId(Workbench.run(3) + "/"), Duration.ofMillis(1));
        }
        Path file = Files.writeString(folder.resolve("report.html"), "an older one");

        Result result = bench.waybill(
                "report",
                "--html=" + file,
                "--archive=" + bench.archive,
                "--verify",
                "--from=2026-03-01",
                "--output=json");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.rows())
                .extracting(
                        row -> row.get("state").asText() + " " + row.get("runs").asInt())
                .containsExactly("PROCESSED 1", "NEW 2", "DRIFTED 1", "STUCK 1", "FAILED 1");
        String page = Files.readString(file);
        assertThat(page)
                .contains("waybill retry " + Workbench.run(2))
                .contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;")
                .contains("waybill release " + Workbench.run(3))
                .contains("waybill forget " + Workbench.run(0))
                .contains("Runs start every 1h0m as a rule. None is missing")
                .contains("40 events")
                .contains("default-src 'none'")
                .endsWith("</html>\n")
                .doesNotContain("<script")
                .doesNotContainPattern("(src|href)=\"(?!data:)")
                .doesNotContain("url(", "@import");
        assertThat(Workbench.namesIn(folder)).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void anEmptyManifestIsAPageToo() throws IOException {
        Workbench bench = new Workbench(folder);
        bench.waybill("init");
        assertThat(bench.waybill("report", "--html=" + folder.resolve("r.html")).code())
                .isZero();
        assertThat(folder.resolve("r.html")).content().contains("knows no run yet");
        assertThat(bench.waybill("report").code()).isEqualTo(ExitCode.USAGE);
        assertThat(bench.waybill("report", "--verify", "--html=" + folder.resolve("r.html"))
                        .code())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aFolderThatIsNotThereIsNamedAsItWasGiven() throws IOException {
        Workbench bench = new Workbench(folder);
        bench.waybill("init");
        Path nowhere = folder.resolve("nowhere");
        Result result = bench.waybill("report", "--html=" + nowhere.resolve("r.html"));
        assertThat(result.code()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("waybill: there is no file or folder " + nowhere + System.lineSeparator());
    }

    @Test
    void fiftyThousandRunsMakeAPageOfASensibleSize() throws IOException {
        StringBuilder page = new StringBuilder();
        write(50_000, page);
        assertThat(page.length()).isBetween(100_000, 1_000_000);
        assertThat(page.toString().matches("(?s).*<summary>\\d+ more</summary>.*"))
                .isTrue();
    }

    /** A page of so many hourly runs in all states. */
    static void write(int runs, Appendable page) throws IOException {
        Random random = new Random(7);
        RunCensus census = new RunCensus();
        List<Trouble> troubles = new ArrayList<>();
        Kind[] kinds = Kind.values();
        for (int i = 0; i < runs; i++) {
            if (random.nextInt(100) == 0) {
                continue; // missing
            }
            Instant start = START.minus(Duration.ofHours(runs - i));
            RunId run = new RunId("enriched/archive/run=%s/"
                    .formatted(start.toString().replaceAll("[T:]", "-").replace("Z", "")));
            Kind kind = random.nextInt(60) == 0 ? kinds[random.nextInt(kinds.length)] : Kind.PROCESSED;
            kind = kind == Kind.MISSING ? Kind.PROCESSED : i > runs - 3 ? Kind.NEW : kind;
            long events = 20_000L + random.nextInt(5_000);
            census.add(
                    run,
                    kind,
                    Map.of(
                            "bytes", Long.toString(events * 350),
                            "events", Long.toString(events),
                            "took_ms", Long.toString(events / 3)));
            if (kind.compareTo(Kind.ARCHIVED) >= 0) {
                troubles.add(new Trouble(
                        run.key(),
                        kind,
                        start.toString(),
                        "part-00003.gz: unexpected end of ZLIB input stream",
                        "waybill retry " + run));
            }
        }
        List<Gap> gaps = census.gaps();
        census.countMissing(gaps);
        new HtmlReport(page).write("Runs of DynamoDB table runs job sessions", START, census, gaps, troubles);
    }

    @Test
    void gapsAreFoundByTheUsualStep() {
        RunCensus census = new RunCensus();
        for (int hour : new int[] {0, 1, 2, 3, 6, 7, 9}) {
            census.add(new RunId(Workbench.run(hour) + "/"), Kind.PROCESSED, Map.of());
        }
        census.add(new RunId(Workbench.run(7) + "-replay/"), Kind.FAILED, Map.of());
        assertThat(census.rhythm()).contains(Duration.ofHours(1));
        List<Gap> gaps = census.gaps();
        assertThat(gaps).containsExactly(new Gap(hour(3), hour(6), 2), new Gap(hour(7), hour(9), 1));
        census.countMissing(gaps);
        assertThat(census.days()).hasSize(1);
        assertThat(census.days().values().iterator().next().counts)
                .isEqualTo(Map.of(Kind.PROCESSED, 7, Kind.FAILED, 1, Kind.MISSING, 3));
        assertThat(census.isLate(hour(11))).isFalse();
        assertThat(census.isLate(hour(13))).isTrue();
    }

    @Test
    void ofFewRunsThereIsNoRhythm() {
        RunCensus census = new RunCensus();
        for (int hour : new int[] {0, 1, 9}) {
            census.add(new RunId(Workbench.run(hour) + "/"), Kind.PROCESSED, Map.of());
        }
        census.add(new RunId("of no time"), Kind.PROCESSED, Map.of());
        assertThat(census.rhythm()).isEmpty();
        assertThat(census.gaps()).isEmpty();
        assertThat(census.isLate(Instant.MAX)).isFalse();
    }

    @Test
    void theGridHasASignForEachHour() throws IOException {
        String store = memory();
        mark(store, 0, 1, 2, 4, 26);
        Workbench.call("mark", store, "--as=skipped", Workbench.run(5) + "/");
        Result grid = Workbench.call("status", store, "--grid");
        assertThat(grid.code()).isZero();
        assertThat(grid.out().lines())
                .containsExactly(
                        "            00    06    12    18",
                        "2026-03-01  ###.#s..................  1 skipped, 19 missing",
                        "2026-03-02  ..#                       2 missing",
                        "# processed   s skipped   . missing in the rhythm");
        assertThat(Workbench.call("status", store, "--grid", "--output=json").rows())
                .extracting(row -> row.get("day").asText()
                        + row.get("state").asText()
                        + row.get("runs").asInt())
                .containsExactly(
                        "2026-03-01PROCESSED4",
                        "2026-03-01SKIPPED1",
                        "2026-03-01MISSING19",
                        "2026-03-02PROCESSED1",
                        "2026-03-02MISSING2");
    }

    @Test
    void statusEndsWithFindingsWhereItIsAskedTo() {
        String store = memory();
        assertThat(Workbench.call("status", store, "--fail-on=failed,stuck,gaps")
                        .code())
                .isZero();
        Result nothing = Workbench.call("status", store, "--fail-on=late");
        assertThat(nothing.code()).as("no run at all").isEqualTo(ExitCode.FINDINGS);
        assertThat(nothing.err()).contains("[LATE]");
        mark(store, 0, 1, 2, 4);
        assertThat(Workbench.call("status", store).code()).isZero();
        assertThat(Workbench.call("status", store, "--fail-on=failed,stuck").code())
                .isZero();
        Result gaps = Workbench.call("status", store, "--fail-on=gaps,late");
        assertThat(gaps.code()).isEqualTo(ExitCode.FINDINGS);
        assertThat(gaps.err()).contains("[GAPS, LATE]");
        assertThat(Workbench.call("status", store, "--fail-on=rain").code()).isEqualTo(ExitCode.USAGE);
        try (RunManifestStore opened = RunManifestStores.open(store.replace("--store=", ""))) {
            RunManifest manifest = RunManifest.builder(opened).maxAttempts(1).build();
            ClaimResult.Granted claim = (ClaimResult.Granted) manifest.claim(new RunId("a"), Duration.ofHours(1));
            manifest.fail(claim.claim(), new IOException("no"), Duration.ZERO);
        }
        assertThat(Workbench.call("status", store, "--fail-on=failed").code()).isEqualTo(ExitCode.FINDINGS);
    }

    private static String memory() {
        String store = "--store=jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(PostgresServer.newName());
        Workbench.call("init", store);
        return store;
    }

    private static void mark(String store, int... runs) {
        for (int run : runs) {
            Workbench.call("mark", store, Workbench.run(run) + "/");
        }
    }

    private static Instant hour(int number) {
        return START.plus(Duration.ofHours(number));
    }
}
