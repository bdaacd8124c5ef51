package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Call;
import io.waybill.cli.Workbench.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(400)
class TwoAtOnceTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void processesThatStartAtOnceShareTheRunsAndEachIsProcessedOnce(int processes) throws Exception {
        Workbench bench = new Workbench(folder);
        Map<String, List<String>> input = bench.writeRuns(10, 2);

        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < processes; i++) { // none of them finds a store or an output folder
            calls.add(bench.start(
                    "transform", bench.archive.toString(), "--to", bench.output.toString(), "--output=json"));
        }
        List<String> processed = new ArrayList<>();
        for (Call call : calls) {
            Result result = call.end();
            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.err().lines())
                    .allSatisfy(line -> assertThat(line)
                            .matches("a new manifest, .*|run=.* processed: .*|.*\\d+ runs? processed .*|progress: .*"));
            result.results().forEach((run, what) -> {
                assertThat(what).isIn("PROCESSED", "HELD");
                if (what.equals("PROCESSED")) {
                    processed.add(run.replace("/", ""));
                }
            });
        }

        assertThat(processed).containsExactlyInAnyOrderElementsOf(input.keySet());
        assertThat(bench.published()).isEqualTo(input);
        assertThat(bench.states(bench.defaultStore()))
                .hasSize(input.size())
                .allSatisfy((run, state) -> assertThat(state).isEqualTo("PROCESSED"));
        assertThat(bench.workFolders()).isEmpty();
    }
}
