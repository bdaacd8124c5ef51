package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {

    @TempDir
    private Path folder;

    private Workbench bench;

    @BeforeEach
    void transform() throws IOException {
        bench = new Workbench(folder);
        bench.waybill("init");
        bench.writeRuns(5, 1);
        assertThat(bench.transform().code()).isZero();
    }

    @Test
    void whereNothingHasChangedThereIsNoFinding() throws IOException {
        Result result = verify();
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.rows()).isEmpty();
        assertThat(result.err()).contains("5 runs verified, 0 findings");
    }

    @Test
    void lateFilesLostRunsLostOutputAndOutputOfNoRecordAreFound() throws IOException {
        bench.write(Workbench.run(0) + "/late.gz", bench.events(1));
        remove(bench.archive.resolve(Workbench.run(1)));
        remove(bench.output.resolve(Workbench.run(2)));
        bench.waybill("forget", Workbench.run(3));
        Map<String, String> before = bench.states(bench.store);

        Result result = verify();
        assertThat(result.code()).isEqualTo(ExitCode.FINDINGS);
        assertThat(result.column("finding"))
                .isEqualTo(Map.of(
                        Workbench.run(0) + "/", "DRIFTED",
                        Workbench.run(1) + "/", "VANISHED",
                        Workbench.run(2) + "/", "OUTPUT MISSING",
                        Workbench.run(3) + "/", "ORPHANED"));
        assertThat(bench.states(bench.store)).as("it changes nothing").isEqualTo(before);
        assertThat(verify("--since=2026-03-01T01:00:00Z", "--until=2026-03-01T02:00:00Z")
                        .column("finding"))
                .containsEntry(Workbench.run(1) + "/", "VANISHED")
                .doesNotContainKey(Workbench.run(0) + "/");
    }

    @Test
    void runsOfACommandAreVerifiedToo() throws IOException {
        bench.write(Workbench.run(7) + "/part-0", bench.events(1));
        assertThat(bench.waybill("run", bench.archive.toString(), "--", "true").code())
                .isZero();
        assertThat(verify().code()).isZero();
        bench.write(Workbench.run(7) + "/part-0", bench.events(2));
        assertThat(verify().column("finding")).isEqualTo(Map.of(Workbench.run(7) + "/", "DRIFTED"));
    }

    @Test
    void anOutputThatTransformHasNotWrittenIsNotLookedAtAndThatIsSaid() throws IOException {
        try (RunManifestStore store = RunManifestStores.open(bench.store)) {
            RunManifest manifest = RunManifest.over(store);
            ClaimResult claim = manifest.claim(new RunId(Workbench.run(9) + "/"), Duration.ofHours(1));
            manifest.commit(((ClaimResult.Granted) claim).claim(), Map.of("output", "postgres://warehouse/events"));
        }
        Result result = verify();
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("1 output not looked at");
    }

    @Test
    void whatWasMarkedByHandHasNoFingerprintAndOtherArchivesAreNotJudged() throws IOException {
        bench.waybill("mark", "by-hand/");
        Path other = Files.createDirectories(folder.resolve("other"));
        Result result = bench.waybill("verify", "--output=json", other.toString());
        assertThat(result.rows()).isEmpty();
        assertThat(result.err()).contains("0 runs verified, 0 findings, 1 without a fingerprint, 5 of other archives");
    }

    @Test
    void whereNoRecordCouldBeVerifiedAllIsNotAsItWas() throws IOException {
        String before = bench.archive.toString();
        Path moved = Files.move(bench.archive, folder.resolve("moved"));
        Result result = bench.waybill("verify", moved.toString());
        assertThat(result.code()).isEqualTo(ExitCode.FINDINGS);
        assertThat(result.err())
                .doesNotContain("all is as it was")
                .contains("0 runs verified, 0 findings")
                .contains("waybill: nothing was verified: no record is of the archive " + moved)
                .contains("5 are of others, such as " + before);

        assertThat(bench.waybill("mark", "--job=hand", Workbench.run(0) + "/").code())
                .isZero();
        Result byHand = bench.waybill("verify", "--job=hand", moved.toString());
        assertThat(byHand.code()).isEqualTo(ExitCode.FINDINGS);
        assertThat(byHand.err())
                .doesNotContain("all is as it was")
                .contains("nothing was verified: no fingerprint is with 1 record;");
        assertThat(bench.waybill("verify", "--job=nobody", moved.toString()).code())
                .as("no record, so nothing that could be verified")
                .isZero();
    }

    private Result verify(String... options) {
        String[] words = new String[options.length + 2];
        words[0] = "--output=json";
        words[1] = bench.archive.toString();
        System.arraycopy(options, 0, words, 2, options.length);
        return bench.waybill("verify", words);
    }

    private static void remove(Path run) throws IOException {
        for (String name : Workbench.namesIn(run)) {
            Files.delete(run.resolve(name));
        }
        Files.delete(run);
    }
}
